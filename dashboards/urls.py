"""What members land on, the executives' page, and the evidence behind each figure."""

from django.urls import URLPattern, URLResolver, path

from dashboards.views import boards, changes, evidence, heat_maps, locations, overview, reports

app_name = "dashboards"

PROGRAMME = "programmes/<slug:slug>/"
REPORTS = PROGRAMME + "journeys/<str:key>/reports/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(PROGRAMME, overview.programme_overview, name="programme-overview"),
    path(PROGRAMME + "dashboard/", boards.dashboard, name="dashboard"),
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
    path(
        PROGRAMME + "journeys/<str:key>/freshness/",
        boards.dashboard_freshness,
        name="dashboard-freshness",
    ),
    path(PROGRAMME + "journeys/<str:key>/heat-map/", heat_maps.heat_map, name="heat-map"),
    path(REPORTS, reports.report_list, name="report-list"),
    path(REPORTS + "new/", reports.report_sign, name="report-sign"),
    path(REPORTS + "<int:pk>/", reports.report_detail, name="report-detail"),
    path(PROGRAMME + "journeys/<str:key>/changes/", changes.changes, name="changes"),
]
