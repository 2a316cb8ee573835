"""The journey by wave, and whether its last step was real."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at
from dashboards.filters import filter_form
from dashboards.links import changes_url, query_of
from dashboards.step_words import journey_step, stage_steps, whole_line
from dashboards.trend_chart import trend_chart
from dashboards.views.boards import read_filtered
from dashboards.wave_trend import LastChange, read_last_change, read_waves
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.scores import ScoreSheet


@login_required
@require_GET
def wave_trend(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Under the filters of the dashboard, which holds it as a `panel` and takes its arrows from it."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    sheet = read_filtered(form, request.GET, access, journey)
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "kept": query_of(form.asked),
        "sheet": sheet,
    }
    if sheet and sheet.framework and sheet.stages:
        context |= _content(sheet, access, form.asked)
        if request.GET.get("panel"):
            return render(request, "dashboards/_trend_panel.html", context | {"in_page": True})
    return show(request, "dashboards/wave_trend", context, status=form_status(form))


def _content(sheet: ScoreSheet, access: Access, asked: Mapping[str, str]) -> dict[str, Any]:
    waves = read_waves(sheet)
    last = read_last_change(sheet, waves)
    return {
        "waves": waves,
        "chart": trend_chart(waves, access, sheet.journey, asked),
        "last": last,
        "whole": whole_line(last.sheet) if last.sheet else None,
        "step": journey_step(last),
        "steps_of_stages": stage_steps(last),
        "changes_url": _changes_url(access, sheet, last, asked),
    }


def _changes_url(
    access: Access, sheet: ScoreSheet, last: LastChange, asked: Mapping[str, str]
) -> str:
    if last.before is None or last.after is None:
        return ""
    return changes_url(access, sheet.journey, (last.before, last.after, last.baseline), asked)
