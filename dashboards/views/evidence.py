"""How the scores of a journey and of a stage were computed, down to the observations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import Gap, gaps_of, journey_at
from dashboards.causes import by_points, cost_most, earned_most, held_back_points
from dashboards.evidence import (
    formula,
    interaction_lines,
    is_plain,
    location_names,
    method_lines,
)
from dashboards.explained import (
    gap_explained,
    priority_explained,
    score_explained,
    target_explained,
)
from dashboards.journey_evidence import explain_journey
from dashboards.links import journey_url, observations_url
from dashboards.spreads import side_by_side
from dashboards.views.boards import filter_form, read_filtered
from journeys.access import Access, enter
from journeys.models import Journey
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
    kept = urlencode(form.asked)
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "kept": f"?{kept}" if kept else "",
        "sheet": sheet,
        "back": _back(access, journey, form.asked),
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
        "back": _back(access, journey, form.asked),
        "whole": journey_url(access, journey, form.asked),
        "observations": observations_url(access, journey, {"stage": stage_key} | form.asked),
    }
    if sheet and sheet.framework and gap:
        context |= _seen(sheet, gap, sheet.framework, request) | _explained(gap)
        context |= side_by_side(sheet, stage, access, form.asked)
    return show(request, "dashboards/stage_evidence", context, status=form_status(form))


def _seen(
    sheet: ScoreSheet, gap: Gap, framework: Framework, request: HttpRequest
) -> dict[str, Any]:
    """What was observed: methods, interactions, and what they cost and earned."""
    lines = interaction_lines(sheet, gap.score)
    is_ordered = request.GET.get("order") == BY_POINTS
    whole = lines
    if sheet.selection.channel:
        every = replace(sheet.selection, channel=None)
        whole = interaction_lines(replace(sheet, selection=every), gap.score)
    below = framework.thresholds.broken_below
    return {
        "methods": method_lines(gap.score, location_names(sheet)),
        "interactions": by_points(lines) if is_ordered else lines,
        "is_ordered": "order" in request.GET,
        "orders": _orders(request, is_ordered=is_ordered),
        "cost": cost_most(lines),
        "earned": earned_most(lines),
        "held_back_points": held_back_points(gap.score.sums, lines, whole, below),
        "by_channel": sheet.selection.channel is not None,
    }


def _orders(request: HttpRequest, *, is_ordered: bool) -> list[dict[str, Any]]:
    """The two orders of the interactions, each with its address."""
    choices = (
        ("guide", _("As in the guide"), not is_ordered),
        (BY_POINTS, _("By points"), is_ordered),
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


def _back(access: Access, journey: Journey, asked: dict[str, str]) -> str:
    url = reverse("dashboards:dashboard", args=[access.programme.slug])
    return f"{url}?{urlencode({'journey': journey.key} | asked)}"
