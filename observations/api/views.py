"""Observations in: one, many, their photos; and the guides a tablet keeps."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import FileUploadParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problems import problem
from journeys.access import Access
from journeys.rights import Right
from observations.api.parsers import ShallowJSONParser
from observations.api.serializers import (
    ObservationDocument,
    Problem,
    Receipt,
    SyncRequest,
    SyncResponse,
)
from observations.clock import clock_skew
from observations.device_access import device_of, enter_field, person_of
from observations.documents import MAX_MEDIA_BYTES, uuid_of
from observations.guide_documents import guides_document
from observations.intake import Outcome, refuse_document, submit_observation, submit_observations
from observations.keeping import Claim, claims_under
from observations.models import Observation
from observations.ownership import may_change
from observations.photos import NotAnnounced, OtherBytes, missing_media, receive_photo_at
from observations.withdrawing import withdraw_observation

MAX_BODY = 10 * 1024 * 1024
MAX_SYNC = 500

_STATUS_CODES = {
    "created": 201,
    "unchanged": 200,
    "revised": 200,
    "conflict": 409,
    "withdrawn": 410,
    "quarantined": 422,
    "forbidden": 403,
}


class TooLarge(APIException):
    status_code = 413
    default_detail = "The request is larger than 10 MB."


def sent_bytes(request: Request) -> int:
    """The size of the body as announced, 0 where it is not."""
    announced = request.headers.get("Content-Length") or ""
    return int(announced) if announced.isdecimal() else 0


def _body(request: Request) -> Any:
    """The JSON of a request; 413 when it is too large, 400 when it is no JSON."""
    if sent_bytes(request) > MAX_BODY:
        raise TooLarge
    return request.data


def _sender(request: Request, access: Access) -> dict[str, Any]:
    """Who brings it, for the door: a person or a device, and what its clock says."""
    return {
        "user": person_of(access),
        "device": device_of(access),
        "clock_skew": clock_skew(request.headers.get("X-Device-Time", "")),
    }


def receipt(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.id,
        "sha256": outcome.sha256,
        "revision": outcome.revision,
        "missing_media": outcome.missing_media,
    }


def _answer(outcome: Outcome) -> Response:
    """The receipt, or the problem with the receipt's fields beside it."""
    code = _STATUS_CODES[outcome.status]
    if code < 300:
        return Response(receipt(outcome), status=code)
    titles = {
        "conflict": _("Other content is already stored under this id; your copy is kept."),
        "withdrawn": _("This observation was withdrawn."),
        "quarantined": _("Not acceptable; your copy is kept with the reasons."),
        "forbidden": _("You may not store this observation."),
    }
    return problem(code, titles[outcome.status], outcome.errors, **receipt(outcome))


@extend_schema(
    methods=["PUT"],
    request=ObservationDocument,
    responses={
        200: Receipt,
        201: Receipt,
        **dict.fromkeys((400, 401, 403, 404, 409, 410, 413, 422), Problem),
    },
)
@extend_schema(methods=["DELETE"], responses={204: None, 403: Problem, 404: Problem})
@api_view(["PUT", "DELETE"])
@permission_classes([IsAuthenticated])
@parser_classes([ShallowJSONParser])
def observation(request: Request, slug: str, one: uuid.UUID) -> Response:
    access = enter_field(request, slug, change=Right.OBSERVE)
    if request.method == "DELETE":
        row = _own_observation(access, one)
        withdraw_observation(observation=row)
        return Response(status=204)
    document = _body(request)
    if uuid_of(document) is None:
        raise ParseError(_("An observation is a JSON object whose “id” is a UUID."))
    common = {"programme": access.programme, "document": document}
    sender = _sender(request, access)
    if uuid_of(document) != one:
        error = {"path": "/id", "detail": _("Not the id of the address.")}
        del sender["clock_skew"]
        return _answer(refuse_document(errors=[error], **common, **sender))
    return _answer(submit_observation(access=access, **common, **sender))


