"""Two waves or two segments side by side, under the filters of the dashboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at, perimeter_journeys
from dashboards.comparing import (
    Other,
    compare_choices,
    compare_segments,
    compare_waves,
    read_other,
)
from dashboards.filters import filter_form
from dashboards.links import changes_url, query_of
from dashboards.segment_heat import segment_names
from dashboards.views.boards import read_filtered
from journeys.access import Access, enter
from journeys.models import Journey, Wave
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.changes import observed_months
from observations.scores import ScoreSheet
from observations.selection import BadSelection


@login_required
@require_GET
def comparison(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """`compare` says with what; the dashboard holds the answer as a `panel`."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = filter_form(request.GET, access, journey)
    journeys = perimeter_journeys(access)
    asked = request.GET.get("compare", "").strip()
    other = None
    try:
        other = read_other(asked, journeys, journey)
    except BadSelection as bad:
        form.refuse(bad.errors)
    sheet = read_filtered(form, request.GET, access, journey)
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "kept": query_of(form.asked),
        "sheet": sheet,
        "compare": asked,
        "choices": compare_choices(journeys, journey, form.asked.get("wave")),
    }
    if sheet and sheet.framework and other and not form.errors:
        context |= _content(sheet, other, journeys, access, form.asked)
    if request.GET.get("panel") and "compared" in context:
        return render(request, "dashboards/_compare_panel.html", context | {"in_page": True})
    return show(request, "dashboards/comparison", context, status=form_status(form))


def _content(
    sheet: ScoreSheet,
    other: Other,
    journeys: Sequence[Journey],
    access: Access,
    asked: Mapping[str, str],
) -> dict[str, Any]:
    if other.journey is not None:
        others = [one for one in journeys if one.pk != sheet.journey.pk]
        names = segment_names([sheet.journey, *others])
        compared = compare_segments(sheet, other.journey, names, access, asked)
        return {"compared": compared, "is_segments": True}
    assert other.wave is not None
    seen = _observed_waves(sheet)
    own = _own_wave(sheet, other.wave, seen)
    if own is None:
        return {"compared": None, "why": _("It takes another wave with observations to compare.")}
    first, second = sorted((own, other.wave), key=lambda wave: wave.first_month)
    earlier = [wave for wave in seen if wave.last_month < first.first_month]
    baseline = earlier[-1] if earlier else None
    return {
        "compared": compare_waves(sheet, (first, second), baseline, access, asked),
        "changes_url": changes_url(access, sheet.journey, (first, second, baseline), asked),
    }


def _observed_waves(sheet: ScoreSheet) -> list[Wave]:
    """In the order of time, those with observations at the locations and by the methods selected."""
    always = replace(sheet.selection, first_month=None, last_month=None, wave=None)
    months = observed_months(sheet.journey, always)
    return [
        wave
        for wave in sorted(sheet.journey.programme.waves.all(), key=lambda one: one.first_month)
        if any(wave.first_month <= month <= wave.last_month for month in months)
    ]


def _own_wave(sheet: ScoreSheet, other: Wave, seen: list[Wave]) -> Wave | None:
    """The wave chosen; without one the last observed that is not the other."""
    chosen = sheet.selection.wave
    if chosen is not None and chosen != other.key:
        return sheet.journey.programme.waves.filter(key=chosen).first()
    return next((wave for wave in reversed(seen) if wave.pk != other.pk), None)
