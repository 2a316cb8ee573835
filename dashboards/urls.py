"""What members land on, the executives' page, and the evidence behind each figure."""

from django.urls import URLPattern, URLResolver, path

from dashboards.views import boards, changes, evidence, exporting, locations, overview

app_name = "dashboards"

PROGRAMME = "programmes/<slug:slug>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(PROGRAMME, overview.programme_overview, name="programme-overview"),
    path(PROGRAMME + "dashboard/", boards.dashboard, name="dashboard"),
    path(PROGRAMME + "dashboard/export/", exporting.dashboard_export, name="dashboard-export"),
    path(
        PROGRAMME + "journeys/<str:key>/scores/",
        evidence.journey_evidence,
        name="journey-evidence",
    ),
    path(
        PROGRAMME + "journeys/<str:key>/scores/<str:stage_key>/",
        evidence.stage_evidence,
        name="stage-evidence",
    ),
    path(
        PROGRAMME + "journeys/<str:key>/locations/",
        locations.location_league,
        name="location-league",
    ),
    path(PROGRAMME + "journeys/<str:key>/changes/", changes.changes, name="changes"),
]
