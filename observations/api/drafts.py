"""Drafts mirrored by a tablet, so that cleared browser data loses no begun visit."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import (
    api_view,
    parser_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import problem
from journeys.rights import Right
from observations.api.parsers import ShallowJSONParser
from observations.api.serializers import DraftDocument, DraftList, DraftReceipt, Problem
from observations.api.throttles import DraftThrottle
from observations.api.views import TooLarge, sent_bytes
from observations.device_access import enter_field
from observations.documents import FIELDS, uuid_of
from observations.drafts import (
    MAX_BYTES,
    MAX_DRAFTS,
    MAX_PLACE_BYTES,
    Arrived,
    DraftCopy,
    Foreign,
    TooMany,
    draft_documents,
    drop_draft,
    keep_draft,
)


@extend_schema(responses={200: DraftList})
@api_view(["GET"])
@permission_classes([IsAuthenticated])
def draft_list(request: Request, slug: str) -> HttpResponse:
    """The own drafts and those of the own locations whose observation has not arrived."""
    access = enter_field(request, slug, change=Right.OBSERVE)
    # In ASCII, which escapes what no encoding can carry.
    body = json.dumps({"drafts": draft_documents(access)})
    answer = HttpResponse(body, content_type="application/json")
    answer["Cache-Control"] = "private, no-store"
    return answer


@extend_schema(
    methods=["PUT"],
    request=DraftDocument,
    responses={
        200: DraftReceipt,
        **dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem),
    },
)
@extend_schema(methods=["DELETE"], responses={204: None, 403: Problem, 404: Problem})
@api_view(["PUT", "DELETE"])
@permission_classes([IsAuthenticated])
@parser_classes([ShallowJSONParser])
@throttle_classes([DraftThrottle])
def draft(request: Request, slug: str, one: uuid.UUID) -> Response:
    """A copy older than the stored one changes nothing, and is answered with what is stored."""
    access = enter_field(request, slug, change=Right.OBSERVE)
    if request.method == "DELETE":
        drop_draft(access=access, one=one)
        return Response(status=204)
    copy = _read(request, one)
    try:
        kept = keep_draft(access=access, copy=copy)
    except Arrived:
        return problem(409, _("This observation has arrived: no draft of it is kept."))
    except Foreign as foreign:
        raise Http404 from foreign
    except TooMany:
        detail = _("At most %(limit)d drafts are kept.") % {"limit": MAX_DRAFTS}
        return problem(422, _("Too many drafts."), [{"path": "/id", "detail": detail}])
    return Response({"id": str(kept.uuid), "saved_at": json.loads(kept.body)["saved_at"]})


def _read(request: Request, one: uuid.UUID) -> DraftCopy:
    """The body, its shape checked; raises 413 or 400 with every field that is wrong."""
    if sent_bytes(request) > MAX_BYTES:
        raise TooLarge(_("A draft has at most 256 kB."))
    body = request.data
    if not isinstance(body, dict):
        raise ParseError(_("A draft is a JSON object."))
    errors = _errors(body, one)
    if errors:
        raise ValidationError(errors)
    location = body["document"].get("location")
    return DraftCopy(
        id=one,
        saved_at=datetime.fromisoformat(body["saved_at"]),
        location=location if isinstance(location, str) and "\0" not in location else None,
        body=body,
    )


def _errors(body: dict[str, Any], one: uuid.UUID) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if uuid_of(body) != one:
        errors["id"] = [_("Not the id of the address.")]
    is_moment, wanted = FIELDS["started_at"]
    if not body.get("saved_at") or not is_moment(body["saved_at"]):
        errors["saved_at"] = [str(wanted)]
    if not isinstance(body.get("document"), dict):
        errors["document"] = [_("A JSON object.")]
    if len(json.dumps(body.get("place"), ensure_ascii=False).encode(errors="replace")) > (
        MAX_PLACE_BYTES
    ):
        errors["place"] = [_("At most 2 kB of JSON.")]
    return errors
