"""How the scores of a journey and of a stage were computed, down to the observations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import Gap, gaps_of, journey_at
from dashboards.causes import by_points, cost_most, earned_most, held_back_points
from dashboards.evidence import (
    formula,
    in_channel,
    interaction_lines,
    is_plain,
    leaning_note,
    location_names,
    method_lines,
)
from dashboards.explained import (
    gap_explained,
    priority_explained,
    score_explained,
    target_explained,
)
from dashboards.filters import filter_form
from dashboards.journey_evidence import explain_journey
from dashboards.links import dashboard_url, journey_url, observations_url, query_of
from dashboards.spreads import side_by_side
from dashboards.views.boards import read_filtered
from journeys.access import enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.scores import ScoreSheet
from scoring.models import Framework

BY_POINTS = "points"


@login_required
@require_GET
def journey_evidence(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The score of a whole journey, under the filters of the page one comes from."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    sheet = read_filtered(form, request.GET, access, journey)
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "kept": query_of(form.asked),
        "sheet": sheet,
        "back": dashboard_url(access, journey, form.asked),
        "observations": observations_url(access, journey, form.asked),
    }
    if sheet and sheet.framework and sheet.stages:
        context["explained"] = explain_journey(sheet)
    return show(request, "dashboards/journey_evidence", context, status=form_status(form))


@login_required
@require_GET
def stage_evidence(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    """Under the filters of the page one comes from, in the URL."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    stage = get_object_or_404(journey.stages, key=stage_key)
    form = filter_form(request.GET, access, journey)
    sheet = read_filtered(form, request.GET, access, journey)
    gap = next((one for one in gaps_of(sheet) if one.stage == stage), None) if sheet else None
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "stage": stage,
        "form": form,
        "sheet": sheet,
        "gap": gap,
        "back": dashboard_url(access, journey, form.asked),
        "whole": journey_url(access, journey, form.asked),
        "observations": observations_url(access, journey, {"stage": stage_key} | form.asked),
    }
    if sheet and sheet.framework and gap:
        names = location_names(access.programme)
        context["methods"] = method_lines(gap.score, names)
        context["leaning"] = leaning_note(gap.score.methods)
        context |= _seen(sheet, gap, sheet.framework, request) | _explained(gap)
        context |= side_by_side(sheet, stage, access, form.asked, names)
    return show(request, "dashboards/stage_evidence", context, status=form_status(form))


def _seen(
    sheet: ScoreSheet, gap: Gap, framework: Framework, request: HttpRequest
) -> dict[str, Any]:
    """What was observed: interactions, and what they cost and earned."""
    whole = interaction_lines(sheet, gap.score)
    lines = in_channel(whole, sheet.selection.channel)
    is_by_points = request.GET.get("order") == BY_POINTS
    below = framework.thresholds.broken_below
    return {
        "interactions": by_points(lines) if is_by_points else lines,
        "is_ordered": "order" in request.GET,
        "orders": _orders(request, is_by_points=is_by_points),
        "cost": cost_most(lines),
        "earned": earned_most(lines),
        "held_back_points": held_back_points(gap.score.sums, lines, whole, below),
        "by_channel": sheet.selection.channel is not None,
    }


def _orders(request: HttpRequest, *, is_by_points: bool) -> list[dict[str, Any]]:
    """The two orders of the interactions, each with its address."""
    choices = (
        ("guide", _("As in the guide"), not is_by_points),
        (BY_POINTS, _("By points"), is_by_points),
    )
    found = []
    for order, name, is_chosen in choices:
        query = request.GET.copy()
        query["order"] = order
        url = f"{request.path}?{query.urlencode()}"
        found.append({"name": name, "url": url, "is_chosen": is_chosen})
    return found


def _explained(gap: Gap) -> dict[str, Any]:
    """The formulas filled in; where too little was observed, the target's alone."""
    found: dict[str, Any] = {
        "formula": formula(gap.score),
        "is_plain": is_plain(gap.score),
        "explained_target": target_explained(gap.score),
    }
    if gap.is_shown:
        found |= {
            "explained_score": score_explained(gap.score),
            "explained_gap": gap_explained(gap.score),
            "explained_priority": priority_explained(gap),
        }
    return found
