"""The same change to many actions: all of them, or none where one was changed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.models import Action, ActionUpdate
from actionplans.planning import PlanRefused, set_status
from journeys.audit import record
from journeys.models import Programme


class StaleActions(Exception):
    """Some are no longer as they were seen, or no longer there; nothing was written."""

    def __init__(self, changed: list[Action], gone: int) -> None:
        super().__init__(len(changed), gone)
        self.changed, self.gone = changed, gone


@dataclass(frozen=True, slots=True)
class Change:
    """What is left empty stays as it is."""

    status: str = ""
    note: str = ""
    owner: User | None = None
    days: int = 0
    department: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.status or self.owner or self.days or self.department)


@transaction.atomic
def change_actions(
    *, programme: Programme, seen: Mapping[int, int], change: Change, actor: User
) -> int:
    """`seen` are the versions by action; how many were changed. Raises PlanRefused, StaleActions."""
    _refuse(programme, change)
    rows = Action.objects.filter(programme=programme, pk__in=seen).select_for_update()
    actions = list(rows.order_by("pk"))
    stale = [action for action in actions if action.version != seen[action.pk]]
    if stale or len(actions) < len(seen):
        raise StaleActions(stale, len(seen) - len(actions))
    before = [_as_words(action) for action in actions]
    for action in actions:
        _apply(action, change)
    fields = ["status", "blocked_reason", "blocked_on", "owner", "department"]
    fields += ["start_on", "due_on", "version"]
    Action.objects.bulk_update(actions, fields, batch_size=200)
    _write_history(actions, before, change, actor)
    return len(actions)


def _refuse(programme: Programme, change: Change) -> None:
    if change.is_empty:
        raise PlanRefused({"status": _("Choose what to change.")})
    if change.status == Action.Status.BLOCKED and not change.note:
        raise PlanRefused({"note": _("Say what blocks it.")})
    if change.owner and not programme.memberships.filter(user=change.owner).exists():
        raise PlanRefused({"owner": _("The owner must be a member of the programme.")})


def _apply(action: Action, change: Change) -> None:
    if change.status:
        set_status(action, change.status, reason=change.note)
    if change.owner:
        action.owner = change.owner
    if change.department:
        action.department = change.department
    shift = timedelta(days=change.days)
    action.due_on += shift
    if action.start_on:
        action.start_on += shift
    action.version += 1


def _as_words(action: Action) -> dict[str, str]:
    return {
        "status": action.status,
        "owner": str(action.owner_id),
        "department": action.department,
        "start_on": str(action.start_on or ""),
        "due_on": str(action.due_on),
    }


def _write_history(
    actions: list[Action], before: list[dict[str, str]], change: Change, actor: User
) -> None:
    moved = [
        action
        for action, was in zip(actions, before, strict=True)
        if change.status and was["status"] != action.status
    ]
    ActionUpdate.objects.bulk_create(
        ActionUpdate(action=action, author=actor, status=action.status, note=change.note)
        for action in moved
    )
    for action, was in zip(actions, before, strict=True):
        now = _as_words(action)
        changes = {name: [was[name], now[name]] for name in was if was[name] != now[name]}
        if changes:
            record(
                programme=action.programme,
                actor=actor,
                verb="edited",
                subject=action,
                changes=dict(changes),
            )
