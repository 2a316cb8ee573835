"""Orders given on the map: places, marks, channels, deletions, back and forth."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from journeys import map_building, map_edits
from journeys.access import enter
from journeys.forms.map_building import MarkForm
from journeys.lanes import lanes_for
from journeys.map_changes import Redrawing
from journeys.map_grid import map_of
from journeys.models import Journey, Stage
from journeys.rights import Right
from journeys.views.map_desk import (
    Table,
    answer,
    one_row,
    open_table,
    orders,
    refuse,
    take,
    tells_deleted,
    walk,
)


# --- places, marks, channels, deletions ------------------------------------------------------
@login_required
@require_POST
@orders
def rows_place(table: Table, part: str) -> HttpResponse:
    """`row` (many) into `stage`, or stages into `phase`; in front of `before`, else at the end."""
    before = table.request.POST.get("before")
    if part == "stages":
        stages = [table.stage(pk) for pk in table.rows]
        phase = table.request.POST.get("phase", "")
        if phase not in Stage.Phase.values:
            return refuse(table, status=422, reasons=[_("Say into which phase.")])
        ahead = table.stage(before) if before else None
        return take(
            table,
            lambda: map_building.place_stages(
                stages=stages, phase=phase, before=ahead, actor=table.actor
            ),
        )
    parts = table.parts(part, table.rows)
    stage = table.stage(table.request.POST.get("stage"))
    next_part = table.parts(part, [before])[0] if before else None
    return take(
        table,
        lambda: map_building.place_parts(
            parts=parts, stage=stage, before=next_part, actor=table.actor
        ),
    )


@login_required
@require_POST
@orders
def rows_mark(table: Table, part: str) -> HttpResponse:
    """The criticality of stages, or of touchpoints."""
    pks, form = table.rows, MarkForm(table.request.POST)
    if not form.is_valid():
        return refuse(table, status=422, reasons=form.errors["criticality"])
    rows: list[Any]
    if part == "stages":
        rows = [table.stage(pk) for pk in pks]
    elif part == "touchpoints":
        rows = table.parts(part, pks)
    else:
        raise Http404
    return take(
        table,
        lambda: map_building.mark(
            rows=rows, criticality=form.cleaned_data["criticality"], actor=table.actor
        ),
    )


@login_required
@require_POST
@orders
def touchpoints_channel(table: Table) -> HttpResponse:
    rows = table.parts("touchpoints", table.rows)
    try:
        channel = one_row(table.access.programme.channels, table.request.POST.get("channel"))
    except Http404:
        return refuse(table, reasons=[_("This channel is no longer in the programme.")])
    return take(
        table,
        lambda: map_building.set_channel(touchpoints=rows, channel=channel, actor=table.actor),
    )


@login_required
@require_POST
@orders
def rows_delete(table: Table, part: str) -> HttpResponse:
    """No question asked, because undo brings them back; 409 where something depends on one."""
    pks = table.rows
    if part == "stages":
        stages = [table.stage(pk) for pk in pks]
        return take(table, lambda: map_building.delete_stages(stages=stages, actor=table.actor))
    rows = table.parts(part, pks)
    return take(table, lambda: map_building.delete_parts(parts=rows, actor=table.actor))


# --- back and forth --------------------------------------------------------------------------
@login_required
@require_POST
@tells_deleted
def map_walk(request: HttpRequest, slug: str, key: str, way: str) -> HttpResponse:
    """`way` is undo or redo: this person's newest step, unless somebody has overtaken it."""
    table = open_table(request, slug, key)
    step = {"undo": map_edits.undo, "redo": map_edits.redo}.get(way)
    if step is None:
        raise Http404
    return walk(
        table, lambda: step(journey=table.journey, actor=table.actor), backwards=way == "undo"
    )


@login_required
@require_GET
def map_columns(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Columns as stored, by `?stage=`: what a refused drag puts back in its place."""
    table = open_table(request, slug, key)
    stages = frozenset(table.stage(pk).pk for pk in request.GET.getlist("stage"))
    return answer(table, Redrawing(stages, frozenset(), shape=True))


@login_required
@require_GET
def map_lane(request: HttpRequest, slug: str, key: str, lane: str) -> HttpResponse:
    """One lane over all stages: the curve, after the columns have changed."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(Journey.objects.for_map(), programme=access.programme, key=key)
    lanes = tuple(one for one in lanes_for(access) if one.key == lane)
    if not lanes:
        raise Http404
    drawn = map_of(journey, access, lanes)
    context = {
        "programme": access.programme,
        "journey": journey,
        "may_edit": access.may(Right.EDIT_METHOD) and not access.programme.is_archived,
        "map": drawn,
        "row": drawn.lane_rows[0],
    }
    return render(request, "journeys/_map_lane.html", context)
