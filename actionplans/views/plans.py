"""The plan: the gaps in the order to act on, and an action for one of them."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from actionplans.bricks import (
    LISTS,
    factors_of,
    index_of,
    is_measured,
    list_names,
    missing_bricks,
)
from actionplans.forms import ActionCreateForm
from actionplans.gaps import (
    BASICS_FIRST,
    Gap,
    actions_of,
    delights_of,
    figures_of,
    gaps_of,
    is_basics_first,
    journey_at,
    may_plan,
    perimeter_journeys,
    whole_sheet,
)
from actionplans.measure_words import effect_of
from actionplans.models import Recommendation
from actionplans.pattern_start import start_from
from actionplans.planning import PlanRefused, plan_action
from journeys.access import Access, enter
from journeys.models import Journey, Stage
from journeys.pages import form_status, show
from journeys.rights import Right


@login_required
@require_GET
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever may not see scores has no gaps to see: their own actions instead."""
    access = enter(request, slug, see=Right.SEE_PLAN)
    if not access.may(Right.SEE_SCORES):
        return redirect("actionplans:action-list", slug)
    journeys = perimeter_journeys(access)
    actions = actions_of(access, journeys)
    prefetch_related_objects(actions, "effects")
    recommendations = list(
        Recommendation.objects.visible_to(access).filter(stage__journey__in=journeys)
    )
    sheets = {journey.pk: whole_sheet(journey, access) for journey in journeys}
    delights = delights_of(sheets.values())
    gaps = {
        pk: gaps_of(sheet, actions=actions, recommendations=recommendations)
        for pk, sheet in sheets.items()
    }
    chosen = request.GET.get("list", "")
    context = {
        "active_step": "plan",
        "journeys": [
            _journey_plan(journey, gaps[journey.pk], chosen, delights.get(journey.pk, frozenset()))
            for journey in journeys
        ],
        "lists": _lists([gap for found in gaps.values() for gap in found], chosen),
        "chosen": chosen if chosen in LISTS else "",
        "lacks_baseline": any(gaps.values()) and not is_measured(itertools.chain(*gaps.values())),
        "may_plan": may_plan(access),
        "may_see_coverage": access.may(Right.SEE_OBSERVATIONS),
        "sees_workshops": access.sees_whole_plan,
        "basics_first": BASICS_FIRST,
    }
    return show(request, "actionplans/plan", context)


def _lists(gaps: list[Gap], chosen: str) -> list[dict[str, Any]]:
    """Each list with how many stages are on it."""
    return [
        {
            "key": key,
            "name": name,
            "count": sum(gap.row in LISTS[key] for gap in gaps) if key else len(gaps),
            "is_chosen": key == (chosen if chosen in LISTS else ""),
        }
        for key, name in list_names()
    ]


def _journey_plan(
    journey: Journey, gaps: list[Gap], chosen: str, delights: frozenset[str]
) -> dict[str, Any]:
    shown = [gap for gap in gaps if chosen not in LISTS or gap.row in LISTS[chosen]]
    return {
        "journey": journey,
        "has_gaps": bool(gaps),
        "is_measured": is_measured(gaps),
        "gaps": [
            {
                "gap": gap,
                "advice": _advice(gap, delights),
                "missing": missing_bricks(gap),
                "factors": factors_of(gap),
                "index": index_of(gap),
            }
            for gap in shown
        ],
    }


def _advice(gap: Gap, delights: frozenset[str]) -> list[dict[str, Any]]:
    """The recommendations of a stage with their actions; those without one come last."""
    parts: dict[int | None, dict[str, Any]] = {
        one.pk: {"recommendation": one, "actions": []} for one in gap.recommendations
    }
    for action in gap.actions:
        part = parts.setdefault(action.recommendation_id, {"recommendation": None, "actions": []})
        part["actions"].append(
            {
                "action": action,
                "basics_first": is_basics_first(gap.row, action, delights),
                "effect": effect_of(action),
            }
        )
    return list(parts.values())


@login_required
@require_http_methods(["GET", "POST"])
def action_create(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    journey = journey_at(access, key)
    stage = get_object_or_404(journey.stages.select_related("journey__programme"), key=stage_key)
    start, values = start_from(request, access.programme)
    data = request.POST if request.method == "POST" and values is None else None
    form = ActionCreateForm(data, stage=stage, access=access, initial=values)
    if data is not None and form.is_valid():
        action = _plan(access, journey, stage, form)
        if action is not None:
            messages.success(request, _("The action is in the plan."))
            return redirect(action)
    gaps = {gap.stage.pk: gap for gap in gaps_of(whole_sheet(journey, access))}
    gap = gaps.get(stage.pk)
    context = {
        "active_step": "plan",
        "journey": journey,
        "stage": stage,
        "gap": gap,
        "basics_first": gap is not None and gap.row in BASICS_FIRST,
        "form": form,
        "start": start,
    }
    return show(request, "actionplans/action_create", context, status=form_status(form))


def _plan(access: Access, journey: Journey, stage: Stage, form: ActionCreateForm) -> Any:
    """The action as planned; None where the form now says why not."""
    typed = form.cleaned_data
    owner = typed["owner"]
    assert isinstance(owner, User)
    try:
        return plan_action(
            programme=access.programme,
            stage=stage,
            actor=access.user,
            figures=figures_of(whole_sheet(journey, access), stage),
            recommendation=typed.get("recommendation"),
            recommendation_text=typed["recommendation_text"],
            title=typed["title"],
            owner=owner,
            due_on=typed["due_on"],
            dimension=typed["dimension"],
            kind=typed["kind"],
        )
    except PlanRefused as refused:
        for field, why in refused.errors.items():
            form.add_error(field, why)
        return None
