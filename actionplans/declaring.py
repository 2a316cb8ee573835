"""What an action is said to change for customers: which answers become better."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.models import Action, ActionEffect
from actionplans.planning import PlanRefused
from journeys.audit import record
from journeys.models import Stage
from scoring.models import Framework, Interaction


@dataclass(frozen=True, slots=True)
class EffectLine:
    """An effect in the words of the framework; the key and the points where it has none any more.

    `before` is empty where every worse level is meant.
    """

    effect: ActionEffect
    statement: str
    before: str
    after: str


def offered_interactions(stage: Stage) -> list[Interaction]:
    """What the newest published version scores in a stage, with levels; two queries."""
    newest = Framework.objects.published().filter(journey=stage.journey_id).order_by("-version")
    rows = (
        Interaction.objects.filter(framework=newest.values("pk")[:1], stage=stage)
        .exclude(touchpoint__channel__in_perimeter=False)
        .prefetch_related("levels")
    )
    return list(rows)


def effect_lines(
    effects: Iterable[ActionEffect], interactions: Iterable[Interaction]
) -> list[EffectLine]:
    known = {one.key: one for one in interactions}
    return [_line(effect, known.get(effect.interaction)) for effect in effects]


def _line(effect: ActionEffect, interaction: Interaction | None) -> EffectLine:
    words = interaction.wording if interaction else {}
    return EffectLine(
        effect=effect,
        statement=interaction.statement if interaction else effect.interaction,
        before=""
        if effect.from_points is None
        else words.get(effect.from_points, f"{effect.from_points:+d}"),
        after=words.get(effect.to_points, f"{effect.to_points:+d}"),
    )


@transaction.atomic
def declare_effect(
    *,
    action: Action,
    actor: User,
    interaction: Interaction,
    from_points: int | None,
    to_points: int,
) -> ActionEffect:
    """Answers at `from_points` (None: any below) become `to_points`. Raises PlanRefused."""
    if interaction.stage_id != action.stage_id:
        raise ValueError("the interaction belongs to another stage")
    action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)
    taken = action.effects.filter(interaction=interaction.key, from_points=from_points).exists()
    errors = level_errors(interaction, from_points, to_points)
    if taken and not errors:
        errors["from_points"] = _("The action says already what becomes of this level.")
    if errors:
        raise PlanRefused(errors)
    effect = ActionEffect.objects.create(
        action=action, interaction=interaction.key, from_points=from_points, to_points=to_points
    )
    _record(effect, actor, [None, str(effect)])
    return effect


def level_errors(
    interaction: Interaction, from_points: int | None, to_points: int
) -> dict[str, str]:
    """{field: reason}; both are levels of the interaction, and the second is the better one."""
    levels = interaction.wording
    if to_points not in levels:
        return {"to_points": _("Not a level of this interaction.")}
    if from_points is not None and from_points not in levels:
        return {"from_points": _("Not a level of this interaction.")}
    if from_points == to_points:
        return {"to_points": _("The level has to change.")}
    if to_points < (min(levels) + 1 if from_points is None else from_points):
        return {"to_points": _("An action makes an answer better, not worse.")}
    return {}


@transaction.atomic
def drop_effect(*, effect: ActionEffect, actor: User) -> None:
    _record(effect, actor, [str(effect), None])
    effect.delete()


def _record(effect: ActionEffect, actor: User, change: list[str | None]) -> None:
    action = effect.action
    record(
        programme=action.programme,
        actor=actor,
        verb="edited",
        subject=action,
        changes={"effect": change},
    )
