"""How the score of a stage was computed, down to the observations it was computed from."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from actionplans.gaps import gaps_of, journey_at
from dashboards.evidence import (
    formula,
    interaction_lines,
    is_plain,
    location_names,
    method_lines,
)
from dashboards.views.boards import filter_form, read_filtered
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right


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
        "observations": _observations(access, journey, stage_key, form.asked),
    }
    if sheet and gap:
        context |= {
            "formula": formula(gap.score),
            "is_plain": is_plain(gap.score),
            "methods": method_lines(gap.score, location_names(sheet)),
            "interactions": interaction_lines(sheet, gap.score),
            "by_channel": sheet.selection.channel is not None,
        }
    return show(request, "dashboards/stage_evidence", context, status=form_status(form))


def _back(access: Access, journey: Journey, asked: dict[str, str]) -> str:
    url = reverse("dashboards:dashboard", args=[access.programme.slug])
    return f"{url}?{urlencode({'journey': journey.key} | asked)}"


def _observations(access: Access, journey: Journey, stage: str, asked: dict[str, str]) -> str:
    """The list under the same filters; nothing for whoever reads scores without observations."""
    if not access.may(Right.SEE_OBSERVATIONS):
        return ""
    url = reverse("observations:observation-list", args=[access.programme.slug])
    return f"{url}?{urlencode({'journey': journey.key, 'stage': stage} | asked)}"
