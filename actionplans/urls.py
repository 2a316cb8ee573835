"""Step 5: the plan of a programme and its actions."""

from django.urls import URLPattern, URLResolver, path

from actionplans.views import actions, plans

app_name = "actionplans"

PROGRAMME = "programmes/<slug:slug>/"
ACTION = PROGRAMME + "actions/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(PROGRAMME + "plan/", plans.plan, name="plan"),
    path(
        PROGRAMME + "plan/journeys/<str:key>/stages/<str:stage_key>/action/new/",
        plans.action_create,
        name="action-create",
    ),
    path(PROGRAMME + "actions/", actions.action_list, name="action-list"),
    path(ACTION, actions.action_detail, name="action-detail"),
    path(ACTION + "edit/", actions.action_edit, name="action-edit"),
    path(ACTION + "update/", actions.action_update, name="action-update"),
    path(ACTION + "delete/", actions.action_delete, name="action-delete"),
]
