"""From a gap to an action with an owner, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.action_files import drop_bytes
from actionplans.models import Action, ActionUpdate, Priority, Recommendation
from journeys.audit import record
from journeys.models import Programme, Stage

NOTE_OF_A_BLOCK: Final = 300


class PlanRefused(Exception):
    """What can't be planned, as {field: reason}; nothing was written."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


class StaleAction(Exception):
    """Somebody else changed the action since it was read; `now` is how it stands."""

    def __init__(self, now: Action) -> None:
        super().__init__(now.pk)
        self.now = now


@transaction.atomic
def plan_action(
    *,
    programme: Programme,
    stage: Stage,
    actor: User,
    figures: Mapping[str, Any],
    recommendation: Recommendation | None = None,
    recommendation_text: str = "",
    title: str,
    owner: User,
    due_on: date,
    dimension: str,
    kind: str,
) -> Action:
    """Keep the gap with its figures, what is recommended, and the first action for it.

    Either a recommendation of the stage or the text of a new one. Raises PlanRefused.
    """
    errors = _recommendation_errors(stage, recommendation, recommendation_text.strip())
    if stage.journey.programme_id != programme.pk:
        raise ValueError("the stage belongs to another programme")
    if not programme.memberships.filter(user=owner).exists():
        errors["owner"] = _("The owner must be a member of the programme.")
    if due_on < timezone.localdate():
        errors["due_on"] = _("This date has passed.")
    if errors:
        raise PlanRefused(errors)
    if recommendation is None:
        recommendation = Recommendation(
            programme=programme, stage=stage, text=recommendation_text.strip(), created_by=actor
        )
    if recommendation.priority is None:
        recommendation.priority = Priority.objects.create(
            programme=programme, stage=stage, figures=dict(figures), picked_by=actor
        )
        recommendation.save()
    action = Action.objects.create(
        programme=programme,
        recommendation=recommendation,
        stage=stage,
        title=title,
        owner=owner,
        due_on=due_on,
        dimension=dimension,
        kind=kind,
    )
    ActionUpdate.objects.create(action=action, author=actor, status=action.status)
    record(programme=programme, actor=actor, verb="planned", subject=action)
    return action


def _recommendation_errors(
    stage: Stage, chosen: Recommendation | None, text: str
) -> dict[str, str]:
    if chosen is not None and chosen.stage_id != stage.pk:
        return {"recommendation": _("This recommendation belongs to another stage.")}
    if chosen is None and not text:
        return {"recommendation_text": _("Say what should change, or choose a recommendation.")}
    if chosen is not None and text:
        return {
            "recommendation_text": _("Either a recommendation that exists or a new one, not both.")
        }
    return {}


@transaction.atomic
def update_action(
    *, action: Action, actor: User, status: str, note: str = "", version: int | None = None
) -> ActionUpdate:
    """A step in the life of an action; what blocks it is said by the note.

    Raises PlanRefused where nothing would be said, StaleAction where it is no longer at `version`.
    """
    action = locked_action(action.pk, version)
    before, note = action.status, note.strip()
    if status == before and not note:
        raise PlanRefused({"status": _("Choose another status, or write a note.")})
    if status == Action.Status.BLOCKED and not note:
        raise PlanRefused({"note": _("Say what blocks it.")})
    if len(note) > NOTE_OF_A_BLOCK and status == Action.Status.BLOCKED:
        said = _("At most %(most)d characters for what blocks it.") % {"most": NOTE_OF_A_BLOCK}
        raise PlanRefused({"note": said})
    update = ActionUpdate.objects.create(action=action, author=actor, status=status, note=note)
    set_status(action, status, reason=note)
    action.version += 1
    action.save(update_fields=["status", "blocked_reason", "blocked_on", "version"])
    if status != before:
        record(
            programme=action.programme,
            actor=actor,
            verb="updated",
            subject=action,
            changes={"status": [before, status]},
        )
    return update


def locked_action(pk: int, version: int | None) -> Action:
    """Its row, held until the transaction ends. Raises StaleAction where `version` is another."""
    action = Action.objects.select_for_update().get(pk=pk)
    if version is not None and action.version != version:
        raise StaleAction(action)
    return action


def set_status(action: Action, status: str, *, reason: str) -> None:
    """With the reason and the first day of a block; nothing is saved."""
    if status != Action.Status.BLOCKED:
        action.blocked_reason, action.blocked_on = "", None
    else:
        action.blocked_reason = reason
        action.blocked_on = action.blocked_on or timezone.localdate()
    action.status = status


@transaction.atomic
def date_action(
    *, action: Action, actor: User, start_on: date | None, due_on: date, version: int
) -> None:
    """When it starts and is due. Raises PlanRefused or StaleAction."""
    action = locked_action(action.pk, version)
    if start_on is not None and start_on > due_on:
        raise PlanRefused({"start_on": _("It can't start after it is due.")})
    before = (action.start_on, action.due_on)
    if before == (start_on, due_on):
        return
    action.start_on, action.due_on = start_on, due_on
    action.version += 1
    action.save(update_fields=["start_on", "due_on", "version"])
    record(
        programme=action.programme,
        actor=actor,
        verb="edited",
        subject=action,
        changes={
            name: [str(old or ""), str(new or "")]
            for name, old, new in (
                ("start_on", before[0], start_on),
                ("due_on", before[1], due_on),
            )
            if old != new
        },
    )


@transaction.atomic
def delete_action(*, action: Action, actor: User) -> None:
    """With its history and files; the recommendation stays, for other actions."""
    transaction.on_commit(partial(drop_bytes, [file.file.name for file in action.files.all()]))
    record(programme=action.programme, actor=actor, verb="deleted", subject=action)
    action.delete()
