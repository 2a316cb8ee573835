"""Calls of the API that are about the whole programme."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import User
from cxplan.bundle import export_bundle
from journeys.access import enter_as
from journeys.rights import Right


@extend_schema(
    summary="The programme bundle",
    description="What `export_programme` writes. It can be loaded by `load_programme`.",
    parameters=[
        OpenApiParameter(
            "observations",
            OpenApiTypes.STR,
            enum=["0", "1"],
            default="0",
            description="1: with observations and readings.",
        )
    ],
    responses={(200, "application/json"): OpenApiTypes.OBJECT},
)
@api_view(["GET"])
def bundle(request: Request, slug: str) -> StreamingHttpResponse:
    """For those who may export the programme; streamed, so that its size does not matter."""
    assert isinstance(request.user, User), "authentication is required by the settings"
    access = enter_as(request.user, slug, change=Right.MANAGE)
    asked = request.query_params.get("observations", "0")
    if asked not in ("0", "1"):
        raise ValidationError({"observations": "0 or 1."})
    pieces = export_bundle(access.programme, with_observations=asked == "1")
    answer = StreamingHttpResponse(
        (piece.encode() for piece in pieces), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="{access.programme.slug}.bundle.json"'
    return answer
