"""Building the map on the map: each answer holds the columns that changed, never the whole.

For htmx only: without scripts the same is done on the pages of a stage, so that a plain request is
sent back to the map.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys import map_building, map_edits
from journeys.access import Access, enter
from journeys.commenting import bubbles_of
from journeys.deleting import StillUsed
from journeys.forms.map_building import (
    ChoiceLinesForm,
    ChoiceQuestionForm,
    CustomerActionForm,
    MarkForm,
    NeedLinesForm,
    NeedTextForm,
    StageLinesForm,
    StageNameForm,
    TouchpointLinesForm,
    TouchpointNameForm,
)
from journeys.forms.map_table import (
    ChoiceCriteriaForm,
    NeedLevelForm,
    StagePhaseForm,
    TouchpointChannelForm,
    TouchpointCriticalityForm,
    TouchpointInitiativeForm,
    TouchpointNatureForm,
)
from journeys.guards import Blocked
from journeys.lane_choice import lane_choice, lanes_asked
from journeys.lanes import Lane, lanes_for
from journeys.map_authors import deleted_by
from journeys.map_changes import Redrawing, redrawing_of, with_columns
from journeys.map_edits import NothingLeft, Overtaken, map_step, next_steps
from journeys.map_grid import map_of, walks
from journeys.map_sheet import sheet_of
from journeys.models import Choice, Journey, MapEdit, Need, Stage, Touchpoint
from journeys.ordering import renumber_stages
from journeys.pages import form_status
from journeys.rights import Right
from journeys.versions import StaleEdit, VersionedForm

PARTS: dict[str, type[Touchpoint | Need | Choice]] = {
    "touchpoints": Touchpoint,
    "needs": Need,
    "choices": Choice,
}
FIELDS: dict[tuple[str, str], type[VersionedForm[Any]]] = {
    ("stages", "name"): StageNameForm,
    ("touchpoints", "name"): TouchpointNameForm,
    ("touchpoints", "customer_action"): CustomerActionForm,
    ("needs", "text"): NeedTextForm,
    ("choices", "question"): ChoiceQuestionForm,
    ("stages", "phase"): StagePhaseForm,
    ("touchpoints", "channel"): TouchpointChannelForm,
    ("touchpoints", "initiative"): TouchpointInitiativeForm,
    ("touchpoints", "nature"): TouchpointNatureForm,
    ("touchpoints", "criticality"): TouchpointCriticalityForm,
    ("needs", "level"): NeedLevelForm,
    ("choices", "criteria"): ChoiceCriteriaForm,
}


@dataclass(frozen=True, slots=True)
class Table:
    """The map that a person works on."""

    request: HttpRequest
    access: Access
    journey: Journey

    @property
    def posted(self) -> Any:
        return self.request.POST if self.request.method == "POST" else None

    @property
    def actor(self) -> Any:
        return self.access.user

    @property
    def asked(self) -> QueryDict:
        return self.request.POST if self.request.method == "POST" else self.request.GET

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Those that the page shows: it has no place for the others."""
        return lane_choice(lanes_for(self.access), lanes_asked(self.asked)).lanes

    @property
    def is_sheet(self) -> bool:
        """The page is the table view."""
        return self.asked.get("view") == "table"

    @property
    def rows(self) -> list[str]:
        """The numbers of what an order is for; NothingNamed without any."""
        rows: list[str] = self.request.POST.getlist("row")
        if not rows:
            raise NothingNamed
        return rows

    def stage(self, pk: object) -> Stage:
        """404 for another journey's, deleted or nonsense number."""
        rows = self.journey.stages.select_related("journey__programme")
        return cast("Stage", self._found(Stage, rows, pk))

    def parts(self, name: str, pks: list[str]) -> list[Any]:
        """Rows of one kind in the order asked for; 404 unless each is of this journey."""
        if name not in PARTS:
            raise Http404
        rows = PARTS[name]._default_manager.filter(stage__journey=self.journey)
        rows = rows.select_related("stage__journey__programme")
        return [self._found(PARTS[name], rows, pk) for pk in pks]

    def _found(self, kind: type[Stage | Touchpoint | Need | Choice], rows: Any, pk: object) -> Any:
        try:
            return _one(rows, pk)
        except Http404:
            said = deleted_by(self.journey, kind, int(str(pk))) if str(pk).isdecimal() else ""
            if said and self.posted is not None:
                raise DeletedMeanwhile(self, said) from None
            raise


class DeletedMeanwhile(Http404):
    """What a person has typed on, or gives an order for, was deleted by somebody: `said` tells whom."""

    def __init__(self, table: Table, said: str) -> None:
        super().__init__(said)
        self.table = table
        self.said = said


class NothingNamed(Exception):
    """An order without a row to carry it out on."""


def _one(rows: Any, pk: object) -> Any:
    if not str(pk).isdecimal():
        raise Http404
    return get_object_or_404(rows, pk=pk)


