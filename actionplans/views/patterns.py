"""The action library: looking through it, and the programme's own patterns."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.gaps import may_plan
from actionplans.models import Action
from actionplans.pattern_forms import LibraryFilter, PatternForm
from actionplans.pattern_models import OwnPattern
from actionplans.patterns import patterns_of
from journeys.access import Access, enter
from journeys.audit import record
from journeys.models import Stage
from journeys.pages import form_status, show
from journeys.rights import Right

SEE = Right.SEE_PLAN | Right.SEE_SCORES


@login_required
@require_GET
def pattern_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Filters in the URL; once a stage is chosen, each pattern can be used there."""
    access = enter(request, slug, see=SEE)
    form = LibraryFilter(request.GET, stages=_stages(access) if may_plan(access) else [])
    every = patterns_of(access.programme)
    found = form.narrow(every)
    context = {
        "active_step": "plan",
        "form": form,
        "patterns": found,
        "whole": len(every),
        "use_url": _use_url(access, form.chosen),
        "chosen": form.chosen,
        "may_plan": may_plan(access),
    }
    return show(request, "actionplans/pattern_list", context, status=form_status(form))


def _stages(access: Access) -> list[Stage]:
    rows = Stage.objects.filter(
        journey__programme=access.programme, in_perimeter=True, journey__segment__in_perimeter=True
    )
    return list(rows.select_related("journey").order_by("journey__position", "journey", "position"))


def _use_url(access: Access, stage: Stage | None) -> str:
    if stage is None:
        return ""
    args = [access.programme.slug, stage.journey.key, stage.key]
    return reverse("actionplans:action-create", args=args)


@login_required
@require_http_methods(["GET", "POST"])
def pattern_create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An action of the plan as a pattern, to be put in general words first."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    rows = Action.objects.visible_to(access).for_list()
    action: Action = get_object_or_404(rows, pk=pk)
    form = PatternForm(
        request.POST if request.method == "POST" else None,
        instance=OwnPattern(programme=access.programme, saved_by=access.user),
        initial=_of_action(action),
    )
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        record(
            programme=access.programme, actor=access.user, verb="kept the pattern", subject=saved
        )
        messages.success(request, _("The pattern is in the library of this programme."))
        return redirect("actionplans:pattern-list", slug)
    context = {"active_step": "plan", "action": action, "form": form}
    return show(request, "actionplans/pattern_create", context, status=form_status(form))


def _of_action(action: Action) -> dict[str, Any]:
    return {
        "title": action.title,
        "what": action.recommendation.text[:1000] if action.recommendation else "",
        "dimension": action.dimension,
        "kind": action.kind,
    }


@login_required
@require_POST
def pattern_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One of the programme's own; actions that were made from it stay."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    pattern = get_object_or_404(OwnPattern, programme=access.programme, pk=pk)
    record(programme=access.programme, actor=access.user, verb="deleted", subject=pattern)
    pattern.delete()
    messages.success(request, _("The pattern was deleted."))
    return redirect("actionplans:pattern-list", slug)
