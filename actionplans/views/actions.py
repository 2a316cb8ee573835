"""The list of actions, and one action: what it is, how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.declaring import effect_lines, offered_interactions
from actionplans.forms import ActionFilter, ActionForm, UpdateForm
from actionplans.gaps import may_plan
from actionplans.measure_cards import measures_context
from actionplans.measure_words import EffectWord, effect_of
from actionplans.models import Action, ActionUpdate
from actionplans.planning import PlanRefused, delete_action, update_action
from actionplans.worth import Worth, by_worth, day_rate_of, quadrants_of, worth_of
from actionplans.worth_words import WorthLine
from journeys.access import Access, enter
from journeys.audit import record
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit

PAGE = 50


def _action_at(access: Access, pk: int) -> Action:
    rows = Action.objects.visible_to(access).for_list().with_effects()
    rows = rows.select_related("recommendation__priority")
    action: Action = get_object_or_404(rows, pk=pk)
    return action


def _may_update(access: Access, action: Action) -> bool:
    if access.programme.is_archived:
        return False
    return bool(Action.objects.editable_by(access).filter(pk=action.pk).exists())


@login_required
@require_GET
def action_list(request: HttpRequest, slug: str) -> HttpResponse:
    """By due date; a filter that can't be read answers 422 and leaves the list whole.

    What actions are worth is read once, of all of them: their quadrants are by all their medians.
    """
    access = enter(request, slug, see=Right.SEE_PLAN)
    everybody = access.may(Right.SEE_SCORES)
    form = ActionFilter(request.GET, programme=access.programme, with_owner=everybody)
    rows = Action.objects.visible_to(access).for_list().with_measures()
    found = form.narrow(rows, timezone.localdate())
    worths: dict[int, Worth] = {}
    if everybody:
        worths = worth_of(list(rows.with_effects()), access, day_rate=day_rate_of(access))
        found = by_worth(found, worths) if form.by_worth else found
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "active_step": "plan",
        "form": form,
        "page": page,
        "has_any": bool(page.object_list) or rows.exists(),
        "is_filtered": any(request.GET.values()),
        "everybody": everybody,
        "lines": _lines(list(page.object_list), worths),
        "may_plan": may_plan(access),
        "query": kept.urlencode(),
    }
    return show(request, "actionplans/action_list", context, status=form_status(form))


def _lines(
    actions: list[Action], worths: Mapping[int, Worth]
) -> list[tuple[Action, WorthLine | None, EffectWord | None]]:
    """Each action of the page with what it is worth, where that is known to whoever asks, and did."""
    placed = quadrants_of(worths)
    return [
        (
            action,
            WorthLine(worths[action.pk], placed.get(action.pk)) if action.pk in worths else None,
            effect_of(action),
        )
        for action in actions
    ]


def _detail(request: HttpRequest, access: Access, action: Action, form: UpdateForm) -> HttpResponse:
    advice = action.recommendation
    effects = list(action.effects.all())
    interactions = offered_interactions(action.stage) if effects else []
    sees_scores = access.may(Right.SEE_SCORES)
    worth = None
    if sees_scores:
        worth = WorthLine(worth_of([action], access, day_rate=day_rate_of(access))[action.pk])
    context = {
        "active_step": "plan",
        "action": action,
        "figures": advice.priority.figures if advice and advice.priority else None,
        "priority": advice.priority if advice else None,
        "updates": action.updates.select_related("author"),
        "form": form,
        "may_update": _may_update(access, action),
        "may_plan": may_plan(access),
        "may_see_scores": sees_scores,
        "effects": effect_lines(effects, interactions),
        "worth": worth,
    } | measures_context(action, access)
    return show(request, "actionplans/action_detail", context, status=form_status(form))


@login_required
@require_GET
def action_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN)
    action = _action_at(access, pk)
    return _detail(request, access, action, UpdateForm(initial={"status": action.status}))


@login_required
@require_POST
def action_update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A status or a note; by whoever edits the plan, or by the owner."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.UPDATE_OWN_ACTIONS)
    action = _action_at(access, pk)
    if not _may_update(access, action):
        raise PermissionDenied(_("This action belongs to somebody else."))
    form = UpdateForm(request.POST)
    if form.is_valid():
        try:
            update_action(action=action, actor=access.user, **form.cleaned_data)
        except PlanRefused as refused:
            for field, why in refused.errors.items():
                form.add_error(field, why)
        else:
            messages.success(request, _("Noted."))
            return redirect(action)
    return _detail(request, access, action, form)


@login_required
@require_http_methods(["GET", "POST"])
def action_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action = _action_at(access, pk)
    form = _form(request, access, action.pk)
    if request.method == "POST" and form.is_valid():
        try:
            _save(form, access)
        except StaleEdit:
            # Overtaken between check and write: checked again, the form says by what.
            form = _form(request, access, action.pk)
            form.is_valid()
        else:
            messages.success(request, _("Saved."))
            return redirect(action)
    context = {"active_step": "plan", "action": action, "form": form}
    return show(request, "actionplans/action_edit", context, status=form_status(form))


def _form(request: HttpRequest, access: Access, pk: int) -> ActionForm:
    data = request.POST if request.method == "POST" else None
    return ActionForm(data, programme=access.programme, instance=Action.objects.get(pk=pk))


def _save(form: ActionForm, access: Access) -> None:
    before: dict[str, Any] = {
        name: form.initial[name] for name in form.changed_data if name != "version"
    }
    saved = form.save()
    changes = {
        name: [_typed(form, name, value), str(form[name].value())] for name, value in before.items()
    }
    if changes:
        record(
            programme=access.programme,
            actor=access.user,
            verb="edited",
            subject=saved,
            changes=changes,
        )


def _typed(form: ActionForm, name: str, value: Any) -> str:
    """A stored value as one would type it: 5000 basis points are 50."""
    return "" if value is None else str(form.fields[name].prepare_value(value))


@login_required
@require_http_methods(["GET", "POST"])
def action_delete(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action = _action_at(access, pk)
    if request.method == "POST":
        delete_action(action=action, actor=access.user)
        messages.success(request, _("The action was deleted."))
        return redirect("actionplans:action-list", slug)
    updates = ActionUpdate.objects.filter(action=action).count()
    context = {"active_step": "plan", "action": action, "updates": updates}
    return show(request, "actionplans/action_delete", context)
