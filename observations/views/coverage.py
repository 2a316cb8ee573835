"""Planned, done and missing: the page, its table as CSV, and what was observed beside the plan."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journeys.access import enter
from journeys.pages import show
from journeys.rights import Right
from observations.coverage import Coverage, PlaceRow, Tally, WaveRow, read_coverage, read_filter
from observations.fulfilling import extra_revisions, fitting_visits, visits_of
from observations.models import Observation, Revision
from observations.planning import attach_observation
from observations.views.planning import enter_to_plan
from observations.views.reading import query_without
from observations.visit_forms import METHOD_CHOICES

PAGE = 50


@login_required
@require_GET
def visit_coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """Numbers for all who read scores; whose visits they are for those who see observations."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    chosen = read_filter(request.GET, access)
    coverage = read_coverage(access, chosen) if chosen.journey else None
    regions = access.programme.locations.exclude(region="").order_by("region")
    context = {
        "coverage": coverage,
        "rows": _with_tallies(coverage, coverage.rows) if coverage else [],
        "waves": _with_tallies(coverage, coverage.waves) if coverage else [],
        "filter": chosen,
        "methods": METHOD_CHOICES,
        "regions": regions.values_list("region", flat=True).distinct(),
        "shows_people": access.may(Right.SEE_OBSERVATIONS),
        "may_plan": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "query": request.GET.urlencode(),
        "active_step": "observations",
    }
    return show(request, "observations/visit_coverage", context)


def _with_tallies(
    coverage: Coverage, rows: Sequence[PlaceRow | WaveRow]
) -> list[tuple[PlaceRow | WaveRow, list[tuple[str, str, Tally | None]]]]:
    """Each row with its tallies in the order of the methods: (method, its name, tally)."""
    return [
        (row, [(method, label, row.by_method.get(method)) for method, label in coverage.methods])
        for row in rows
    ]


@login_required
@require_GET
def visit_coverage_csv(request: HttpRequest, slug: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_SCORES)
    chosen = read_filter(request.GET, access)
    if chosen.journey is None:
        raise Http404
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-coverage.csv"'
    answer.write("\N{BYTE ORDER MARK}")  # or a spreadsheet reads accents wrongly
    _write(csv.writer(answer), read_coverage(access, chosen))
    return answer


def _write(writer: Any, coverage: Coverage) -> None:
    heads = (_("Code"), _("Location"), _("Region"), _("Method"))
    sums = (_("Planned"), _("Observed"), _("Missing"), _("Missed"), _("Beside the plan"))
    writer.writerow([*heads, *sums])
    for row in coverage.rows:
        for method, label in coverage.methods:
            one = row.by_method.get(method)
            if one is not None:
                place = row.location
                names = [_harmless(text) for text in (place.code, place.name, place.region)]
                figures = (one.planned, one.done, one.missing, one.late, one.extra)
                writer.writerow([*names, label, *figures])


def _harmless(text: str) -> str:
    """What a spreadsheet would take for a formula is text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@login_required
@require_GET
def visit_extra(request: HttpRequest, slug: str) -> HttpResponse:
    """Observations that count for no planned visit, with the visits that each would fit."""
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS, change=Right.EDIT_METHOD)
    chosen = read_filter(request.GET, access)
    rows = extra_revisions(access, chosen.journey)
    wanted = {
        "method": chosen.method,
        "location__region": chosen.region,
        "location__code": request.GET.get("location"),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if chosen.wave is not None:
        rows = rows.filter(month__gte=chosen.wave.first_month, month__lte=chosen.wave.last_month)
    before = request.GET.get("before", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    fitting = fitting_visits(found)
    context = {
        "lines": [(row, fitting.get(row.pk, [])) for row in found[:PAGE]],
        "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
        "filter": chosen,
        "query": query_without(request, "before"),
        "may_plan": not access.programme.is_archived,
        "active_step": "observations",
    }
    return show(request, "observations/visit_extra", context)


@login_required
@require_POST
def observation_visit(request: HttpRequest, slug: str, one: uuid.UUID) -> HttpResponse:
    """Counts an observation for a visit that it fits (`visit`), or leaves it to its document."""
    access = enter_to_plan(request, slug)
    row = Observation.objects.visible_to(access).filter(uuid=one).first()
    if row is None:
        raise Http404
    current = Revision.objects.select_related("observation").get(observation=row, is_current=True)
    asked = request.POST.get("visit", "")
    fits = {str(visit.uuid): visit for visit in fitting_visits([current]).get(current.pk, [])}
    if asked and asked not in fits:
        messages.error(
            request, _("This visit is at another location, by another method or journey.")
        )
    else:
        attach_observation(observation=row, visit=fits.get(asked), actor=access.user)
        now = visits_of([current]).get(current.pk)
        messages.success(
            request, _("Counted for a planned visit.") if now else _("Counted for no visit.")
        )
    return redirect(_way_back(request, slug, one))


def _way_back(request: HttpRequest, slug: str, one: uuid.UUID) -> str:
    """To the list of extras with its filters, where the button was pressed there."""
    if request.POST.get("from") == "extra":
        query = request.GET.urlencode()
        return reverse("observations:visit-extra", args=[slug]) + (f"?{query}" if query else "")
    return reverse("observations:observation-detail", args=[slug, one])