def _open(request: HttpRequest, slug: str, key: str) -> Table:
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    journeys = access.programme.journeys.select_related("programme", "segment")
    return Table(request, access, get_object_or_404(journeys, key=key))


def _orders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of an order: 422 where it names no row."""

    @wraps(view)
    def answered(request: HttpRequest, slug: str, key: str, **more: Any) -> HttpResponse:
        table = _open(request, slug, key)
        try:
            return view(table, **more)
        except NothingNamed:
            return _refuse(table, status=422, reasons=[_("Nothing is selected.")])

    return _tells_deleted(answered)


def _tells_deleted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """409 with who deleted it, above the map; what was typed stays in its field."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *args, **more)
        except DeletedMeanwhile as deleted:
            return _refuse(deleted.table, reasons=[deleted.said])

    return answered


def _take(table: Table, step: Callable[[], object]) -> HttpResponse:
    """Does one step and answers with what changed, or with why it can't be."""
    newest = next_steps(table.journey, table.actor)[0]
    try:
        step()
    except StillUsed as refusal:
        return _refuse(table, refusal=refusal)
    except Blocked as blocked:
        return _refuse(table, reasons=blocked.reasons)
    taken = MapEdit.objects.filter(journey=table.journey, author=table.actor, undone_at=None)
    if newest is not None:
        taken = taken.filter(pk__gt=newest.pk)
    return _answer(table, redrawing_of(list(taken)))


def _answer(table: Table, redrawing: Redrawing, **more: Any) -> HttpResponse:
    if not getattr(table.request, "htmx", None):
        return redirect("journeys:journey-map", table.access.programme.slug, table.journey.key)
    page = "_sheet_changes" if table.is_sheet else "_map_changes"
    return render(table.request, f"journeys/{page}.html", changes_of(table, redrawing) | more)


def changes_of(table: Table, redrawing: Redrawing) -> dict[str, Any]:
    """The columns to draw: new ones in every lane, the others in the lanes of steps 1 and 2."""
    journey, access = table.journey, table.access
    context: dict[str, Any] = {
        "programme": access.programme,
        "journey": journey,
        "may_edit": True,
        "redrawing": redrawing,
        "walks": walks(journey, access),
        "bubbles": bubbles_of(journey),
    }
    if redrawing.stages:
        drawn = with_columns(Journey.objects.filter(pk=journey.pk), redrawing.stages).get()
        if table.is_sheet:
            context["sheet"] = sheet_of(list(drawn.stages.all()), table.lanes)
        else:
            context["columns"] = map_of(drawn, access, table.lanes, own_lanes=not redrawing.added)
    if redrawing.shape:
        context["shape"] = map_of(journey, access, lanes=())
    return context


def _refuse(table: Table, *, status: int = 409, **why: Any) -> HttpResponse:
    """The reason stands above the map; what was typed or dragged stays where it was."""
    answer = render(
        table.request, "journeys/_map_problem.html", why | {"journey": table.journey}, status=status
    )
    answer["HX-Retarget"] = "#map-problem"
    answer["HX-Reswap"] = "innerHTML"
    return answer


