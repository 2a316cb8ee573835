"""Which stages go with an indicator, location by location, and how little that may mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import perimeter_journeys
from dashboards.driver_lines import (
    analyse,
    cautions,
    nothing_drawn,
    points_of,
    row_lines,
    scatter,
    stage_drawn,
)
from dashboards.export_form import DriverExportForm
from dashboards.filters import FilterForm, filter_form
from dashboards.leagues import StageChoice
from dashboards.links import query_of
from dashboards.views.boards import chosen_journey, read_filtered
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.driver_rows import read_driver_rows
from observations.models import IndicatorDefinition
from observations.scores import ScoreSheet


@login_required
@require_GET
def indicator_drivers(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator beside the stages of one journey, under the filters of the scores."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journeys = perimeter_journeys(access)
    definitions = current_definitions(access)
    context: dict[str, Any] = {"active_step": "dashboard", "journeys": journeys}
    if not journeys or not definitions:
        return show(request, "dashboards/indicator_drivers", context)
    journey, form = journey_and_filters(request.GET, access, journeys)
    definition = _definition(definitions, request.GET.get("indicator", ""), form)
    sheet = read_filtered(form, request.GET, access, journey) if not form.errors else None
    asked = {"indicator": definition.key, **form.asked}
    context |= {
        "journey": journey,
        "definition": definition,
        "form": form,
        "sheet": sheet,
        "journeys": [(one, urlencode({"journey": one.key} | asked)) for one in journeys],
        "definitions": [
            (one, urlencode({"journey": journey.key} | asked | {"indicator": one.key}))
            for one in definitions
        ],
    }
    if sheet and sheet.framework and sheet.stages:
        context |= _content(request, access, sheet, definition, {"journey": journey.key} | asked)
        context["export_form"] = _export_form(context)
    return show(request, "dashboards/indicator_drivers", context, status=form_status(form))


def current_definitions(access: Access) -> list[IndicatorDefinition]:
    return list(IndicatorDefinition.objects.visible_to(access).current())


def journey_and_filters(
    query: Mapping[str, str], access: Access, journeys: list[Journey]
) -> tuple[Journey, FilterForm]:
    """An unknown journey is refused by the form, and another one stands for it."""
    journey, is_known = chosen_journey(journeys, query.get("journey", ""))
    form = filter_form(query, access, journey)
    if not is_known:
        form.refuse({"journey": _("No journey of the perimeter has this key.")})
    return journey, form


def _definition(
    definitions: list[IndicatorDefinition], key: str, form: FilterForm
) -> IndicatorDefinition:
    """The one asked for, else the first."""
    found = next((one for one in definitions if one.key == key), None)
    if key and found is None:
        form.refuse({"indicator": _("No indicator of the programme has this key.")})
    return found or definitions[0]


def _content(
    request: HttpRequest,
    access: Access,
    sheet: ScoreSheet,
    definition: IndicatorDefinition,
    asked: dict[str, str],
) -> dict[str, Any]:
    rows = read_driver_rows(sheet, definition, access)
    stage = stage_drawn(rows, request.GET.get("stage", ""))
    assert stage is not None, "a sheet with stages"
    return {
        "rows": rows,
        "analysis": analyse(rows),
        "cautions": cautions(rows),
        "lines": row_lines(rows),
        "stage": stage,
        "choices": [
            StageChoice(
                one.name,
                query_of(asked | {"stage": one.key}),
                is_chosen=one == stage,
                is_moment_of_truth=one.is_moment_of_truth,
            )
            for one in rows.stages
        ],
        "figure": scatter(rows, stage) if points_of(rows, stage) else "",
        "nothing_drawn": nothing_drawn(),
    }


def _export_form(context: Mapping[str, Any]) -> DriverExportForm:
    definition, stage = context["definition"], context["stage"]
    chosen = {"indicator": definition.key, "stage": stage.key}
    return DriverExportForm(
        initial={"language": get_language(), **chosen},
        definitions=[definition],
        stages=[stage],
        is_chosen=True,
    )
