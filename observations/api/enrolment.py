"""A lead's one-time code for a token: the one call that asks for no login."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    parser_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from observations.api.parsers import ShallowJSONParser
from observations.api.serializers import Enrolment, EnrolmentRequest, Problem
from observations.api.throttles import EnrolmentThrottle
from observations.devices import CodeRefused, enrol
from observations.documents import uuid_of
from observations.guide_documents import location_document, programme_document


@extend_schema(
    auth=[],
    request=EnrolmentRequest,
    responses={201: Enrolment, **dict.fromkeys((400, 403, 429), Problem)},
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
@parser_classes([ShallowJSONParser])
@throttle_classes([EnrolmentThrottle])
def enrolment(request: Request) -> Response:
    """Swaps the code that a lead shows for the token of a device, once."""
    code, own_uuid = _read(request.data)
    try:
        device, token = enrol(code=code, own_uuid=own_uuid)
    except CodeRefused as refused:
        raise ValidationError({"code": [_words(refused.why)]}) from refused
    body = {
        "token": token,
        "device": {"id": str(device.uuid), "name": device.name},
        "programme": programme_document(device.programme),
        "locations": [location_document(one) for one in device.locations.all()],
    }
    return Response(body, status=201, headers={"Cache-Control": "no-store"})


def _read(body: Any) -> tuple[str, uuid.UUID | None]:
    if not isinstance(body, dict):
        raise ParseError(_("An enrolment is a JSON object with a “code”."))
    code, named = body.get("code"), body.get("device")
    if not isinstance(code, str) or not code.strip():
        raise ValidationError({"code": [_("This field is needed.")]})
    own_uuid = uuid_of({"id": named})
    if named is not None and own_uuid is None:
        raise ValidationError({"device": [_("A UUID.")]})
    return code, own_uuid


def _words(why: str) -> str:
    return {
        "unknown": _("This code is not known: check its letters."),
        "used": _("This code was used already: ask for a new one."),
        "expired": _("This code has expired: ask for a new one."),
    }[why]
