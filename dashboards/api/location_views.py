"""Locations and channels side by side, and how regular delight is."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from dashboards.api.asked import FILTERS, asked_journey, asked_scores
from dashboards.api.location_documents import channels_document, delight_document, league_document
from dashboards.api.location_serializers import ChannelSpreads, DelightRegularity, LocationLeague
from dashboards.leagues import league_stage
from observations.api.serializers import Problem
from observations.channels import read_channels
from observations.locations import read_delight, read_league
from observations.selection import BadSelection

STAGE = OpenApiParameter(
    "stage",
    str,
    OpenApiParameter.QUERY,
    description="A stage of the perimeter; the whole journey, with all points together, without one.",
)


@extend_schema(
    parameters=[STAGE, *FILTERS], responses={200: LocationLeague, 400: Problem, 404: Problem}
)
@api_view(["GET"])
def journey_locations(request: Request, slug: str, key: str) -> Response:
    """The league of locations by shrinkage. `location` and `region` choose which rows are shown:
    all locations of the programme are compared."""
    access, journey = asked_journey(request, slug, key)
    try:
        stage = league_stage(request.query_params, journey)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad
    sheet = asked_scores(request, access, journey)
    return Response(league_document(read_league(sheet, access, stage)))


@extend_schema(
    parameters=[one for one in FILTERS if one.name != "channel"],
    responses={200: ChannelSpreads, 400: Problem, 404: Problem},
)
@api_view(["GET"])
def journey_channels(request: Request, slug: str, key: str) -> Response:
    """The channels of each stage, and the spread between their scores."""
    access, journey = asked_journey(request, slug, key)
    return Response(channels_document(read_channels(asked_scores(request, access, journey))))


@extend_schema(parameters=FILTERS, responses={200: DelightRegularity, 400: Problem, 404: Problem})
@api_view(["GET"])
def journey_delight(request: Request, slug: str, key: str) -> Response:
    """Where a level of +2 or more happens, and whether by design or by chance."""
    access, journey = asked_journey(request, slug, key)
    sheet = asked_scores(request, access, journey)
    return Response(delight_document(sheet, read_delight(sheet)))
