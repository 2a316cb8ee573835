"""The overview for every member; scores on pages and by the API for whoever may see them."""

from __future__ import annotations

from typing import Any

from accounts.tests.permission_rows import Row
from dashboards.models import SavedView, SignedReport
from journeys.models import Programme
from observations.indicator_imports import apply_import, hold_table
from observations.tests.indicator_factories import count_nps, make_indicator

#             anon outs lead cons faci loca obse exec cont super
MEMBERS = "302 404 200 200 200 200 200 200 200 200"
SEE_SCORES = "302 404 200 200 200 200 404 200 404 200"
EXPORT_FORM = "302 404 422 422 422 422 404 422 404 422"
API_SCORES = "401 404 200 200 200 200 404 200 404 200"
# Which waves is not said here, so those who may ask are told so.
API_CHANGES = "401 404 400 400 400 400 404 400 404 400"
EDIT = "302 404 200 200 403 403 404 403 404 200"
EDIT_FORM = "302 404 422 422 403 403 404 403 404 422"
EDIT_DONE = "302 404 302 302 403 403 404 403 404 302"

HERE = ("casa-nord",)
JOURNEY = (*HERE, "family-store")
ALL_SCORES = "302 404 200 200 200 404 404 200 404 200"
SIGN = "302 404 200 403 403 404 404 200 404 200"
SIGN_DONE = "302 404 409 403 403 404 404 409 404 409"  # of figures that were not seen
SHARED = (*HERE, "$shared_view")
PRIVATE = (*HERE, "$private_view")
SHARED_EDIT = "302 404 200 403 403 403 404 403 404 200"
SHARED_FORM = "302 404 422 403 403 403 404 403 404 422"
SHARED_DONE = "302 404 302 403 403 403 404 403 404 302"
SEE_DONE = "302 404 302 302 302 302 404 302 404 302"
PRIVATE_EDIT = "302 404 200 404 404 404 404 404 404 404"
PRIVATE_DONE = "302 404 302 404 404 404 404 404 404 404"
INDICATOR = (*HERE, "nps")
READING = (*HERE, "$indicator_reading")
HELD_TABLE = (*HERE, "$held_table")
IMPORTED = (*HERE, "$imported_table")


def prepare(programme: Programme) -> dict[str, Any]:
    """An indicator with a count at the location manager's place, a table held and one imported."""
    lead = programme.memberships.get(role="lead").user
    definition = make_indicator(programme)
    reading = count_nps(definition, 40, 20, location="PAR1")
    head = "month;promoters;passives;detractors\n"
    held, applied = (
        hold_table(definition=definition, text=f"{head}{row}", source="table.csv", actor=lead)
        for row in ("2026-04;1;1;1", "2026-05;1;1;1")
    )
    apply_import(run=applied, only_good_rows=False, actor=lead)
    report = SignedReport.objects.create(
        journey=programme.journeys.get(key="family-store"),
        figures={
            "journey_score": {"score_exact": None, "target_exact": None, "interval": None},
            "stages": [],
            "named": {},
        },
        n=0,
    )
    shared = SavedView.objects.create(
        programme=programme, owner=lead, name="All stores", is_shared=True
    )
    private = SavedView.objects.create(programme=programme, owner=lead, name="Mine")
    return {
        "shared_view": shared.pk,
        "private_view": private.pk,
        "report": report.pk,
        "indicator_reading": reading.pk,
        "held_table": held.pk,
        "imported_table": applied.pk,
    }


