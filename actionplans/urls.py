"""Step 5: the plan of a programme and its actions."""

from django.urls import URLPattern, URLResolver, path

from actionplans.views import actions, effects, plans

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
    path(ACTION + "effects/new/", effects.effect_create, name="effect-create"),
    path(ACTION + "effects/<int:effect_pk>/delete/", effects.effect_delete, name="effect-delete"),
    path(PROGRAMME + "plan/day-rate/", effects.day_rate_edit, name="day-rate-edit"),
]
