"""The list of actions, and one action: what it is, how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from actionplans.action_forms import BulkForm
from actionplans.forms import ActionForm, UpdateForm, departments_of
from actionplans.measure_words import EffectWord, effect_of
from actionplans.models import Action, ActionUpdate
from actionplans.planning import PlanRefused, StaleAction, delete_action, update_action
from actionplans.querysets import ActionQuerySet
from actionplans.views.action_page import action_at, refuse_others, show_action
from actionplans.views.plan_views import PlanView
from actionplans.worth import Worth, by_worth, day_rate_of, quadrants_of, worth_of
from actionplans.worth_words import WorthLine
from journeys.access import Access, enter
from journeys.audit import record
from journeys.pages import form_status, show
from journeys.rights import Right
from journeys.versions import StaleEdit

PAGE = 50


@login_required
@require_GET
def action_list(request: HttpRequest, slug: str) -> HttpResponse:
    return show_list(PlanView(request, slug, "list"))


def show_list(view: PlanView, bulk: BulkForm | None = None) -> HttpResponse:
    """By due date; a filter that can't be read answers 422 and leaves the list whole.

    What actions are worth is read once, of all of them: their quadrants are by all their medians.
    With the change to many lines as it was sent, if it was refused.
    """
    access, form = view.access, view.form
    rows = view.all_rows.for_list().with_measures()
    found: ActionQuerySet | list[Action] = view.rows.for_list().with_measures()
    worths: dict[int, Worth] = {}
    if view.context["everybody"]:
        worths = worth_of(list(rows.with_effects()), access, day_rate=day_rate_of(access))
        found = by_worth(view.rows.for_list().with_measures(), worths) if form.by_worth else found
    page = Paginator(found, PAGE).get_page(view.request.GET.get("page"))
    shown = list(page.object_list)
    prefetch_related_objects(shown, "waits__needs")
    bulk_form = bulk or BulkForm(programme=access.programme)
    context = view.context | {
        "page": page,
        "has_any": bool(shown) or rows.exists(),
        "lines": _lines(shown, worths),
        "bulk_form": bulk_form,
        "departments": departments_of(access.programme),
        "ticked": bulk_form.ticked,
    }
    status = max(form_status(form), form_status(bulk_form) if bulk else 200)
    return show(view.request, "actionplans/action_list", context, status=status)


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


@login_required
@require_GET
def action_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN)
    return show_action(request, access, action_at(access, pk))


@login_required
@require_POST
def action_update(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A status or a note; by whoever edits the plan, or by who carries it out."""
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.UPDATE_OWN_ACTIONS)
    action = action_at(access, pk)
    refuse_others(access, action)
    form = UpdateForm(request.POST)
    if form.is_valid():
        try:
            update_action(action=action, actor=access.user, **form.cleaned_data)
        except PlanRefused as refused:
            for field, why in refused.errors.items():
                form.add_error(field, why)
        except StaleAction as stale:
            form.tell_stale(stale.now)
        else:
            messages.success(request, _("Noted."))
            return redirect(action)
    return show_action(request, access, action, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def action_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_PLAN, change=Right.EDIT_PLAN)
    action = action_at(access, pk)
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
    action = action_at(access, pk)
    if request.method == "POST":
        delete_action(action=action, actor=access.user)
        messages.success(request, _("The action was deleted."))
        return redirect("actionplans:action-list", slug)
    updates = ActionUpdate.objects.filter(action=action).count()
    context = {"active_step": "plan", "action": action, "updates": updates}
    return show(request, "actionplans/action_delete", context)
