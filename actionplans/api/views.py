"""The effect of an action: replayed on past observations, and measured on those that came after."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from actionplans.api.documents import effect_document
from actionplans.api.measure_documents import measures_document
from actionplans.api.measure_serializers import ActionMeasures
from actionplans.api.serializers import ActionEffects
from actionplans.gaps import journey_at
from actionplans.measure_cards import may_see_effects
from actionplans.measure_models import Measure
from actionplans.models import Action
from actionplans.worth import day_rate_of, quadrants_of, worth_of, worth_on
from journeys.access import enter_as
from journeys.rights import Right
from observations.api.serializers import Problem
from observations.scores import read_scores
from observations.selection import PARAMETERS, BadSelection, read_selection

FILTERS = [OpenApiParameter(name, str, OpenApiParameter.QUERY) for name in PARAMETERS]


@extend_schema(
    summary="What an action would have changed",
    description=(
        "The observations that the filters select, scored once more with the declared effects on "
        "their answers. For whoever may see the plan and the scores."
    ),
    parameters=FILTERS,
    responses={200: ActionEffects, 400: Problem, 404: Problem},
)
@api_view(["GET"])
def action_effect(request: Request, slug: str, pk: int) -> Response:
    assert isinstance(request.user, User)
    access = enter_as(request.user, slug, see=Right.SEE_PLAN | Right.SEE_SCORES)
    rows = Action.objects.visible_to(access).for_list().with_effects()
    action: Action = get_object_or_404(rows, pk=pk)
    journey = journey_at(access, action.stage.journey.key)
    try:
        selection = read_selection(request.query_params, journey=journey, access=access)
    except BadSelection as bad:
        raise ValidationError(bad.errors) from bad
    sheet = read_scores(journey, selection)
    rate = day_rate_of(access)
    worth = worth_on(sheet, [action], day_rate=rate)[action.pk]
    # Among all the actions of the plan, hence over all observations, whatever the filters.
    placed = quadrants_of(worth_of(list(rows), access, day_rate=rate))
    return Response(effect_document(worth, sheet, placed.get(action.pk)))


@extend_schema(
    summary="How the effect of an action is measured, and what it said",
    description=(
        "Fixed before the action starts; the verdict is computed when the window after is over, and "
        "stays as it was then. For whoever may see the plan and the scores of every location."
    ),
    responses={200: ActionMeasures, 404: Problem},
)
@api_view(["GET"])
def action_measures(request: Request, slug: str, pk: int) -> Response:
    assert isinstance(request.user, User)
    access = enter_as(request.user, slug, see=Right.SEE_PLAN | Right.SEE_SCORES)
    if not may_see_effects(access):
        raise Http404
    action: Action = get_object_or_404(Action.objects.visible_to(access).for_list(), pk=pk)
    measures = Measure.objects.with_parts().filter(action=action)
    return Response(measures_document(action, measures))
