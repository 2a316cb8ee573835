"""What an action is measured by, what came of it, and what a wave could show."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.gaps import journey_at
from actionplans.measure_closing import close_measure
from actionplans.measure_forms import MeasureForm, PlannerForm, as_typed, first_thoughts
from actionplans.measure_models import Measure
from actionplans.measuring import fix_measure, standing_measure
from actionplans.models import Action
from actionplans.plan_words import plan_lines, visits_url
from actionplans.planning import PlanRefused
from journeys.access import Access, enter
from journeys.models import Journey
from journeys.pages import form_status, show
from journeys.rights import Right
from scoring.planning import PLANNED_CHANGES

ANSWER = "planner-answer"  # the part of a page that says what a wave could show


@login_required
@require_http_methods(["GET", "POST"])
def measure_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A first measure, or a correction; `step` = preview only says what it could show."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action: Action = get_object_or_404(Action.objects.visible_to(access).for_list(), pk=pk)
    journey = journey_at(access, action.stage.journey.key)
    former = standing_measure(action)
    posted = request.POST if request.method == "POST" else None
    is_preview = posted is not None and posted.get("step") == "preview"
    form = MeasureForm(
        posted,
        journey=journey,
        access=access,
        former=former,
        initial=as_typed(former)
        if former
        else first_thoughts(list(access.programme.waves.all()), action.stage, timezone.localdate()),
    )
    if posted is not None and form.is_valid() and not is_preview and _fix(form, action, access):
        messages.success(
            request, _("The measure is fixed. Its verdict comes when its window is over.")
        )
        return redirect(action)
    context = {"active_step": "plan", "action": action, "former": former, "form": form}
    context |= _answer(form, access, journey)
    status = 200 if is_preview else form_status(form)
    if is_preview:
        form.errors.clear()
    return show(request, "actionplans/measure_create", context, status=status)


def _fix(form: MeasureForm, action: Action, access: Access) -> bool:
    """False where the form now says why not."""
    typed, comparison = form.cleaned_data, form.comparison
    assert comparison is not None
    try:
        fix_measure(
            action=action,
            actor=access.user,
            stages=form.stages,
            comparison=comparison,
            starts_on=typed["starts_on"],
            planned_n=typed["planned_n"],
            why=typed.get("why", ""),
        )
    except PlanRefused as refused:
        form.refuse(refused.errors)
        return False
    return True


def _answer(form: PlannerForm, access: Access, journey: Journey) -> dict[str, Any]:
    """What a wave could show, of as much as can be read of the form."""
    typed = form.typed
    lines = plan_lines(form.plans(), n=typed.get("planned_n"), delta=typed.get("delta"))
    return {
        "lines": lines,
        "planned_changes": PLANNED_CHANGES,
        "n": typed.get("planned_n"),
        "delta": typed.get("delta"),
        "has_control": bool(typed.get("control")),
        "visits_url": visits_url(access, journey, typed),
        "journey": journey,
    }


@login_required
@require_GET
def planner(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """What could a wave show? The filters in the URL; the answer alone where htmx asks for that."""
    access = enter(request, slug, see=Right.SEE_PLAN | Right.SEE_SCORES)
    journey = journey_at(access, key)
    form = PlannerForm(request.GET or None, journey=journey, access=access)
    context = {"active_step": "plan", "form": form} | _answer(form, access, journey)
    status = form_status(form)
    htmx: Any = getattr(request, "htmx", None)
    if htmx and htmx.target == ANSWER:
        return render(request, "actionplans/_planner_answer.html", context, status=status)
    return show(request, "actionplans/planner", context, status=status)


@login_required
@require_POST
def measure_close(request: HttpRequest, slug: str, pk: int, measure_pk: int) -> HttpResponse:
    """What the clock does within the hour, at once."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action: Action = get_object_or_404(Action.objects.visible_to(access), pk=pk)
    measure: Measure = get_object_or_404(action.measures, pk=measure_pk)
    if close_measure(measure.pk):
        messages.success(request, _("The verdict is in."))
    else:
        messages.warning(
            request,
            _(
                "No verdict now: it is there already, its window is open, or observations are waiting."
            ),
        )
    return redirect(action)
