"""Steps 1 and 2 and people: who may open and who may change what."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.tests.permission_rows import EVERYBODY_200, LOGGED_IN_200, Row
from accounts.tokens import digest_of
from journeys.models import Invitation, Need, Programme
from journeys.tests.factories import make_journey, make_location, make_wave

#             anon outs lead cons faci loca obse exec cont super
SEE_METHOD = "302 404 200 200 200 200 404 200 404 200"
EDIT_PAGE = "302 404 200 200 403 403 404 403 404 200"
EDIT_FORM = "302 404 422 422 403 403 404 403 404 422"
EDIT_DONE = "302 404 302 302 403 403 404 403 404 302"
EDIT_REFUSED = "302 404 409 409 403 403 404 403 404 409"
MANAGE_PAGE = "302 404 200 403 403 403 403 403 403 200"
MANAGE_FORM = "302 404 422 403 403 403 403 403 403 422"
MANAGE_DONE = "302 404 302 403 403 403 403 403 403 302"
MANAGE_REFUSED = "302 404 409 403 403 403 403 403 403 409"
# Nobody of the cast may create programmes, so a copy is the superuser's; others may only see.
CREATE_PAGE = "302 403 403 403 403 403 403 403 403 200"
CREATE_FORM = "302 403 403 403 403 403 403 403 403 422"
COPY_PAGE = "302 404 403 403 403 403 404 403 404 200"
COPY_FORM = "302 404 403 403 403 403 404 403 404 422"

HERE = ("casa-nord",)
JOURNEY = (*HERE, "family-store")
STAGE = (*JOURNEY, "S1")
MEMBER = (*HERE, "$member")
ROLE = (*HERE, "$role")
LEAD_ROLE = (*HERE, "$lead_role")
INVITATION = (*HERE, "$invitation")


def prepare(programme: Programme) -> dict[str, Any]:
    """Besides what the rows name: a journey and a location on which no other app builds."""
    make_wave(programme, "W1")
    make_location(programme, "SPARE")
    make_journey(programme, "spare", stages=1)
    stage = programme.journeys.get(key="family-store").stages.get(key="S1")
    invitation = Invitation.objects.create(
        programme=programme,
        email="new@example.com",
        role="observer",
        digest=digest_of("the-token"),
        expires_at=timezone.now() + Invitation.LIFETIME,
    )
    role = programme.memberships.get(role="consultant")
    return {
        "need": Need.objects.create(stage=stage, text="be understood").pk,
        "touchpoint": stage.touchpoints.get().pk,
        "invitation": invitation.pk,
        "role": role.pk,
        "member": role.user_id,
        "lead_role": programme.memberships.get(role="lead").pk,
    }


def _panel_rows(panel: str, key: str, deletion: str) -> list[Row]:
    row = (*HERE, panel, key)
    return [
        Row("journeys:perimeter-panel", "GET", (*HERE, panel), SEE_METHOD),
        Row("journeys:perimeter-row-create", "GET", (*HERE, panel), EDIT_PAGE),
        Row("journeys:perimeter-row-create", "POST", (*HERE, panel), EDIT_FORM),
        Row("journeys:perimeter-row-edit", "GET", row, EDIT_PAGE),
        Row("journeys:perimeter-row-edit", "POST", row, EDIT_FORM),
        Row("journeys:perimeter-row-delete", "POST", row, deletion),
    ]


ROWS = [
    Row("journeys:programme-list", "GET", (), LOGGED_IN_200),
    Row("journeys:programme-create", "GET", (), CREATE_PAGE),
    Row("journeys:programme-create", "POST", (), CREATE_FORM),
    Row("journeys:programme-edit", "GET", HERE, MANAGE_PAGE),
    Row("journeys:programme-edit", "POST", HERE, MANAGE_FORM),
    Row("journeys:programme-copy", "GET", HERE, COPY_PAGE),
    Row("journeys:programme-copy", "POST", HERE, COPY_FORM),
    Row("journeys:programme-archive", "POST", HERE, MANAGE_DONE),
    Row("journeys:programme-restore", "POST", HERE, MANAGE_DONE),
    Row("journeys:programme-delete", "GET", HERE, MANAGE_PAGE),
    Row("journeys:programme-delete", "POST", HERE, MANAGE_FORM),
    Row("journeys:history", "GET", HERE, MANAGE_PAGE),
    # Step 1
    Row("journeys:perimeter", "GET", HERE, SEE_METHOD),
    Row("journeys:perimeter-stages", "GET", HERE, SEE_METHOD),
    *_panel_rows("segments", "family", EDIT_REFUSED),
    *_panel_rows("channels", "store", EDIT_REFUSED),
    *_panel_rows("locations", "SPARE", EDIT_DONE),
    *_panel_rows("waves", "W1", EDIT_DONE),
    Row("journeys:perimeter-row-toggle", "POST", (*HERE, "segments", "family"), EDIT_FORM),
    Row("journeys:location-paste", "GET", HERE, EDIT_PAGE),
    Row("journeys:location-paste", "POST", HERE, EDIT_FORM),
    Row("journeys:stage-toggle", "POST", STAGE, EDIT_FORM),
    # Step 2
    Row("journeys:journey-list", "GET", HERE, SEE_METHOD),
    Row("journeys:journey-create", "GET", HERE, EDIT_PAGE),
    Row("journeys:journey-create", "POST", HERE, EDIT_FORM),
    Row("journeys:journey-map", "GET", JOURNEY, SEE_METHOD),
    Row("journeys:journey-edit", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:journey-edit", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:journey-copy", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:journey-copy", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:journey-delete", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:journey-delete", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:stage-create", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:stage-create", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:stage-detail", "GET", STAGE, SEE_METHOD),
    Row("journeys:stage-edit", "GET", STAGE, EDIT_PAGE),
    # Without the version it was read from, an edit is stale.
    Row("journeys:stage-edit", "POST", STAGE, EDIT_REFUSED),
    Row("journeys:stage-move", "POST", STAGE, EDIT_FORM),
    Row("journeys:stage-delete", "GET", STAGE, EDIT_PAGE),
    Row("journeys:stage-delete", "POST", (*HERE, "spare", "S1"), EDIT_DONE),
    Row("journeys:stage-part", "GET", (*STAGE, "needs"), SEE_METHOD),
    Row("journeys:stage-part", "GET", (*STAGE, "choices"), SEE_METHOD),
    Row("journeys:stage-part-create", "GET", (*STAGE, "touchpoints"), EDIT_PAGE),
    Row("journeys:stage-part-create", "POST", (*STAGE, "touchpoints"), EDIT_FORM),
    Row("journeys:stage-part-edit", "GET", (*STAGE, "touchpoints", "$touchpoint"), EDIT_PAGE),
    Row("journeys:stage-part-edit", "POST", (*STAGE, "needs", "$need"), EDIT_FORM),
    Row("journeys:stage-part-delete", "POST", (*STAGE, "needs", "$need"), EDIT_DONE),
    # People
    Row("journeys:member-list", "GET", HERE, MANAGE_PAGE),
    Row("journeys:role-create", "GET", MEMBER, MANAGE_PAGE),
    Row("journeys:role-create", "POST", MEMBER, MANAGE_FORM),
    Row("journeys:role-edit", "GET", ROLE, MANAGE_PAGE),
    Row("journeys:role-edit", "POST", ROLE, MANAGE_DONE),
    Row("journeys:role-remove", "POST", ROLE, MANAGE_DONE),
    Row("journeys:role-remove", "POST", LEAD_ROLE, MANAGE_REFUSED),
    Row("journeys:lead-hand-over", "GET", MEMBER, MANAGE_PAGE),
    Row("journeys:lead-hand-over", "POST", MEMBER, MANAGE_DONE),
    Row("journeys:invitation-create", "GET", HERE, MANAGE_PAGE),
    Row("journeys:invitation-create", "POST", HERE, MANAGE_FORM),
    Row("journeys:invitation-resend", "POST", INVITATION, MANAGE_DONE),
    Row("journeys:invitation-revoke", "POST", INVITATION, MANAGE_DONE),
    Row("journeys:invitation-accept", "GET", ("the-token",), EVERYBODY_200),
    # A stranger is sent to the sign-up; whoever is logged in is not who was invited.
    Row(
        "journeys:invitation-accept",
        "POST",
        ("the-token",),
        "302 403 403 403 403 403 403 403 403 403",
    ),
]