def _own_observation(access: Access, one: uuid.UUID) -> Observation:
    row = Observation.objects.visible_to(access).filter(uuid=one).first()
    if row is None:
        raise Http404
    if not may_change(access, row):
        raise PermissionDenied(_("This observation belongs to somebody else."))
    return row


@extend_schema(request=SyncRequest, responses={200: SyncResponse, 400: Problem, 413: Problem})
@api_view(["POST"])
@permission_classes([IsAuthenticated])
@parser_classes([ShallowJSONParser])
def observation_sync(request: Request, slug: str) -> Response:
    access = enter_field(request, slug, change=Right.OBSERVE)
    body = _body(request)
    documents = body.get("observations") if isinstance(body, dict) else None
    if not isinstance(documents, list):
        raise ParseError(_("“observations” is a list."))
    if len(documents) > MAX_SYNC:
        raise TooLarge(_("At most %(limit)d observations a call.") % {"limit": MAX_SYNC})
    outcomes = submit_observations(
        programme=access.programme,
        documents=documents,
        access=access,
        **_sender(request, access),
    )
    results = [
        receipt(outcome) | {"status": outcome.status, "errors": outcome.errors}
        for outcome in outcomes
    ]
    return Response({"results": results})


@extend_schema(responses={200: Receipt, 404: Problem})
@api_view(["GET"])
@permission_classes([IsAuthenticated])
def observation_status(request: Request, slug: str, one: uuid.UUID) -> Response:
    """What is stored under an id: asked before photos are sent again."""
    access = enter_field(request, slug)
    claims = claims_under(access=access, one=one)
    if not claims:
        raise Http404
    return Response(_standing_receipt(one, claims[0]))


def _standing_receipt(one: uuid.UUID, claim: Claim) -> dict[str, Any]:
    """By the id and the content that the sender knows."""
    current = claim.row.revisions.get(is_current=True)
    return {
        "id": str(one),
        "sha256": claim.sha256_of(current),
        "revision": current.number,
        "missing_media": missing_media(claim.row),
    }


class AnyFileParser(FileUploadParser):
    media_type = "*/*"

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        return str(parser_context["kwargs"]["medium"])


@extend_schema(
    request={"*/*": OpenApiTypes.BINARY}, responses={200: Receipt, 413: Problem, 422: Problem}
)
@api_view(["PUT"])
@permission_classes([IsAuthenticated])
@parser_classes([AnyFileParser])
def observation_media(request: Request, slug: str, one: uuid.UUID, medium: uuid.UUID) -> Response:
    """The bytes of a photo named in the manifest; sent again it changes nothing."""
    access = enter_field(request, slug, change=Right.OBSERVE)
    if sent_bytes(request) > MAX_MEDIA_BYTES:
        raise TooLarge(_("A photo has at most 20 MB."))
    claims = claims_under(access=access, one=one)
    if not claims:
        raise Http404
    rows = [claim.row for claim in claims if claim.copy or may_change(access, claim.row)]
    if not rows:
        raise PermissionDenied(_("This observation belongs to somebody else."))
    data: Any = request.data
    upload = data.get("file")
    content = upload.read() if upload else b""
    try:
        receive_photo_at(rows=rows, medium=medium, content=content)
    except NotAnnounced as error:
        raise Http404 from error
    except OtherBytes:
        detail = {"path": "/sha256", "detail": _("These are not the bytes of the manifest.")}
        return problem(422, _("The photo is not the one announced."), [detail])
    return Response(_standing_receipt(one, claims[0]))


@extend_schema(responses={200: OpenApiTypes.OBJECT, 304: None})
@api_view(["GET"])
@permission_classes([IsAuthenticated])
def guides(request: Request, slug: str) -> HttpResponse:
    """Published and closing guides, with the locations observed at; `ETag`, 304."""
    access = enter_field(request, slug)
    body = json.dumps(guides_document(access), ensure_ascii=False, separators=(",", ":"))
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return HttpResponse(body, content_type="application/json", headers=headers)
