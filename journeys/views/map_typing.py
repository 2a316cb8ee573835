"""Typing on the map: many lines that become rows, and one field of a row where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from journeys import map_building
from journeys.forms.map_building import (
    ChoiceLinesForm,
    NeedLinesForm,
    StageLinesForm,
    TouchpointLinesForm,
)
from journeys.forms.map_fields import FIELD_FORMS
from journeys.holding import Overtaken
from journeys.models import Stage
from journeys.pages import form_status
from journeys.versions import StaleEdit, VersionedForm
from journeys.views.map_desk import (
    Table,
    answer,
    done_by,
    open_table,
    refuse,
    take,
    tells_deleted,
)


@login_required
@require_http_methods(["GET", "POST"])
@tells_deleted
def stage_lines(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A form in which each line becomes a stage at the end of a phase."""
    table = open_table(request, slug, key)
    phase = request.GET.get("phase", Stage.Phase.BEFORE)
    form = StageLinesForm(table.posted, initial={"phase": phase}, auto_id="map-stages-%s")

    def add() -> None:
        data = form.cleaned_data
        map_building.add_stages(
            journey=table.journey, names=data["lines"], phase=data["phase"], actor=table.actor
        )

    return _lines(table, form, add, {"part": "stages", "phase": phase})


@login_required
@require_http_methods(["GET", "POST"])
@tells_deleted
def part_lines(request: HttpRequest, *, slug: str, key: str, part: str, stage: int) -> HttpResponse:
    """A form in a cell: each line becomes a touchpoint, a need or a choice of the stage."""
    table = open_table(request, slug, key)
    row = table.stage(stage)
    auto_id = f"map-{part}-{row.pk}-%s"
    form: Any
    if part == "touchpoints":
        form = TouchpointLinesForm(table.posted, journey=table.journey, auto_id=auto_id)
    elif part == "needs":
        form = NeedLinesForm(table.posted, auto_id=auto_id)
    elif part == "choices":
        form = ChoiceLinesForm(table.posted, auto_id=auto_id)
    else:
        raise Http404

    def add() -> None:
        data = form.cleaned_data
        common = {"stage": row, "actor": table.actor}
        if part == "touchpoints":
            map_building.add_touchpoints(names=data["lines"], channel=data["channel"], **common)
        elif part == "needs":
            map_building.add_needs(texts=data["lines"], level=data["level"], **common)
        else:
            map_building.add_choices(questions=data["lines"], **common)

    return _lines(table, form, add, {"part": part, "stage": row})


def _lines(
    table: Table, form: forms.Form, add: Callable[[], None], about: dict[str, Any]
) -> HttpResponse:
    """The form; after lines are taken the same form empty, its other fields as they were."""
    if table.posted is None or not form.is_valid():
        context = about | {"form": form, "programme": table.access.programme}
        context |= {"journey": table.journey}
        return render(table.request, "journeys/_map_lines.html", context, status=form_status(form))
    if not getattr(table.request, "htmx", None):
        add()
        return redirect("journeys:journey-map", table.access.programme.slug, table.journey.key)
    try:
        redrawing = done_by(table, add)
    except Overtaken as overtaken:
        return refuse(table, reasons=[overtaken.reason])
    form.data = {**table.request.POST.dict(), "lines": ""}
    form.errors.clear()
    return answer(table, redrawing, form=form, **about)


@login_required
@require_http_methods(["GET", "POST"])
@tells_deleted
def row_field(
    request: HttpRequest, *, slug: str, key: str, part: str, pk: int, field: str
) -> HttpResponse:
    """One field of one row, edited where it stands; 409 with what another has written since."""
    table = open_table(request, slug, key)
    if (part, field) not in FIELD_FORMS:
        raise Http404
    row = _row(table, part, pk)
    form = _field_form(table, part, field, row)
    if table.posted is None or not form.is_valid():
        return _show_field(table, form, part, field, row)

    def save() -> object:
        return map_building.save_row(form=form, journey=table.journey, actor=table.actor)

    try:
        return take(table, save)
    except StaleEdit:
        form = _field_form(table, part, field, _row(table, part, pk))
        form.is_valid()
        return _show_field(table, form, part, field, row)


def _row(table: Table, part: str, pk: int) -> Any:
    return table.stage(pk) if part == "stages" else table.parts(part, [str(pk)])[0]


def _field_form(table: Table, part: str, field: str, row: Any) -> VersionedForm[Any]:
    # Two fields of one row may be open, each with the row's version in it.
    auto_id = f"map-{part}-{row.pk}-{field}-%s"
    return FIELD_FORMS[part, field](table.posted, instance=row, auto_id=auto_id, reader=table.actor)


def _show_field(
    table: Table, form: VersionedForm[Any], part: str, field: str, row: Any
) -> HttpResponse:
    context = {"form": form, "part": part, "row": row, "field": field}
    context |= {"programme": table.access.programme, "journey": table.journey}
    status = form_status(form)
    shown = render(table.request, "journeys/_map_field.html", context, status=status)
    if status != 200:
        shown["HX-Retarget"] = f"#map-field-{part}-{row.pk}-{field}"
        shown["HX-Reswap"] = "outerHTML"
    return shown
