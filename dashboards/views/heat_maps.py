"""Stages against locations, regions, channels, waves or segments: where the target is missed, at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at
from dashboards.filters import filter_form
from dashboards.heat_map import (
    MOST_ROWS,
    By,
    dimension_choices,
    heat_rows,
    kept_dimension,
    read_dimension,
)
from dashboards.links import query_of
from dashboards.segment_heat import segment_rows
from dashboards.views.boards import read_filtered
from journeys.access import Access, enter
from journeys.map_grid import phases_of
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.breakdowns import read_breakdown
from observations.scores import ScoreSheet
from observations.selection import BadSelection


@login_required
@require_GET
def heat_map(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One dimension at a time (`by`), under the filters of the dashboard, which holds it as a `panel`."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    dimension, compare = By.LOCATION, request.GET.get("compare", "").strip()
    try:
        dimension = read_dimension(request.GET)
    except BadSelection as bad:
        form.refuse(bad.errors)
        sheet = None
    else:
        sheet = read_filtered(form, request.GET, access, journey)
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "dimension": dimension,
        "by": kept_dimension(request.GET),
        "choices": dimension_choices(dimension, access, journey, form.asked, compare),
        "kept": query_of({"by": dimension.value, **form.asked}),
        "sheet": sheet,
    } | (_content(sheet, access, dimension, form.asked) if sheet and sheet.framework else {})
    if request.GET.get("panel") and "rows" in context:
        return render(request, "dashboards/_heat_panel.html", context | {"in_page": True})
    return show(request, "dashboards/heat_map", context, status=form_status(form))


def _content(sheet: ScoreSheet, access: Access, by: By, asked: Mapping[str, str]) -> dict[str, Any]:
    content = {"stages": sheet.stages, "phases": phases_of(sheet.stages)}
    if by.dimension is None:
        rows, left_over, unread = segment_rows(sheet, access, asked)
        rows = rows if sheet.stages else []
        return content | {"rows": rows, "left_over": left_over, "unread": unread}
    parts = read_breakdown(sheet, by.dimension, most=MOST_ROWS)
    return content | {
        "rows": heat_rows(parts[:MOST_ROWS], sheet, access, by.dimension, asked),
        "left_out": max(len(parts) - MOST_ROWS, 0),
    }
