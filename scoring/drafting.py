"""Writing a draft: begun from nothing or from a version, its interactions, its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction

from accounts.models import User
from journeys.audit import record
from journeys.models import Journey
from journeys.ordering import next_place
from journeys.versions import StaleEdit
from scoring.copying import copy_interactions, next_version
from scoring.models import Framework, Interaction, ResponseLevel
from scoring.publishing import THRESHOLDS, lock_draft

Direction = Literal["up", "down"]

_GENERATED_KEY = re.compile(r"i-(\d+)")


class DraftExists(Exception):
    """A journey has one draft at a time; it is the argument."""


@transaction.atomic
def start_draft(*, journey: Journey, copy_of: Framework | None, actor: User) -> Framework:
    """The next version of a journey, empty or with all that `copy_of` holds; raises DraftExists."""
    journey = Journey.objects.select_for_update(of=("self",)).get(pk=journey.pk)
    draft = journey.frameworks.filter(status=Framework.Status.DRAFT).first()
    if draft is not None:
        raise DraftExists(draft)
    values = {name: getattr(copy_of, name) for name in THRESHOLDS} if copy_of else {}
    draft = Framework.objects.create(journey=journey, version=next_version(journey), **values)
    if copy_of is not None:
        copy_interactions(source=copy_of, draft=draft)
    record(programme=journey.programme, actor=actor, verb="drafted", subject=draft)
    return draft


@transaction.atomic
def delete_draft(*, framework: Framework, actor: User) -> None:
    """Raises FrozenFramework for a version that was published: history stays."""
    draft = lock_draft(framework)
    record(programme=draft.journey.programme, actor=actor, verb="deleted", subject=draft)
    draft.delete()


@transaction.atomic
def change_thresholds(
    *, framework: Framework, values: Mapping[str, int | None], actor: User
) -> Framework:
    """`values` by field name, validated. Raises FrozenFramework."""
    draft = lock_draft(framework)
    changes = {
        name: [getattr(draft, name), value]
        for name, value in values.items()
        if getattr(draft, name) != value
    }
    for name, (_before, after) in changes.items():
        setattr(draft, name, after)
    if changes:
        draft.save(update_fields=list(changes))
        _record(draft, actor, "changed", draft, changes)
    return draft


@transaction.atomic
def save_interaction(
    *, interaction: Interaction, levels: Mapping[int, str], seen: int | None, actor: User
) -> Interaction:
    """Write a new or changed interaction with its levels ({points: words}), as validated.

    `seen` is the version the writer had before their eyes, None for a new one. An empty key is
    generated. Raises FrozenFramework, and StaleEdit if somebody wrote in between.
    """
    draft = lock_draft(interaction.framework)
    before = _take_turn(interaction, seen)
    interaction.key = interaction.key or next_key(draft)
    if before is None or before.stage_id != interaction.stage_id:
        interaction.position = _end_of_stage(interaction)
    interaction.save()
    had = before.wording if before else {}
    if had != dict(levels):
        interaction.levels.all().delete()
        ResponseLevel.objects.bulk_create(
            ResponseLevel(interaction=interaction, points=points, label=label)
            for points, label in sorted(levels.items())
        )
    verb = "changed" if before else "added"
    _record(draft, actor, verb, interaction, _changes(before, interaction, had, levels))
    return interaction


@transaction.atomic
def delete_interaction(*, interaction: Interaction, actor: User) -> None:
    """Raises FrozenFramework."""
    draft = lock_draft(interaction.framework)
    _record(draft, actor, "deleted", interaction)
    interaction.delete()


@transaction.atomic
def move_interaction(*, interaction: Interaction, direction: Direction) -> None:
    """One place up or down inside its stage; at the end it stays. Raises FrozenFramework."""
    draft = lock_draft(interaction.framework)
    rows = list(draft.interactions.filter(stage=interaction.stage_id))
    here = next(i for i, row in enumerate(rows) if row.pk == interaction.pk)
    there = here - 1 if direction == "up" else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, row in enumerate(rows):
        row.position = position
    Interaction.objects.bulk_update(rows, ["position"])


def next_key(framework: Framework) -> str:
    """`i-<n>`, never used in any version of the journey: a key means the same thing for ever."""
    used = Interaction.objects.filter(framework__journey=framework.journey_id)
    numbers = [
        int(match[1])
        for key in used.values_list("key", flat=True)
        if (match := _GENERATED_KEY.fullmatch(key))
    ]
    return f"i-{max(numbers, default=0) + 1}"


def _take_turn(interaction: Interaction, seen: int | None) -> Interaction | None:
    """The row as it stands, its version counted up; None for a new interaction."""
    if interaction._state.adding:
        return None
    rows = Interaction.objects.filter(pk=interaction.pk).prefetch_related("levels")
    before = rows.first()
    if before is None or before.version != seen:
        raise StaleEdit(interaction)
    interaction.version = before.version + 1
    return before


def _end_of_stage(interaction: Interaction) -> int:
    return next_place(interaction.framework.interactions.filter(stage=interaction.stage_id))


_AUDITED = ("stage_id", "touchpoint_id", "statement", "kind", "weight", "target", "benefit")


def _changes(
    before: Interaction | None,
    after: Interaction,
    had: Mapping[int, str],
    levels: Mapping[int, str],
) -> dict[str, list[Any]]:
    if before is None:
        return {}
    changes = {
        name.removesuffix("_id"): [getattr(before, name), getattr(after, name)]
        for name in _AUDITED
        if getattr(before, name) != getattr(after, name)
    }
    for points in sorted({*had, *levels}):
        if had.get(points) != levels.get(points):
            changes[f"level {points:+d}"] = [had.get(points), levels.get(points)]
    return changes


def _record(
    draft: Framework,
    actor: User,
    verb: str,
    subject: object,
    changes: dict[str, list[Any]] | None = None,
) -> None:
    programme = draft.journey.programme
    record(programme=programme, actor=actor, verb=verb, subject=subject, changes=changes)
