from django.urls import path

from observations.api import drafts, views

urlpatterns = [
    path("guides/", views.guides, name="api-guides"),
    path("observations/sync/", views.observation_sync, name="api-observation-sync"),
    path("observations/<uuid:one>/", views.observation, name="api-observation"),
    path(
        "observations/<uuid:one>/status/", views.observation_status, name="api-observation-status"
    ),
    path(
        "observations/<uuid:one>/media/<uuid:medium>/",
        views.observation_media,
        name="api-observation-media",
    ),
    path("drafts/", drafts.draft_list, name="api-draft-list"),
    path("drafts/<uuid:one>/", drafts.draft, name="api-draft"),
]
