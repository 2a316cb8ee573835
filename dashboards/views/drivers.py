"""Which stages go with an indicator, location by location, and how little that may mean."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from actionplans.gaps import perimeter_journeys
from dashboards.driver_lines import analyse, cautions, row_lines, scatter
from dashboards.filters import FilterForm, filter_form
from dashboards.leagues import StageChoice
from dashboards.links import query_of
from dashboards.views.boards import chosen_journey, read_filtered
from journeys.access import Access, enter
from journeys.models import Stage
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.driver_rows import DriverSheet, read_driver_rows
from observations.models import IndicatorDefinition
from observations.scores import ScoreSheet


@login_required
@require_GET
def indicator_drivers(request: HttpRequest, slug: str) -> HttpResponse:
    """One indicator beside the stages of one journey, under the filters of the scores."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    journeys = perimeter_journeys(access)
    definitions = list(IndicatorDefinition.objects.visible_to(access).current())
    context: dict[str, Any] = {"active_step": "dashboard", "journeys": journeys}
    if not journeys or not definitions:
        return show(request, "dashboards/indicator_drivers", context)
    journey, is_known = chosen_journey(journeys, request.GET.get("journey", ""))
    form = filter_form(request.GET, access, journey)
    if not is_known:
        form.refuse({"journey": _("No journey of the perimeter has this key.")})
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
    return show(request, "dashboards/indicator_drivers", context, status=form_status(form))


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
    stage = _stage(rows, request.GET.get("stage", ""))
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
        "figure": scatter(rows, stage),
    }


def _stage(rows: DriverSheet, key: str) -> Stage:
    """The stage drawn: the one asked for, else the one most locations have a score of."""
    asked = next((one for one in rows.stages if one.key == key), None)
    counts = {one.key: sum(one.key in row.scores for row in rows.used) for one in rows.stages}
    return asked or max(rows.stages, key=lambda one: counts[one.key])
