"""Step 3: who may read, edit, publish and aim."""

from __future__ import annotations

from typing import Any

from accounts.tests.permission_rows import Row
from journeys.models import Programme
from scoring.models import Framework
from scoring.tests.factories import make_interaction

#             anon outs lead cons faci loca obse exec cont super
SEE_METHOD = "302 404 200 200 200 200 404 200 404 200"
SEE_GUIDE = "302 404 200 200 200 200 200 200 404 200"
EDIT_PAGE = "302 404 200 200 403 403 404 403 404 200"
EDIT_FORM = "302 404 422 422 403 403 404 403 404 422"
EDIT_DONE = "302 404 302 302 403 403 404 403 404 302"
EDIT_FROZEN = "302 404 409 409 403 403 404 403 404 409"
# The empty body names no version of the row: somebody else's change can't be ruled out.
EDIT_STALE = EDIT_FROZEN
EDIT_UNCLEAR = "302 404 400 400 403 403 404 403 404 400"
TARGET_PAGE = "302 404 200 403 403 403 404 403 404 200"
TARGET_FORM = "302 404 422 403 403 403 404 403 404 422"

HERE = ("casa-nord",)
JOURNEY = (*HERE, "family-store")
CLOSED = (*JOURNEY, "90")
DRAFT = (*JOURNEY, "91")
INTERACTION = (*DRAFT, "greeting")


def prepare(programme: Programme) -> dict[str, Any]:
    """Versions that no other app's rows meet, with nothing on the stage that those delete."""
    journey = programme.journeys.get(key="family-store")
    stage = journey.stages.get(key="S3")
    for version, status in ((90, "closed"), (91, "draft")):
        framework = Framework.objects.create(journey=journey, version=version, status=status)
        make_interaction(framework, stage, "greeting")
    return {}


ROWS = [
    Row("scoring:framework-list", "GET", HERE, SEE_METHOD),
    Row("scoring:framework-detail", "GET", DRAFT, SEE_METHOD),
    Row("scoring:framework-detail", "GET", CLOSED, SEE_METHOD),
    Row("scoring:guide", "GET", JOURNEY, SEE_GUIDE),
    Row("scoring:guide-paper", "GET", JOURNEY, SEE_GUIDE),
    Row("scoring:draft-create", "POST", JOURNEY, EDIT_DONE),
    Row("scoring:draft-delete", "GET", DRAFT, EDIT_PAGE),
    Row("scoring:draft-delete", "POST", DRAFT, EDIT_DONE),
    Row("scoring:draft-delete", "POST", CLOSED, EDIT_FROZEN),
    Row("scoring:thresholds-edit", "GET", DRAFT, EDIT_PAGE),
    Row("scoring:thresholds-edit", "POST", DRAFT, EDIT_FORM),
    Row("scoring:thresholds-edit", "POST", CLOSED, EDIT_FROZEN),
    Row("scoring:framework-publish", "GET", DRAFT, EDIT_PAGE),
    Row("scoring:framework-publish", "POST", DRAFT, EDIT_DONE),
    Row("scoring:framework-publish", "POST", CLOSED, EDIT_FROZEN),
    Row("scoring:framework-close", "GET", CLOSED, EDIT_PAGE),
    Row("scoring:framework-close", "POST", CLOSED, EDIT_FROZEN),
    Row("scoring:target-edit", "GET", DRAFT, EDIT_PAGE),
    Row("scoring:target-edit", "POST", DRAFT, EDIT_FORM),
    Row("scoring:target-edit", "GET", CLOSED, TARGET_PAGE),
    Row("scoring:target-edit", "POST", CLOSED, TARGET_FORM),
    Row("scoring:interaction-create", "GET", DRAFT, EDIT_PAGE),
    Row("scoring:interaction-create", "POST", DRAFT, EDIT_FORM),
    Row("scoring:interaction-create", "POST", CLOSED, EDIT_FROZEN),
    Row("scoring:interaction-edit", "GET", INTERACTION, EDIT_PAGE),
    Row("scoring:interaction-edit", "POST", INTERACTION, EDIT_STALE),
    Row("scoring:interaction-move", "POST", INTERACTION, EDIT_UNCLEAR),
    Row("scoring:interaction-delete", "GET", INTERACTION, EDIT_PAGE),
    Row("scoring:interaction-delete", "POST", INTERACTION, EDIT_DONE),
]
