"""What a call asks for: a journey, and its scores under the filters."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import User
from actionplans.gaps import journey_at
from journeys.access import Access, enter_as
from journeys.models import Journey
from journeys.rights import Right
from observations.scores import ScoreSheet, read_scores
from observations.selection import PARAMETERS, BadSelection, read_selection

FILTERS = [OpenApiParameter(name, str, OpenApiParameter.QUERY) for name in PARAMETERS]


def asked_journey(request: Request, slug: str, key: str) -> tuple[Access, Journey]:
    assert isinstance(request.user, User)
    access = enter_as(request.user, slug, see=Right.SEE_SCORES)
    return access, journey_at(access, key)


def asked_scores(request: Request, access: Access, journey: Journey) -> ScoreSheet:
    """400 with each filter that can't be read."""
    try:
        selection = read_selection(request.query_params, journey=journey, access=access)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad
    return read_scores(journey, selection)
