"""From a gap to an action with an owner, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.models import Action, ActionUpdate, Priority, Recommendation
from journeys.audit import record
from journeys.models import Programme, Stage


class PlanRefused(Exception):
    """What can't be planned, as {field: reason}; nothing was written."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


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
def update_action(*, action: Action, actor: User, status: str, note: str = "") -> ActionUpdate:
    """A step in the life of an action. Raises PlanRefused where nothing would be said."""
    action = Action.objects.select_for_update().get(pk=action.pk)
    before = action.status
    if status == before and not note.strip():
        raise PlanRefused({"status": _("Choose another status, or write a note.")})
    update = ActionUpdate.objects.create(
        action=action, author=actor, status=status, note=note.strip()
    )
    if status != before:
        action.status = status
        action.version += 1
        action.save(update_fields=["status", "version"])
        record(
            programme=action.programme,
            actor=actor,
            verb="updated",
            subject=action,
            changes={"status": [before, status]},
        )
    return update


@transaction.atomic
def delete_action(*, action: Action, actor: User) -> None:
    """With its history; the recommendation stays, for other actions."""
    record(programme=action.programme, actor=actor, verb="deleted", subject=action)
    action.delete()
