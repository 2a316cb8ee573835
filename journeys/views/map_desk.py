"""What every request on a map that is being built shares: the map, its answers, its refusals.

For htmx only: without scripts the same is done on the pages of a stage, so that a plain request is
sent back to the map. Each answer holds the columns that changed, never the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from journeys.access import Access, enter
from journeys.commenting import bubbles_of
from journeys.deleting import StillUsed
from journeys.guards import Blocked
from journeys.holding import Overtaken
from journeys.lane_choice import lane_choice, lanes_asked
from journeys.lanes import Lane, lanes_for
from journeys.map_authors import deleted_by
from journeys.map_changes import Redrawing, redrawing_of, with_columns
from journeys.map_edits import NothingLeft
from journeys.map_grid import map_of, walks
from journeys.map_sheet import sheet_of
from journeys.models import Choice, Journey, MapEdit, Need, Stage, Touchpoint
from journeys.rights import Right

PARTS: dict[str, type[Touchpoint | Need | Choice]] = {
    "touchpoints": Touchpoint,
    "needs": Need,
    "choices": Choice,
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
            return one_row(rows, pk)
        except Http404:
            number = int(str(pk)) if str(pk).isdecimal() else 0
            said = deleted_by(self.journey, kind, number, self.actor)
            if said and self.posted is not None:
                raise DeletedMeanwhile(self, said) from None
            raise


class DeletedMeanwhile(Http404):
    """What a person has typed on, or gives an order for, was deleted by somebody: `said` tells whom."""

    def __init__(self, table: Table, said: str) -> None:
        super().__init__(said)
        self.table = table
        self.said = said


class JourneyGone(Http404):
    """The journey of a map that somebody still has open, or of an address that never was one."""


class NothingNamed(Exception):
    """An order without a row to carry it out on."""


def one_row(rows: Any, pk: object) -> Any:
    if not str(pk).isdecimal():
        raise Http404
    return get_object_or_404(rows, pk=pk)


def tab_of(request: HttpRequest) -> str:
    """Which open page asks, by the name that its script gives it; empty without one."""
    return request.headers.get("X-Map-Tab", "")[:40]


def open_table(request: HttpRequest, slug: str, key: str) -> Table:
    access = enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)
    journeys = access.programme.journeys.select_related("programme", "segment")
    journey = journeys.filter(key=key).first()
    if journey is None:
        raise JourneyGone
    return Table(request, access, journey)


def orders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of an order: 422 where it names no row."""

    @wraps(view)
    def answered(request: HttpRequest, slug: str, key: str, **more: Any) -> HttpResponse:
        table = open_table(request, slug, key)
        try:
            return view(table, **more)
        except NothingNamed:
            return refuse(table, status=422, reasons=[_("Nothing is selected.")])

    return tells_deleted(answered)


def tells_deleted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """409 with who deleted it, above the map; what was typed stays in its field."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        try:
            return view(request, *args, **more)
        except DeletedMeanwhile as deleted:
            return refuse(deleted.table, reasons=[deleted.said])
        except (JourneyGone, Journey.DoesNotExist) as gone:
            if request.method != "POST" or not getattr(request, "htmx", None):
                raise Http404 from gone
            said = _("This journey is no longer here: somebody has deleted it. Nothing was saved.")
            return _problem(request, status=409, reasons=[said])

    return answered


def take(table: Table, step: Callable[[], object]) -> HttpResponse:
    """Does one step and answers with what changed, or with why it can't be."""
    return _try(table, lambda: done_by(table, step))


def walk(table: Table, step: Callable[[], MapEdit], *, backwards: bool) -> HttpResponse:
    """The same for a step taken back or done again."""

    def walked() -> Redrawing:
        taken = step()
        taken.tab = tab_of(table.request)
        taken.save(update_fields=["tab"])
        return redrawing_of([taken], backwards=backwards)

    return _try(table, walked)


def _try(table: Table, changing: Callable[[], Redrawing]) -> HttpResponse:
    try:
        redrawing = changing()
    except NothingLeft:
        return refuse(table, reasons=[_("There is no step left.")])
    except Overtaken as overtaken:
        return refuse(table, reasons=[overtaken.reason])
    except Blocked as blocked:
        return refuse(table, reasons=blocked.reasons)
    except StillUsed as refusal:
        return refuse(table, refusal=refusal)
    return answer(table, redrawing)


def done_by(table: Table, step: Callable[[], object]) -> Redrawing:
    """What the steps that `step` takes leave to be drawn."""
    own = MapEdit.objects.filter(journey=table.journey, author=table.actor)
    newest = own.aggregate(newest=Max("pk"))["newest"] or 0
    step()
    taken = own.filter(pk__gt=newest, undone_at=None)
    # A pulse in between would find a step of nobody's page, and tell its own page once too often.
    taken.update(tab=tab_of(table.request))
    return redrawing_of(list(taken))


def answer(table: Table, redrawing: Redrawing, **more: Any) -> HttpResponse:
    if not getattr(table.request, "htmx", None):
        return redirect("journeys:journey-map", table.access.programme.slug, table.journey.key)
    page = "_sheet_changes" if table.is_sheet else "_map_changes"
    drawn = render(table.request, f"journeys/{page}.html", changes_of(table, redrawing) | more)
    return with_events(drawn, redrawing)


def with_events(drawn: HttpResponse, redrawing: Redrawing) -> HttpResponse:
    """What the page has to ask for again: lanes that are measured and not typed on the map."""
    events = {"map-curve": redrawing.shape or redrawing.heads, "map-heads": redrawing.heads}
    if any(events.values()):
        drawn["HX-Trigger-After-Settle"] = ", ".join(
            name for name, is_so in events.items() if is_so
        )
    return drawn


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


def refuse(table: Table, *, status: int = 409, **why: Any) -> HttpResponse:
    """The reason stands above the map; what was typed or dragged stays where it was."""
    return _problem(table.request, status=status, journey=table.journey, **why)


def _problem(request: HttpRequest, *, status: int, **context: Any) -> HttpResponse:
    refusal = render(request, "journeys/_map_problem.html", context, status=status)
    refusal["HX-Retarget"] = "#map-problem"
    refusal["HX-Reswap"] = "innerHTML"
    return refusal
