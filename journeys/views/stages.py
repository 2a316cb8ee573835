"""A stage of a journey: its own facts, and the page that gathers all that hangs on it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys import map_building
from journeys.access import Access, enter
from journeys.deleting import StillUsed
from journeys.forms.journeys import StageForm
from journeys.holding import Overtaken
from journeys.map_edits import map_step
from journeys.models import Journey, Stage
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.stages import move_stage
from journeys.versions import StaleEdit
from journeys.views.stage_parts import PARTS, part_context


def _enter_to_edit(request: HttpRequest, slug: str) -> Access:
    return enter(request, slug, see=Right.SEE_METHOD, change=Right.EDIT_METHOD)


def _stage(access: Access, key: str, stage_key: str) -> Stage:
    stages = Stage.objects.select_related("journey__programme", "journey__segment")
    return get_object_or_404(
        stages, journey__programme=access.programme, journey__key=key, key=stage_key
    )


def _context(stage: Stage, **more: Any) -> dict[str, Any]:
    # The stage as stored: a form writes what was typed into its own copy while it validates.
    return {"active_step": "journeys", "stage": stage, "journey": stage.journey} | more


@login_required
@require_GET
def stage_detail(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    stage = _stage(access, key, stage_key)
    may_edit = access.may(Right.EDIT_METHOD) and not access.programme.is_archived
    order = list(stage.journey.stages.all())
    place = order.index(stage)
    context = _context(
        stage,
        parts=[part_context(access, stage, part) for part in PARTS.values()],
        may_edit=may_edit,
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
        phases=Stage.Phase.choices,
    )
    return show(request, "journeys/stage_detail", context)


@login_required
@require_http_methods(["GET", "POST"])
def stage_create(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The form comes back empty after each stage, above the list of those that exist."""
    access = _enter_to_edit(request, slug)
    journey = get_object_or_404(access.programme.journeys.select_related("segment"), key=key)
    form = StageForm(
        request.POST if request.method == "POST" else None,
        siblings=journey.stages.all(),
        instance=Stage(journey=journey),
        initial={"phase": request.GET.get("phase", Stage.Phase.BEFORE)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            stage = map_building.save_row(form=form, journey=journey, actor=access.user)
        except Overtaken as overtaken:
            form.tell_deleted(overtaken.reason)
        else:
            answer = redirect("journeys:stage-create", slug, key)
            answer["Location"] += f"?phase={stage.phase}"
            return answer
    form.fields["name"].widget.attrs["autofocus"] = True
    context = {"active_step": "journeys", "form": form, "journey": journey}
    context["stages"] = list(journey.stages.all())
    return show(request, "journeys/stage_create", context, status=form_status(form))


@login_required
@require_http_methods(["GET", "POST"])
def stage_edit(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    stage = _stage(access, key, stage_key)
    form = _stage_form(request, stage.pk, stage.journey)
    if request.method == "POST" and form.is_valid():
        try:
            saved = map_building.save_row(form=form, journey=stage.journey, actor=access.user)
        except StaleEdit:
            # Overtaken between check and write: checked again, the form says by what.
            form = _stage_form(request, stage.pk, stage.journey)
            form.is_valid()
        except Overtaken as overtaken:
            form.tell_deleted(overtaken.reason)
        else:
            return redirect("journeys:stage-detail", slug, key, saved.key)
    context = _context(stage, form=form)
    return show(request, "journeys/stage_edit", context, status=form_status(form))


def _stage_form(request: HttpRequest, pk: int, journey: Journey) -> StageForm:
    return StageForm(
        request.POST if request.method == "POST" else None,
        siblings=journey.stages.all(),
        instance=get_object_or_404(Stage, pk=pk),
        reader=request.user,
    )


@login_required
@require_POST
def stage_move(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    access = _enter_to_edit(request, slug)
    stage = _stage(access, key, stage_key)
    try:
        with map_step(journey=stage.journey, actor=access.user, verb="moved", subject=stage):
            move_stage(stage=stage, direction=request.POST.get("direction", ""))
    except (StopIteration, Overtaken) as gone:
        raise Http404 from gone
    except ValueError:
        context = _context(stage, form=_stage_form_unbound(stage))
        context["problem"] = _("Say where to: earlier, later, or a phase.")
        return show(request, "journeys/stage_edit", context, status=422)
    return redirect("journeys:stage-detail", slug, key, stage_key)


def _stage_form_unbound(stage: Stage) -> StageForm:
    return StageForm(siblings=stage.journey.stages.all(), instance=stage)


@login_required
@require_http_methods(["GET", "POST"])
def stage_delete(request: HttpRequest, slug: str, key: str, stage_key: str) -> HttpResponse:
    """GET says what goes with it; POST deletes, or answers 409 with what stands in the way."""
    access = _enter_to_edit(request, slug)
    stage = _stage(access, key, stage_key)
    context = _context(
        stage,
        touchpoint_count=stage.touchpoints.count(),
        need_count=stage.needs.count(),
        choice_count=stage.choices.count(),
    )
    if request.method == "POST":
        try:
            map_building.delete_stage(stage=stage, actor=access.user)
        except StillUsed as refusal:
            context["refusal"] = refusal
            return show(request, "journeys/stage_delete", context, status=409)
        except Overtaken as overtaken:
            raise Http404 from overtaken
        return redirect("journeys:journey-map", slug, key)
    return show(request, "journeys/stage_delete", context)
