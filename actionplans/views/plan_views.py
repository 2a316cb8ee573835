"""The plan as a board, over time, and on a calendar: one set of filters, kept from view to view."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from actionplans.board import columns_of
from actionplans.forms import ActionFilter
from actionplans.gaps import may_plan
from actionplans.models import Action
from actionplans.month_sheet import read_month, sheet_of, span_of
from actionplans.querysets import ActionQuerySet
from actionplans.timeline import MOST_BARS, rows_of, scale_of
from journeys.access import Access, enter
from journeys.models import Stage
from journeys.pages import form_status, show
from journeys.rights import Right

STAGES_A_PAGE = 25
MOST_OF_A_MONTH = 500


class PlanView:
    """The rows that the filters leave to this person, and what every view shows around them."""

    def __init__(self, request: HttpRequest, slug: str, view: str) -> None:
        self.request = request
        self.access: Access = enter(request, slug, see=Right.SEE_PLAN)
        everybody = self.access.may(Right.SEE_SCORES)
        self.all_rows: ActionQuerySet = Action.objects.visible_to(self.access)
        self.form = ActionFilter(
            request.GET,
            programme=self.access.programme,
            rows=self.all_rows,
            with_owner=everybody,
            with_order=view == "list",
        )
        self.rows: ActionQuerySet = self.form.narrow(self.all_rows, timezone.localdate())
        self.context: dict[str, Any] = {
            "active_step": "plan",
            "view": view,
            "form": self.form,
            "everybody": everybody,
            "may_plan": may_plan(self.access),
            "is_filtered": bool(self.form.filtered),
            "query": query_of(request),
            "here": request.get_full_path(),
            "statuses": Action.Status.choices,
            "updatable": self._updatable(),
        }

    def _updatable(self) -> set[int] | None:
        """The actions that this person may move; None for all."""
        if self.access.programme.is_archived:
            return set()
        if self.access.may(Right.EDIT_PLAN):
            return None
        return set(Action.objects.editable_by(self.access).values_list("pk", flat=True))

    def show(self, template: str, **more: Any) -> HttpResponse:
        context = self.context | more
        return show(self.request, template, context, status=form_status(self.form))


def query_of(request: HttpRequest) -> str:
    """The filters alone: pages and months belong to one view."""
    kept = request.GET.copy()
    for name in ("page", "month"):
        kept.pop(name, None)
    for name in [name for name, values in kept.lists() if not any(values)]:
        del kept[name]
    return kept.urlencode()


@login_required
@require_GET
def action_board(request: HttpRequest, slug: str) -> HttpResponse:
    view = PlanView(request, slug, "board")
    columns = columns_of(view.rows)
    has_any = any(column.total for column in columns) or view.all_rows.exists()
    return view.show("actionplans/action_board", columns=columns, has_any=has_any)


@login_required
@require_GET
def action_timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of stages; without filters also those for which nothing is planned."""
    view = PlanView(request, slug, "timeline")
    stages = _stages(view)
    page = Paginator(stages, STAGES_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    actions = list(view.rows.filter(stage__in=shown).order_by("due_on", "pk").for_views())
    scale = scale_of(actions, timezone.localdate())
    return view.show(
        "actionplans/action_timeline",
        page=page,
        rows=rows_of(shown, actions, scale),
        scale=scale,
        today=scale.place(timezone.localdate()),
        has_any=bool(shown) or view.all_rows.exists(),
        most_bars=MOST_BARS,
    )


def _stages(view: PlanView) -> Any:
    rows = Stage.objects.select_related("journey__segment").order_by(
        "journey__position", "journey__pk", "position", "pk"
    )
    rows = rows.filter(journey__programme=view.access.programme)
    if view.form.filtered or not view.context["everybody"]:
        return rows.filter(pk__in=view.rows.order_by().values("stage"))
    scored = rows.filter(journey__segment__in_perimeter=True, in_perimeter=True)
    return scored | rows.filter(pk__in=view.rows.order_by().values("stage"))


@login_required
@require_GET
def action_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    view = PlanView(request, slug, "calendar")
    today = timezone.localdate()
    month = read_month(request.GET.get("month", ""), today)
    due = view.rows.filter(due_on__range=span_of(month)).order_by("due_on", "pk").for_views()
    actions = list(due[: MOST_OF_A_MONTH + 1])
    return view.show(
        "actionplans/action_calendar",
        sheet=sheet_of(month, actions[:MOST_OF_A_MONTH], today),
        is_cut=len(actions) > MOST_OF_A_MONTH,
        next_due=None if actions else _next_due(view, month),
        has_any=bool(actions) or view.all_rows.exists(),
    )


def _next_due(view: PlanView, month: date) -> date | None:
    """Where an empty sheet leads: what is due next, or else what was due last."""
    dates = view.rows.order_by("due_on").values_list("due_on", flat=True)
    return dates.filter(due_on__gt=month).first() or dates.last()
