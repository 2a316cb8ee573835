"""Is the change real? Two windows of a journey, stage by stage, each verdict with its reasons."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from actionplans.gaps import journey_at
from dashboards.change_rows import (
    change_rows,
    closing_month,
    left_out_lines,
    versions_text,
)
from dashboards.comparison_form import ComparisonForm
from dashboards.links import dashboard_url
from dashboards.step_words import whole_line
from journeys.access import Access, enter
from journeys.models import Journey, Wave
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.changes import ChangeSheet, observed_months, read_changes
from observations.selection import BadSelection, read_comparison
from scoring.change_bar import scale_of
from scoring.planning import PLANNED_CHANGES, planning_table


@login_required
@require_GET
def changes(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The two latest waves with observations, unless the URL says what to compare."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journey = journey_at(access, key)
    waves = list(access.programme.waves.all())
    suggested = _latest_two(journey, waves)
    form = ComparisonForm(request.GET, access=access, waves=waves, suggested=suggested)
    is_asked = form.is_asked or bool(suggested)
    sheet = _sheet(form, access, journey) if is_asked else None
    context = {
        "active_step": "dashboard",
        "journey": journey,
        "form": form,
        "waves": waves,
        "back": dashboard_url(access, journey, {}),
        "planned_changes": PLANNED_CHANGES,
        "planning": planning_table(),
    } | (_content(sheet, access) if sheet else {})
    return show(request, "dashboards/changes", context, status=form_status(form))


def _latest_two(journey: Journey, waves: list[Wave]) -> dict[str, str]:
    months = observed_months(journey)
    seen = [one for one in waves if any(one.first_month <= m <= one.last_month for m in months)]
    return {} if len(seen) < 2 else {"before": seen[-2].key, "after": seen[-1].key}


def _sheet(form: ComparisonForm, access: Access, journey: Journey) -> ChangeSheet | None:
    """The changes asked for; None where that can't be read, and the form says which."""
    try:
        comparison = read_comparison(form.asked, journey=journey, access=access)
    except BadSelection as bad:
        form.refuse(bad.errors)
        return None
    return read_changes(journey, comparison)


def _content(sheet: ChangeSheet, access: Access) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "rows": change_rows(sheet, access),
        "whole": whole_line(sheet),
        "bound": scale_of(sheet.stages),
        "ground_versions": versions_text(sheet.common_ground) if sheet.common_ground else "",
        "left_out": left_out_lines(sheet.common_ground, sheet.journey),
        "nothing_compared": all(one.judged is None for one in sheet.stages),
        "closes": closing_month(sheet),
        "is_paired": any(method.paired for one in sheet.stages for method in one.methods),
        "ignores_baseline": bool(sheet.comparison.control and sheet.comparison.baseline),
        "has_guard": bool(sheet.comparison.control or sheet.comparison.baseline),
    }
