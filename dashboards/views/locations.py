"""The locations of a programme side by side."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at
from dashboards.filters import filter_form
from dashboards.leagues import (
    cautions,
    league_formulas,
    league_lines,
    league_stage,
    mean_text,
    stage_choices,
    verdict,
)
from dashboards.views.boards import read_filtered
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.locations import LeagueSheet, read_league
from observations.selection import BadSelection


@login_required
@require_GET
def location_league(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Of one stage, or of the whole journey; the filters by location and region choose the rows."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    stage, is_readable = None, True
    try:
        stage = league_stage(request.GET, journey)
    except BadSelection as bad:
        form.refuse(bad.errors)
        is_readable = False
    sheet = read_filtered(form, request.GET, access, journey) if is_readable else None
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "journey": journey,
        "stage": stage,
        "choices": stage_choices(journey, stage, form.asked),
        "form": form,
        "sheet": sheet,
    }
    if sheet and sheet.framework and sheet.stages:
        context |= _content(read_league(sheet, access, stage), access, form.asked)
    return show(request, "dashboards/location_league", context, status=form_status(form))


def _content(league: LeagueSheet, access: Access, asked: dict[str, str]) -> dict[str, Any]:
    return {
        "league": league,
        "lines": league_lines(league, access, asked),
        "verdict": verdict(league),
        "cautions": cautions(league),
        "mean": mean_text(league),
        "compared": len(league.league.compared),
        "formulas": league_formulas(league),
    }
