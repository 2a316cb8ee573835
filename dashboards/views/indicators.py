"""Indicators beside the score: all of them, and one of them down to what was counted."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from dashboards.filters import IndicatorFilterForm
from dashboards.indicator_formulas import change_formulas, indicator_formulas
from dashboards.indicator_tables import facet_tables, reading_rows
from dashboards.indicator_words import line_of
from dashboards.links import indicator_url, query_of
from journeys.access import Access, enter
from journeys.pages import form_status, show
from journeys.rights import Right
from observations.indicators import IndicatorFigure, read_indicators
from observations.models import IndicatorDefinition, IndicatorReading
from observations.selection import BadSelection, Selection, read_indicator_selection

ROWS = 50


def may_edit(access: Access) -> bool:
    return access.may(Right.EDIT_METHOD) and not access.programme.is_archived


def filtered(request: HttpRequest, access: Access) -> tuple[IndicatorFilterForm, Selection | None]:
    """The filters of the URL; no selection where one can't be read, and the form says which."""
    form = IndicatorFilterForm(request.GET, access=access)
    try:
        return form, read_indicator_selection(request.GET, access=access)
    except BadSelection as bad:
        form.refuse(bad.errors)
        return form, None


def chosen_definition(request: HttpRequest, access: Access, key: str) -> IndicatorDefinition:
    """The current edition, or the one that `?version=` names."""
    rows = IndicatorDefinition.objects.visible_to(access).filter(key=key)
    asked = request.GET.get("version", "")
    if not asked:
        return get_object_or_404(rows.current())
    if not asked.isdecimal() or len(asked) > 9:
        raise Http404
    return get_object_or_404(rows, edition=int(asked))


@login_required
@require_GET
def indicator_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Under a segment also those whose counts tell none apart, as the executives' page has them."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    form, selection = filtered(request, access)
    definitions = list(IndicatorDefinition.objects.visible_to(access).current())
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "form": form,
        "kept": query_of(form.asked),
        "has_definitions": bool(definitions),
        "may_edit": may_edit(access),
    }
    if selection is not None:
        lines = [
            line_of(one, indicator_url(access, one.definition.key, _told(one, form.asked)))
            for one in read_indicators(definitions, selection, access, segment_if_told=True)
        ]
        context["lines"] = lines
        context["still_open"] = dict.fromkeys(filter(None, (line.still_open for line in lines)))
    return show(request, "dashboards/indicator_list", context, status=form_status(form))


def _told(one: IndicatorFigure, asked: dict[str, str]) -> dict[str, str]:
    """The filters of its own page: without the segment where the counts tell none apart."""
    return {
        name: value for name, value in asked.items() if name != "segment" or not one.all_segments
    }


@login_required
@require_GET
def indicator_detail(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """One indicator by wave, segment, location and channel, and how its figure was computed."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    definition = chosen_definition(request, access, key)
    form, selection = filtered(request, access)
    context: dict[str, Any] = {
        "active_step": "dashboard",
        "definition": definition,
        "editions": access.programme.indicators.filter(key=key).order_by("-edition"),
        "form": form,
        "kept": query_of(form.asked),
        "may_edit": may_edit(access),
    }
    if selection is not None:
        [one] = read_indicators([definition], selection, access)
        context |= {
            "line": line_of(one),
            "one": one,
            "formulas": indicator_formulas(one),
            "change_formulas": change_formulas(one),
            "tables": facet_tables(definition, selection, access),
        }
    return show(request, "dashboards/indicator_detail", context, status=form_status(form))


@login_required
@require_GET
def indicator_readings(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What was counted, row by row, as far as this person may read locations."""
    access = enter(request, slug, see=Right.SEE_SCORES)
    definition = chosen_definition(request, access, key)
    rows = (
        IndicatorReading.objects.visible_to(access)
        .filter(definition=definition)
        .select_related("segment", "location", "channel", "updated_by", "run")
    )
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "active_step": "dashboard",
        "definition": definition,
        "page": page,
        "rows": reading_rows(definition, page.object_list),
        "may_edit": may_edit(access) and definition.is_current,
    }
    return show(request, "dashboards/indicator_readings", context)
