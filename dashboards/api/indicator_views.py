"""The indicators of a programme under the filters."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from dashboards.api.indicator_documents import indicators_document
from dashboards.api.indicator_serializers import Indicators
from journeys.access import enter_as
from journeys.rights import Right
from observations.api.serializers import Problem
from observations.indicators import read_indicators
from observations.models import IndicatorDefinition
from observations.selection import (
    INDICATOR_PARAMETERS,
    BadSelection,
    read_indicator_selection,
)

FILTERS = [OpenApiParameter(name, str, OpenApiParameter.QUERY) for name in INDICATOR_PARAMETERS]


@extend_schema(parameters=FILTERS, responses={200: Indicators, 400: Problem, 404: Problem})
@api_view(["GET"])
def programme_indicators(request: Request, slug: str) -> Response:
    """The current version of each indicator. Location managers read those of their locations."""
    assert isinstance(request.user, User)
    access = enter_as(request.user, slug, see=Right.SEE_SCORES)
    try:
        selection = read_indicator_selection(request.query_params, access=access)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad
    definitions = list(IndicatorDefinition.objects.visible_to(access).current())
    figures = read_indicators(definitions, selection, access)
    return Response(indicators_document(figures, selection))
