"""The page of one action: what it is, who takes part, how it goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from actionplans.action_comments import readers_of
from actionplans.action_forms import DependencyForm, FileForm, PersonForm, TaskForm
from actionplans.declaring import effect_lines, offered_interactions
from actionplans.forms import UpdateForm
from actionplans.gaps import may_plan
from actionplans.measure_cards import measures_context
from actionplans.models import Action
from actionplans.worth import day_rate_of, worth_of
from actionplans.worth_words import WorthLine
from journeys.access import Access
from journeys.forms.comments import CommentForm
from journeys.pages import form_status, show
from journeys.rights import Right


def action_at(access: Access, pk: int) -> Action:
    rows = Action.objects.visible_to(access).for_list().with_effects()
    rows = rows.select_related("recommendation__priority", "channel", "programme")
    action: Action = get_object_or_404(rows, pk=pk)
    return action


def may_update(access: Access, action: Action) -> bool:
    if access.programme.is_archived:
        return False
    return bool(Action.objects.editable_by(access).filter(pk=action.pk).exists())


def refuse_others(access: Access, action: Action) -> None:
    if not may_update(access, action):
        raise PermissionDenied(_("This action belongs to somebody else."))


def comment_form(action: Action, data: Any = None) -> CommentForm:
    return CommentForm(data, people=readers_of(action), auto_id="comment-%s")


def show_action(
    request: HttpRequest, access: Access, action: Action, **bound: forms.BaseForm
) -> HttpResponse:
    """With one form of the page as it was sent, if it was; 422 or 409 where that one is refused."""
    is_open = not access.programme.is_archived
    updates, plans = may_update(access, action), may_plan(access)
    made: dict[str, Any] = {"form": UpdateForm(initial=_as_it_is(action))}
    if plans:
        made["person_form"] = PersonForm(programme=access.programme)
        made["wait_form"] = DependencyForm(action=action)
    if updates:
        made["task_form"] = TaskForm(programme=access.programme)
        made["file_form"] = FileForm()
    if is_open:
        made["comment_form"] = comment_form(action)
    context = _facts(access, action) | made | bound
    context |= {"may_update": updates, "may_plan": plans, "may_comment": is_open}
    statuses = [form_status(form) for form in bound.values()]
    return show(request, "actionplans/action_detail", context, status=max(statuses, default=200))


def _as_it_is(action: Action) -> dict[str, Any]:
    return {"status": action.status, "version": action.version}


def _facts(access: Access, action: Action) -> dict[str, Any]:
    advice = action.recommendation
    effects = list(action.effects.all())
    interactions = offered_interactions(action.stage) if effects else []
    sees_scores = access.may(Right.SEE_SCORES)
    worth = None
    if sees_scores:
        worth = WorthLine(worth_of([action], access, day_rate=day_rate_of(access))[action.pk])
    tasks = list(action.tasks.select_related("owner"))
    comments = action.comments.select_related("author").prefetch_related("mentions__person")
    return {
        "active_step": "plan",
        "action": action,
        "figures": advice.priority.figures if advice and advice.priority else None,
        "priority": advice.priority if advice else None,
        "updates": action.updates.select_related("author"),
        "may_see_scores": sees_scores,
        "sees_all": access.sees_whole_plan,
        "effects": effect_lines(effects, interactions),
        "worth": worth,
        "people": list(action.people.select_related("person")),
        "waits": list(action.waits.select_related("needs__owner", "needs__programme")),
        "awaited_by": list(action.awaited_by.select_related("action__programme")),
        "tasks": tasks,
        "tasks_done": sum(1 for task in tasks if task.done_at),
        "files": list(action.files.select_related("added_by")),
        "comments": list(comments),
    } | measures_context(action, access)
