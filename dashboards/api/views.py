"""Scores, priorities and changes of a journey, and the list of programmes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from dashboards.api.asked import FILTERS, asked_journey, asked_scores
from dashboards.api.documents import changes_document, priorities_document, scores_document
from dashboards.api.serializers import Changes, Priorities, ProgrammeItem, Scores
from journeys.models import Programme
from observations.api.serializers import Problem
from observations.changes import read_changes
from observations.selection import COMPARISON_PARAMETERS, BadSelection, read_comparison


@extend_schema(parameters=FILTERS, responses={200: Scores, 400: Problem, 404: Problem})
@api_view(["GET"])
def journey_scores(request: Request, slug: str, key: str) -> Response:
    access, journey = asked_journey(request, slug, key)
    return Response(scores_document(asked_scores(request, access, journey)))


@extend_schema(parameters=FILTERS, responses={200: Priorities, 400: Problem, 404: Problem})
@api_view(["GET"])
def journey_priorities(request: Request, slug: str, key: str) -> Response:
    access, journey = asked_journey(request, slug, key)
    return Response(priorities_document(asked_scores(request, access, journey)))


_WINDOW = "A wave; or {0}_from and {0}_to, its first and its last month, YYYY-MM."
_SAID = {
    "before": f"{_WINDOW.format('before')} What was chosen to be acted on was chosen here.",
    "after": f"{_WINDOW.format('after')} It begins after the window before has ended.",
    "baseline": (
        f"{_WINDOW.format('baseline')} A second window before the action that was not used for "
        "choosing; it shares no month with the others. Without a control the verdict is on the "
        "change since it, because a stage chosen for being low seems to gain by itself."
    ),
    "control": (
        "Codes of locations where nothing was done, separated by commas. The verdict is then on "
        "the difference in differences, and a second baseline is not read."
    ),
    "method": "Only these methods, separated by commas.",
    "location": (
        "Codes of the locations acted on, separated by commas. Without them: all but the control."
    ),
}
COMPARISON = [
    OpenApiParameter(name, str, OpenApiParameter.QUERY, description=_SAID.get(name, ""))
    for name in COMPARISON_PARAMETERS
]


@extend_schema(parameters=COMPARISON, responses={200: Changes, 400: Problem, 404: Problem})
@api_view(["GET"])
def journey_changes(request: Request, slug: str, key: str) -> Response:
    access, journey = asked_journey(request, slug, key)
    try:
        comparison = read_comparison(request.query_params, journey=journey, access=access)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad
    return Response(changes_document(read_changes(journey, comparison)))


class BySlug(CursorPagination):
    ordering = "slug"


class ProgrammeList(ListAPIView[Programme]):
    """The programmes in which this person has a role."""

    serializer_class = ProgrammeItem
    pagination_class = BySlug

    def get_queryset(self) -> Any:
        if not isinstance(self.request.user, User):
            return Programme.objects.none()
        return Programme.objects.visible_to(self.request.user).prefetch_related("journeys")
