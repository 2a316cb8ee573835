"""The overview for every member; scores on pages and by the API for whoever may see them."""

from __future__ import annotations

from accounts.tests.permission_rows import Row

#             anon outs lead cons faci loca obse exec cont super
MEMBERS = "302 404 200 200 200 200 200 200 200 200"
SEE_SCORES = "302 404 200 200 200 200 404 200 404 200"
EXPORT_FORM = "302 404 422 422 422 422 404 422 404 422"
API_SCORES = "401 404 200 200 200 200 404 200 404 200"
# Which waves is not said here, so those who may ask are told so.
API_CHANGES = "401 404 400 400 400 400 404 400 404 400"

HERE = ("casa-nord",)
JOURNEY = (*HERE, "family-store")

ROWS = [
    Row("dashboards:programme-overview", "GET", HERE, MEMBERS),
    Row("dashboards:dashboard", "GET", HERE, SEE_SCORES),
    Row("dashboards:dashboard-export", "GET", HERE, SEE_SCORES),
    Row("dashboards:dashboard-export", "POST", HERE, EXPORT_FORM),
    Row("dashboards:journey-evidence", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:stage-evidence", "GET", (*JOURNEY, "S1"), SEE_SCORES),
    Row("dashboards:location-league", "GET", JOURNEY, SEE_SCORES),
    Row("dashboards:changes", "GET", JOURNEY, SEE_SCORES),
    Row("api-journey-scores", "GET", JOURNEY, API_SCORES),
    Row("api-journey-priorities", "GET", JOURNEY, API_SCORES),
    Row("api-journey-changes", "GET", JOURNEY, API_CHANGES),
    Row("api-journey-locations", "GET", JOURNEY, API_SCORES),
    Row("api-journey-channels", "GET", JOURNEY, API_SCORES),
    Row("api-journey-delight", "GET", JOURNEY, API_SCORES),
]
