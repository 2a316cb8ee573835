"""Steps 1 and 2 and people: who may open and who may change what."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.tests.permission_rows import (
    EVERYBODY_200,
    LOGGED_IN_200,
    LOGGED_IN_302,
    LOGGED_IN_404,
    Row,
)
from accounts.tokens import digest_of
from journeys.models import Comment, Document, Invitation, Need, Programme, ShareLink, Snapshot
from journeys.tests.factories import make_journey, make_location, make_wave

#             anon outs lead cons faci loca obse exec cont super
EVERYBODY_404 = "404 404 404 404 404 404 404 404 404 404"
SEE_METHOD = "302 404 200 200 200 200 404 200 404 200"
TALK_FORM = "302 404 422 422 422 422 404 422 404 422"
TALK_DONE = "302 404 302 302 302 302 404 302 404 302"
OWN_PAGE = "302 404 403 200 403 403 404 403 404 403"
OWN_FORM = "302 404 403 422 403 403 404 403 404 403"
OWN_DOCUMENT = "302 404 404 200 404 404 404 404 404 404"
OWN_DONE = "302 404 403 302 403 403 404 403 404 403"
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
SNAPSHOT = (*JOURNEY, "$snapshot")
EMPTY_MAP: dict[str, Any] = {"journey": {"stages": []}, "channels": [], "rows": []}
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
    link = ShareLink.objects.create(
        programme=programme, name="Board", digest=digest_of("a-link"), lanes=["needs"]
    )
    link.journeys.set(programme.journeys.filter(key="family-store"))
    snapshot = Snapshot.objects.create(
        journey=programme.journeys.get(key="family-store"), name="Opening day", document=EMPTY_MAP
    )
    role = programme.memberships.get(role="consultant")
    facts: dict[str, Any] = {"programme": programme, "kind": "map-pdf", "language": "en"}
    return {
        "stage": stage.pk,
        "need": Need.objects.create(stage=stage, text="be understood").pk,
        "touchpoint": stage.touchpoints.get().pk,
        "comment": Comment.objects.create(
            journey=stage.journey,
            part="stages",
            row=stage.pk,
            row_name=stage.name,
            author=role.user,
            text="long wait",
        ).pk,
        "document": Document.objects.create(**facts, asked_by=role.user).pk,
        "shared_document": Document.objects.create(**facts, link=link).pk,
        "invitation": invitation.pk,
        "share_link": link.pk,
        "snapshot": snapshot.pk,
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
    Row("journeys:journey-from-template", "GET", (*HERE, "garage-bill"), EDIT_PAGE),
    Row("journeys:journey-from-template", "POST", (*HERE, "garage-bill"), EDIT_FORM),
    Row("journeys:stage-library", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:stage-library", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:journey-compare", "GET", HERE, SEE_METHOD),
    Row("journeys:snapshot-list", "GET", JOURNEY, SEE_METHOD),
    Row("journeys:snapshot-list", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:snapshot-detail", "GET", SNAPSHOT, SEE_METHOD),
    # Frameworks stand on the stages of today, and the map was empty then.
    Row("journeys:snapshot-restore", "POST", SNAPSHOT, EDIT_REFUSED),
    Row("journeys:snapshot-delete", "POST", SNAPSHOT, EDIT_DONE),
    Row("journeys:stage-lines", "GET", JOURNEY, EDIT_PAGE),
    Row("journeys:stage-lines", "POST", JOURNEY, EDIT_FORM),
    Row("journeys:part-lines", "GET", (*JOURNEY, "needs", "$stage"), EDIT_PAGE),
    Row("journeys:part-lines", "POST", (*JOURNEY, "touchpoints", "$stage"), EDIT_FORM),
    Row("journeys:row-field", "GET", (*JOURNEY, "stages", "$stage", "name"), EDIT_PAGE),
    # Without the version it was read from, an edit is stale.
    Row("journeys:row-field", "POST", (*JOURNEY, "needs", "$need", "text"), EDIT_REFUSED),
    Row("journeys:rows-place", "POST", (*JOURNEY, "stages"), EDIT_FORM),
    Row("journeys:rows-mark", "POST", (*JOURNEY, "touchpoints"), EDIT_FORM),
    Row("journeys:rows-delete", "POST", (*JOURNEY, "needs"), EDIT_FORM),
    Row("journeys:touchpoints-channel", "POST", JOURNEY, EDIT_FORM),
    # Nobody of the cast has taken a step on it yet.
    Row("journeys:map-walk", "POST", (*JOURNEY, "undo"), EDIT_REFUSED),
    # Only htmx gets the columns; a plain request goes to the map.
    Row("journeys:map-columns", "GET", JOURNEY, EDIT_DONE),
    Row("journeys:map-lane", "GET", (*JOURNEY, "needs"), SEE_METHOD),
    Row("journeys:map-missing", "GET", JOURNEY, SEE_METHOD),
    Row("journeys:map-pulse", "GET", JOURNEY, SEE_METHOD),
    Row("journeys:comments", "GET", (*JOURNEY, "stages", "$stage"), SEE_METHOD),
    Row("journeys:comments", "POST", (*JOURNEY, "stages", "$stage"), TALK_FORM),
    # The comment of the consultant: nobody else may change it, not even a superuser.
    Row("journeys:comment-edit", "GET", (*JOURNEY, "$comment"), OWN_PAGE),
    Row("journeys:comment-edit", "POST", (*JOURNEY, "$comment"), OWN_FORM),
    Row("journeys:comment-delete", "POST", (*JOURNEY, "$comment"), OWN_DONE),
    Row("journeys:comment-resolve", "POST", (*JOURNEY, "$comment"), EDIT_DONE),
    Row("journeys:mention-list", "GET", HERE, SEE_METHOD),
    Row("journeys:mention-list", "POST", HERE, TALK_DONE),
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
    Row("journeys:stage-part-edit", "POST", (*STAGE, "needs", "$need"), EDIT_REFUSED),
    Row("journeys:stage-part-delete", "POST", (*STAGE, "needs", "$need"), EDIT_DONE),
    Row("journeys:journey-map-pdf", "GET", JOURNEY, SEE_METHOD),
    Row("journeys:journey-map-png", "GET", JOURNEY, SEE_METHOD),
    # Whoever asked for it alone: it holds what they may see. None of these is made yet.
    Row("journeys:document-detail", "GET", (*HERE, "$document"), OWN_DOCUMENT),
    Row("journeys:document-file", "GET", (*HERE, "$document"), LOGGED_IN_404),
    # Maps for people without an account
    Row("journeys:share-list", "GET", HERE, EDIT_PAGE),
    Row("journeys:share-create", "GET", HERE, EDIT_PAGE),
    Row("journeys:share-create", "POST", HERE, EDIT_FORM),
    Row("journeys:share-revoke", "POST", (*HERE, "$share_link"), EDIT_DONE),
    # A link of one map leads to it; a link without a password has nothing to be told.
    Row("journeys:shared", "GET", ("a-link",), LOGGED_IN_302),
    Row("journeys:shared", "POST", ("a-link",), LOGGED_IN_302),
    Row("journeys:shared-map", "GET", ("a-link", "family-store"), EVERYBODY_200),
    Row("journeys:shared-map-pdf", "GET", ("a-link", "family-store"), EVERYBODY_200),
    Row("journeys:shared-map-png", "GET", ("a-link", "family-store"), EVERYBODY_200),
    Row("journeys:shared-document", "GET", ("a-link", "$shared_document"), EVERYBODY_200),
    Row("journeys:shared-document-file", "GET", ("a-link", "$shared_document"), EVERYBODY_404),
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
