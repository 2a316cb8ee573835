"""Step 5: who reads the plan, who edits it, and whose action it is."""

from __future__ import annotations

from typing import Any

from accounts.tests.permission_rows import Row
from actionplans.models import ActionEffect
from actionplans.tests.factories import make_action
from journeys.models import Programme

#           anon outs lead cons faci loca obse exec cont super
SEE_PLAN = "302 404 200 200 200 404 404 200 302 200"
SEE_ROW = "302 404 200 200 200 404 404 200 200 200"
EDIT_PAGE = "302 404 200 200 200 404 404 403 403 200"
EDIT_FORM = "302 404 422 422 422 404 404 403 403 422"
# The empty body names no version of the row: somebody else's change can't be ruled out.
EDIT_STALE = "302 404 409 409 409 404 404 403 403 409"
EDIT_DONE = "302 404 302 302 302 404 404 403 403 302"
OWN_FORM = "302 404 422 422 422 404 404 403 422 422"
NOT_OWN_FORM = "302 404 422 422 422 404 404 403 404 422"
# Impact is made of scores: a contributor, who sees none, has none to see.
API_EFFECT = "401 404 200 200 200 404 404 200 404 200"

HERE = ("casa-nord",)
STAGE = (*HERE, "family-store", "S3")
OWN = (*HERE, "$own_action")
OTHER = (*HERE, "$other_action")


def prepare(programme: Programme) -> dict[str, Any]:
    """An action of the cast's contributor, and one of its facilitator."""
    stage = programme.journeys.get(key="family-store").stages.get(key="S3")
    owners = {
        name: programme.memberships.get(role=role).user
        for name, role in (("own_action", "contributor"), ("other_action", "facilitator"))
    }
    world = {name: make_action(stage, owner).pk for name, owner in owners.items()}
    effect = ActionEffect.objects.create(
        action_id=world["own_action"], interaction="S3-b", to_points=0
    )
    return world | {"own_effect": effect.pk}


ROWS = [
    Row("actionplans:plan", "GET", HERE, SEE_PLAN),
    Row("actionplans:action-create", "GET", STAGE, EDIT_PAGE),
    Row("actionplans:action-create", "POST", STAGE, EDIT_FORM),
    Row("actionplans:action-list", "GET", HERE, SEE_ROW),
    Row("actionplans:action-detail", "GET", OWN, SEE_ROW),
    Row("actionplans:action-update", "POST", OWN, OWN_FORM),
    Row("actionplans:action-update", "POST", OTHER, NOT_OWN_FORM),
    Row("actionplans:action-edit", "GET", OWN, EDIT_PAGE),
    Row("actionplans:action-edit", "POST", OWN, EDIT_STALE),
    Row("actionplans:action-delete", "GET", OWN, EDIT_PAGE),
    Row("actionplans:action-delete", "POST", OWN, EDIT_DONE),
    Row("actionplans:effect-create", "GET", OWN, EDIT_PAGE),
    Row("actionplans:effect-create", "POST", OWN, EDIT_FORM),
    Row("actionplans:effect-delete", "POST", (*OWN, "$own_effect"), EDIT_DONE),
    Row("actionplans:day-rate-edit", "GET", HERE, EDIT_PAGE),
    Row("actionplans:day-rate-edit", "POST", HERE, EDIT_FORM),
    Row("api-action-effect", "GET", OWN, API_EFFECT),
]
