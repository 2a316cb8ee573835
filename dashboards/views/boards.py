"""The executives' page: where the experience disappoints, and what is being done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import actions_of, gaps_of, journey_at, may_plan, perimeter_journeys
from dashboards.boards import counted_sentence, curves, key_figures, widest, with_indicators
from dashboards.comparing import compare_choices, read_other
from dashboards.executive_indicators import all_indicators_url, executive_indicators
from dashboards.export_form import ExportForm
from dashboards.filters import FilterForm, filter_form
from dashboards.freshness import fingerprint
from dashboards.heat_map import kept_dimension, panel_query
from dashboards.links import dashboard_url, figure_urls, query_of
from dashboards.saved_views import box_views, default_url, kept_query
from dashboards.signing import latest_report, since_text
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.scores import ScoreSheet, read_scores
from observations.selection import BadSelection, read_selection
from scoring.models import Framework


@login_required
@require_GET
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """One journey at a time: there is no score over all segments."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    views = box_views(access)
    if not request.GET and (chosen := default_url(access, views)):
        return redirect(chosen)
    journeys = perimeter_journeys(access)
    if not journeys:
        return show(request, "dashboards/dashboard", {"active_step": "dashboard"})
    journey, is_known = chosen_journey(journeys, request.GET.get("journey", ""))
    form = filter_form(request.GET, access, journey)
    if not is_known:
        form.refuse({"journey": _("No journey of the perimeter has this key.")})
    seen = fingerprint(journey)  # before the figures: what is folded meanwhile is told as news
    sheet = read_filtered(form, request.GET, access, journey) if is_known else None
    by = kept_dimension(request.GET)
    on_page = form.asked | _compare(request)
    viewed = {**on_page, "by": by} if by else on_page
    context = {
        "active_step": "dashboard",
        "here": dashboard_url(access, journey, on_page),
        "by": by,
        "heat_query": panel_query(on_page, by),
        "journeys": [
            (one, urlencode({"journey": one.key, **form.asked, **({"by": by} if by else {})}))
            for one in journeys
        ],
        "journey": journey,
        "form": form,
        "kept": query_of(form.asked),
        "may_plan": may_plan(access),
        "seen": seen,
        "views": views,
        "view_query": kept_query({"journey": journey.key, **viewed}),
        "export_form": ExportForm(initial={"language": get_language()}),
    } | (_content(access, journey, sheet, form.asked) if sheet else {})
    compared = _compared(request.GET.get("compare", "").strip(), journeys, journey, form)
    status = 422 if compared["compare_error"] else form_status(form)
    return show(request, "dashboards/dashboard", context | compared, status=status)


def _compared(
    asked: str, journeys: list[Journey], journey: Journey, form: FilterForm
) -> dict[str, Any]:
    """What the page is compared with; what can't be read is said beside the figures."""
    error = ""
    try:
        read_other(asked, journeys, journey)
    except BadSelection as bad:
        error = " ".join(bad.errors.values())
    return {
        "compare": asked,
        "compare_error": error,
        "choices": compare_choices(journeys, journey, form.asked.get("wave")),
    }


@login_required
@require_GET
def dashboard_freshness(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """204 while the figures that were `seen` are those of now, else the word for the page to read anew."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    if fingerprint(journey_at(access, key)) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Trigger": "scores-changed"})


def _compare(request: HttpRequest) -> dict[str, str]:
    compare = request.GET.get("compare", "").strip()
    return {"compare": compare} if compare else {}


def chosen_journey(journeys: list[Journey], key: str) -> tuple[Journey, bool]:
    """The journey asked for, else the first that has a published framework."""
    if key:
        found = next((journey for journey in journeys if journey.key == key), None)
        return found or journeys[0], found is not None
    published = set(
        Framework.objects.published()
        .filter(journey__in=journeys)
        .values_list("journey_id", flat=True)
    )
    return next((one for one in journeys if one.pk in published), journeys[0]), True


def read_filtered(
    form: FilterForm, query: Mapping[str, Any], access: Access, journey: Journey
) -> ScoreSheet | None:
    """The scores under the filters of the URL; None where one can't be read, and the form says which."""
    try:
        selection = read_selection(query, journey=journey, access=access)
    except BadSelection as bad:
        form.refuse(bad.errors)
        return None
    return read_scores(journey, selection)


def _content(
    access: Access, journey: Journey, sheet: ScoreSheet, asked: dict[str, str]
) -> dict[str, Any]:
    actions = actions_of(access, [journey]) if access.sees_whole_plan else None
    gaps = gaps_of(sheet, actions=actions or ())
    by_stage = {gap.stage.pk: gap for gap in gaps}
    stages = [by_stage[stage.pk] for stage in sheet.stages]
    figures = key_figures(sheet, gaps, actions, figure_urls(access, sheet, asked))
    indicators = executive_indicators(access, journey, sheet.selection, asked)
    return {
        "sheet": sheet,
        "figures": with_indicators(figures, indicators),
        "counted": counted_sentence(sheet),
        "is_observed": sheet.pending > 0 or any(stage.n for stage in sheet.reading.stages),
        "stages": stages,
        "curves": curves(sheet, stages),
        "gaps": widest(gaps),
        "indicators": indicators,
        "indicators_url": all_indicators_url(access, journey, asked),
        "sees_plan": access.sees_whole_plan,
    } | _signed(access, sheet, asked)


def _signed(access: Access, sheet: ScoreSheet, asked: dict[str, str]) -> dict[str, Any]:
    """The last report under these filters; a report holds every location, so not for whoever reads some."""
    if not access.may_at_once(Right.SEE_SCORES | Right.SEE_ALL_LOCATIONS):
        return {}
    report = latest_report(sheet.journey, asked)
    return {
        "report": report,
        "since": since_text(report, sheet) if report else "",
        "may_sign": access.may(Right.SIGN_OFF) and not access.programme.is_archived,
    }