ROWS = [
    Row("dashboards:programme-overview", "GET", HERE, MEMBERS),
    Row("dashboards:dashboard", "GET", HERE, SEE_SCORES),
    Row("dashboards:dashboard-export", "GET", HERE, SEE_SCORES),
    Row("dashboards:dashboard-export", "POST", HERE, EXPORT_FORM),
    Row("dashboards:journey-evidence", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:stage-evidence", "GET", (*JOURNEY, "S1"), SEE_SCORES),
    Row("dashboards:location-league", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:dashboard-freshness", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:heat-map", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:saved-view-list", "GET", HERE, SEE_SCORES),
    Row("dashboards:saved-view-create", "GET", HERE, SEE_SCORES),
    Row("dashboards:saved-view-create", "POST", HERE, EXPORT_FORM),
    Row("dashboards:saved-view-edit", "GET", SHARED, SHARED_EDIT),
    Row("dashboards:saved-view-edit", "POST", SHARED, SHARED_FORM),
    Row("dashboards:saved-view-delete", "POST", SHARED, SHARED_DONE),
    Row("dashboards:saved-view-default", "POST", SHARED, SEE_DONE),
    Row("dashboards:saved-view-edit", "GET", PRIVATE, PRIVATE_EDIT),
    Row("dashboards:saved-view-delete", "POST", PRIVATE, PRIVATE_DONE),
    Row("dashboards:saved-view-default", "POST", PRIVATE, PRIVATE_DONE),
    Row("dashboards:presentation", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:comparison", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:wave-trend", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:report-list", "GET", JOURNEY, ALL_SCORES),
    Row("dashboards:report-detail", "GET", (*JOURNEY, "$report"), ALL_SCORES),
    Row("dashboards:report-sign", "GET", JOURNEY, SIGN),
    Row("dashboards:report-sign", "POST", JOURNEY, SIGN_DONE),
    Row("dashboards:changes", "GET", JOURNEY, SEE_SCORES),
    Row("api-journey-scores", "GET", JOURNEY, API_SCORES),
    Row("api-journey-priorities", "GET", JOURNEY, API_SCORES),
    Row("api-journey-changes", "GET", JOURNEY, API_CHANGES),
    Row("api-journey-locations", "GET", JOURNEY, API_SCORES),
    Row("api-journey-channels", "GET", JOURNEY, API_SCORES),
    Row("api-journey-delight", "GET", JOURNEY, API_SCORES),
    Row("dashboards:indicator-list", "GET", HERE, SEE_SCORES),
    Row("dashboards:indicator-detail", "GET", INDICATOR, SEE_SCORES),
    Row("dashboards:indicator-readings", "GET", INDICATOR, SEE_SCORES),
    Row("dashboards:indicator-drivers", "GET", HERE, SEE_SCORES),
    Row("dashboards:indicator-drivers-export", "GET", HERE, SEE_SCORES),
    Row("dashboards:indicator-drivers-export", "POST", HERE, EXPORT_FORM),
    Row("dashboards:indicator-definitions", "GET", HERE, SEE_SCORES),
    Row("dashboards:indicator-create", "GET", HERE, EDIT),
    Row("dashboards:indicator-create", "POST", HERE, EDIT_FORM),
    Row("dashboards:indicator-edit", "GET", INDICATOR, EDIT),
    Row("dashboards:indicator-edit", "POST", INDICATOR, "302 404 409 409 403 403 404 403 404 409"),
    Row("dashboards:reading-create", "GET", INDICATOR, EDIT),
    Row("dashboards:reading-create", "POST", INDICATOR, EDIT_FORM),
    Row("dashboards:reading-edit", "GET", READING, EDIT),
    Row("dashboards:reading-edit", "POST", READING, EDIT_FORM),
    Row("dashboards:reading-delete", "POST", READING, EDIT_DONE),
    Row("dashboards:indicator-import-list", "GET", HERE, EDIT),
    Row("dashboards:indicator-import-create", "GET", INDICATOR, EDIT),
    Row("dashboards:indicator-import-create", "POST", INDICATOR, EDIT_FORM),
    Row("dashboards:indicator-import-detail", "GET", HELD_TABLE, EDIT),
    Row("dashboards:indicator-import-faults", "GET", HELD_TABLE, EDIT),
    Row("dashboards:indicator-import-read", "POST", HELD_TABLE, EDIT_DONE),
    Row("dashboards:indicator-import-apply", "POST", HELD_TABLE, EDIT_DONE),
    Row("dashboards:indicator-import-undo", "POST", IMPORTED, EDIT_DONE),
    Row("dashboards:indicator-import-discard", "POST", HELD_TABLE, EDIT_DONE),
    Row("api-indicators", "GET", HERE, API_SCORES),
]
