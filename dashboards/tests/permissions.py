"""The overview for every member; scores on pages and by the API for whoever may see them."""

from __future__ import annotations

from typing import Any

from accounts.tests.permission_rows import Row
from dashboards.models import SignedReport
from journeys.models import Programme

#             anon outs lead cons faci loca obse exec cont super
MEMBERS = "302 404 200 200 200 200 200 200 200 200"
SEE_SCORES = "302 404 200 200 200 200 404 200 404 200"
API_SCORES = "401 404 200 200 200 200 404 200 404 200"
# Which waves is not said here, so those who may ask are told so.
API_CHANGES = "401 404 400 400 400 400 404 400 404 400"

HERE = ("casa-nord",)
JOURNEY = (*HERE, "family-store")

ALL_SCORES = "302 404 200 200 200 404 404 200 404 200"
SIGN = "302 404 200 403 403 404 404 200 404 200"
SIGN_DONE = "302 404 302 403 403 404 404 302 404 302"


def prepare(programme: Programme) -> dict[str, Any]:
    journey = programme.journeys.get(key="family-store")
    report = SignedReport.objects.create(
        journey=journey,
        figures={
            "journey_score": {"score_exact": None, "target_exact": None, "interval": None},
            "stages": [],
            "named": {},
        },
        n=0,
    )
    return {"report": report.pk}


ROWS = [
    Row("dashboards:programme-overview", "GET", HERE, MEMBERS),
    Row("dashboards:dashboard", "GET", HERE, SEE_SCORES),
    Row("dashboards:journey-evidence", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:stage-evidence", "GET", (*JOURNEY, "S1"), SEE_SCORES),
    Row("dashboards:location-league", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:dashboard-freshness", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:heat-map", "GET", JOURNEY, SEE_SCORES),
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
]