# --- lines -----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
def stage_lines(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A form in which each line becomes a stage at the end of a phase."""
    table = _open(request, slug, key)
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
@_tells_deleted
def part_lines(request: HttpRequest, *, slug: str, key: str, part: str, stage: int) -> HttpResponse:
    """A form in a cell: each line becomes a touchpoint, a need or a choice of the stage."""
    table = _open(request, slug, key)
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
    newest = next_steps(table.journey, table.actor)[0]
    add()
    taken = MapEdit.objects.filter(journey=table.journey, author=table.actor, undone_at=None)
    taken = taken.filter(pk__gt=newest.pk if newest else 0)
    form.data = {**table.request.POST.dict(), "lines": ""}
    form.errors.clear()
    return _answer(table, redrawing_of(list(taken)), form=form, **about)


# --- one field -------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "POST"])
@_tells_deleted
def row_field(
    request: HttpRequest, *, slug: str, key: str, part: str, pk: int, field: str
) -> HttpResponse:
    """One field of one row, edited where it stands; 409 with what another has written since."""
    table = _open(request, slug, key)
    if (part, field) not in FIELDS:
        raise Http404
    row: Any = table.stage(pk) if part == "stages" else table.parts(part, [str(pk)])[0]
    stage = row if part == "stages" else row.stage
    form = _field_form(table, part, field, row)
    if table.posted is None or not form.is_valid():
        return _show_field(table, form, part, field, row)

    def save() -> None:
        with map_step(
            journey=table.journey,
            actor=table.actor,
            verb="changed",
            subject=row,
            stages=[] if part == "stages" else [stage],
        ):
            form.save()
            if field == "phase":
                renumber_stages(journey=table.journey)

    try:
        return _take(table, save)
    except StaleEdit:
        form = _field_form(table, part, field, type(row)._default_manager.get(pk=row.pk))
        form.is_valid()
        return _show_field(table, form, part, field, row)


def _field_form(table: Table, part: str, field: str, row: Any) -> VersionedForm[Any]:
    form = FIELDS[part, field](table.posted, instance=row, auto_id=f"map-{part}-{row.pk}-%s")
    if field == "customer_action":
        form.fields[field].widget.attrs["placeholder"] = _("what do they do?")
    return form


def _show_field(
    table: Table, form: VersionedForm[Any], part: str, field: str, row: Any
) -> HttpResponse:
    context = {"form": form, "part": part, "row": row, "field": field}
    context |= {"programme": table.access.programme, "journey": table.journey}
    status = form_status(form)
    answer = render(table.request, "journeys/_map_field.html", context, status=status)
    if status != 200:
        answer["HX-Retarget"] = "#map-field"
        answer["HX-Reswap"] = "outerHTML"
    return answer


# --- places, marks, channels, deletions ------------------------------------------------------
@login_required
@require_POST
@_orders
def rows_place(table: Table, part: str) -> HttpResponse:
    """`row` (many) into `stage`, or one stage into `phase`; in front of `before`, else at the end."""
    before = table.request.POST.get("before")
    if part == "stages":
        stage = table.stage(table.rows[0])
        phase = table.request.POST.get("phase", "")
        if phase not in Stage.Phase.values:
            return _refuse(table, status=422, reasons=[_("Say into which phase.")])
        ahead = table.stage(before) if before else None
        return _take(
            table,
            lambda: map_building.place_stage(
                stage=stage, phase=phase, before=ahead, actor=table.actor
            ),
        )
    parts = table.parts(part, table.rows)
    stage = table.stage(table.request.POST.get("stage"))
    next_part = table.parts(part, [before])[0] if before else None
    return _take(
        table,
        lambda: map_building.place_parts(
            parts=parts, stage=stage, before=next_part, actor=table.actor
        ),
    )


@login_required
@require_POST
@_orders
def rows_mark(table: Table, part: str) -> HttpResponse:
    """The criticality of stages, or of touchpoints."""
    pks, form = table.rows, MarkForm(table.request.POST)
    if not form.is_valid():
        return _refuse(table, status=422, reasons=form.errors["criticality"])
    rows: list[Any]
    if part == "stages":
        rows = [table.stage(pk) for pk in pks]
    elif part == "touchpoints":
        rows = table.parts(part, pks)
    else:
        raise Http404
    return _take(
        table,
        lambda: map_building.mark(
            rows=rows, criticality=form.cleaned_data["criticality"], actor=table.actor
        ),
    )


@login_required
@require_POST
@_orders
def touchpoints_channel(table: Table) -> HttpResponse:
    rows = table.parts("touchpoints", table.rows)
    channel = _one(table.access.programme.channels, table.request.POST.get("channel"))
    return _take(
        table,
        lambda: map_building.set_channel(touchpoints=rows, channel=channel, actor=table.actor),
    )


@login_required
@require_POST
@_orders
def rows_delete(table: Table, part: str) -> HttpResponse:
    """No question asked, because undo brings them back; 409 where something depends on one."""
    pks = table.rows
    if part == "stages":
        stage = table.stage(pks[0])
        return _take(table, lambda: map_building.delete_stage(stage=stage, actor=table.actor))
    rows = table.parts(part, pks)
    return _take(table, lambda: map_building.delete_parts(parts=rows, actor=table.actor))


# --- back and forth --------------------------------------------------------------------------
@login_required
@require_POST
def map_walk(request: HttpRequest, slug: str, key: str, way: str) -> HttpResponse:
    """`way` is undo or redo: this person's newest step, unless somebody has overtaken it."""
    table = _open(request, slug, key)
    walk = {"undo": map_edits.undo, "redo": map_edits.redo}.get(way)
    if walk is None:
        raise Http404
    try:
        step = walk(journey=table.journey, actor=table.actor)
    except NothingLeft:
        return _refuse(table, reasons=[_("There is no step left.")])
    except Overtaken as overtaken:
        return _refuse(table, reasons=[overtaken.reason])
    except Blocked as blocked:
        return _refuse(table, reasons=blocked.reasons)
    except StillUsed as refusal:
        return _refuse(table, refusal=refusal)
    return _answer(table, redrawing_of([step], backwards=way == "undo"))


@login_required
@require_GET
def map_columns(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Columns as stored, by `?stage=`: what a refused drag puts back in its place."""
    table = _open(request, slug, key)
    stages = frozenset(table.stage(pk).pk for pk in request.GET.getlist("stage"))
    return _answer(table, Redrawing(stages, frozenset(), shape=True))


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
