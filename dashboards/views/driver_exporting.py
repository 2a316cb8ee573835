"""Asks for the chart of an indicator beside a stage: a picture, or the figures of its locations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.views.decorators.http import require_http_methods

from actionplans.gaps import perimeter_journeys
from dashboards.export_form import DriverExportForm
from dashboards.links import drivers_url
from dashboards.views.drivers import current_definitions, journey_and_filters
from dashboards.views.exporting import ask_for_export, check_filters
from journeys.access import enter
from journeys.models import Journey, Stage
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.models import IndicatorDefinition
from scoring.models import Framework

PAGE = "dashboards/indicator_drivers_export"


@login_required
@require_http_methods(["GET", "POST"])
def indicator_drivers_export(request: HttpRequest, slug: str) -> HttpResponse:
    """GET chooses, with what the URL says; POST asks, with what the form says."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    is_asked = request.method == "POST"
    query = request.POST if is_asked else request.GET
    journeys, definitions = perimeter_journeys(access), current_definitions(access)
    context: dict[str, Any] = {"active_step": "dashboard", "definitions": definitions}
    if not journeys or not definitions:
        return show(request, PAGE, context, status=422 if is_asked else 200)
    journey, filters = journey_and_filters(query, access, journeys)
    check_filters(filters, access, journey)
    stages = _stages(journey)
    form = _form(query, definitions, stages, is_asked=is_asked)
    if is_asked and form.is_valid() and not filters.errors:
        origin = drivers_url(access, journey, {**form.parameters(), **filters.asked})
        return ask_for_export(access, journey, filters, form, origin)
    context |= {
        "journey": journey,
        "form": filters,
        "stages": stages,
        "export_form": form,
        "back": drivers_url(access, journey, {**form.known(), **filters.asked}),
    }
    status = 422 if filters.errors else form_status(form)
    return show(request, PAGE, context, status=status)


def _stages(journey: Journey) -> list[Stage]:
    """Those that can be scored; none without a published framework."""
    if not Framework.objects.published().filter(journey=journey).exists():
        return []
    return list(journey.stages.filter(in_perimeter=True))


def _form(
    query: QueryDict, definitions: list[IndicatorDefinition], stages: list[Stage], *, is_asked: bool
) -> DriverExportForm:
    chosen = {name: query[name] for name in ("indicator", "stage") if name in query}
    return DriverExportForm(
        query if is_asked else None,
        initial={"language": translation.get_language(), **chosen},
        definitions=definitions,
        stages=stages,
    )
