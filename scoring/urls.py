from django.urls import URLPattern, URLResolver, include, path

from scoring.views import frameworks, guide, interactions, publication, targets

app_name = "scoring"

_interaction: list[URLPattern | URLResolver] = [
    path("", interactions.interaction_edit, name="interaction-edit"),
    path("move/", interactions.interaction_move, name="interaction-move"),
    path("delete/", interactions.interaction_delete, name="interaction-delete"),
]
_version: list[URLPattern | URLResolver] = [
    path("", frameworks.framework_detail, name="framework-detail"),
    path("thresholds/", frameworks.thresholds_edit, name="thresholds-edit"),
    path("delete/", frameworks.draft_delete, name="draft-delete"),
    path("publish/", publication.framework_publish, name="framework-publish"),
    path("close/", publication.framework_close, name="framework-close"),
    path("targets/", targets.target_edit, name="target-edit"),
    path("interactions/add/", interactions.interaction_create, name="interaction-create"),
    path("interactions/at/<str:interaction>/", include(_interaction)),
]
_journey: list[URLPattern | URLResolver] = [
    path("framework/draft/", frameworks.draft_create, name="draft-create"),
    path("framework/<int:version>/", include(_version)),
    path("guide/", guide.guide, name="guide"),
    path("guide/guide.pdf", guide.guide_paper, name="guide-paper"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("programmes/<slug:slug>/frameworks/", frameworks.framework_list, name="framework-list"),
    path("programmes/<slug:slug>/journeys/<str:key>/", include(_journey)),
]
