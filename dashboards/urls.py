"""What members land on, the executives' page, and the evidence behind each figure."""

from django.urls import URLPattern, URLResolver, path

from dashboards.views import (
    boards,
    changes,
    comparisons,
    driver_exporting,
    drivers,
    evidence,
    exporting,
    heat_maps,
    indicator_entry,
    indicator_imports,
    indicators,
    locations,
    overview,
    presenting,
    reports,
    saved_views,
    trends,
)

app_name = "dashboards"

PROGRAMME = "programmes/<slug:slug>/"
REPORTS = PROGRAMME + "journeys/<str:key>/reports/"
VIEWS = PROGRAMME + "dashboard/views/"
ONE_VIEW = VIEWS + "<int:pk>/"
INDICATORS = PROGRAMME + "indicators/"
ONE_INDICATOR = INDICATORS + "figures/<str:key>/"
ONE_READING = INDICATORS + "readings/<int:pk>/"
ONE_IMPORT = INDICATORS + "imports/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(PROGRAMME, overview.programme_overview, name="programme-overview"),
    path(PROGRAMME + "dashboard/", boards.dashboard, name="dashboard"),
    path(PROGRAMME + "dashboard/export/", exporting.dashboard_export, name="dashboard-export"),
    path(VIEWS, saved_views.saved_view_list, name="saved-view-list"),
    path(VIEWS + "new/", saved_views.saved_view_create, name="saved-view-create"),
    path(ONE_VIEW + "edit/", saved_views.saved_view_edit, name="saved-view-edit"),
    path(ONE_VIEW + "delete/", saved_views.saved_view_delete, name="saved-view-delete"),
    path(ONE_VIEW + "default/", saved_views.saved_view_default, name="saved-view-default"),
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
        PROGRAMME + "journeys/<str:key>/present/",
        presenting.presentation,
        name="presentation",
    ),
    path(
        PROGRAMME + "journeys/<str:key>/freshness/",
        boards.dashboard_freshness,
        name="dashboard-freshness",
    ),
    path(PROGRAMME + "journeys/<str:key>/heat-map/", heat_maps.heat_map, name="heat-map"),
    path(PROGRAMME + "journeys/<str:key>/compare/", comparisons.comparison, name="comparison"),
    path(PROGRAMME + "journeys/<str:key>/trend/", trends.wave_trend, name="wave-trend"),
    path(REPORTS, reports.report_list, name="report-list"),
    path(REPORTS + "new/", reports.report_sign, name="report-sign"),
    path(REPORTS + "<int:pk>/", reports.report_detail, name="report-detail"),
    path(PROGRAMME + "journeys/<str:key>/changes/", changes.changes, name="changes"),
    path(INDICATORS, indicators.indicator_list, name="indicator-list"),
    path(INDICATORS + "drivers/", drivers.indicator_drivers, name="indicator-drivers"),
    path(
        INDICATORS + "drivers/export/",
        driver_exporting.indicator_drivers_export,
        name="indicator-drivers-export",
    ),
    path(
        INDICATORS + "definitions/",
        indicator_entry.indicator_definitions,
        name="indicator-definitions",
    ),
    path(
        INDICATORS + "definitions/new/", indicator_entry.indicator_create, name="indicator-create"
    ),
    path(
        INDICATORS + "definitions/<str:key>/edit/",
        indicator_entry.indicator_edit,
        name="indicator-edit",
    ),
    path(ONE_INDICATOR, indicators.indicator_detail, name="indicator-detail"),
    path(ONE_INDICATOR + "readings/", indicators.indicator_readings, name="indicator-readings"),
    path(ONE_INDICATOR + "readings/new/", indicator_entry.reading_create, name="reading-create"),
    path(
        ONE_INDICATOR + "import/", indicator_imports.import_create, name="indicator-import-create"
    ),
    path(ONE_READING + "edit/", indicator_entry.reading_edit, name="reading-edit"),
    path(ONE_READING + "delete/", indicator_entry.reading_delete, name="reading-delete"),
    path(INDICATORS + "imports/", indicator_imports.import_list, name="indicator-import-list"),
    path(ONE_IMPORT, indicator_imports.import_detail, name="indicator-import-detail"),
    path(ONE_IMPORT + "read/", indicator_imports.import_read, name="indicator-import-read"),
    path(ONE_IMPORT + "apply/", indicator_imports.import_apply, name="indicator-import-apply"),
    path(ONE_IMPORT + "undo/", indicator_imports.import_undo, name="indicator-import-undo"),
    path(
        ONE_IMPORT + "discard/", indicator_imports.import_discard, name="indicator-import-discard"
    ),
    path(ONE_IMPORT + "faults/", indicator_imports.import_faults, name="indicator-import-faults"),
]
