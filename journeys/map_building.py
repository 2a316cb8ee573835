"""Building a map on the map: many rows from many lines, rows to other places, marks on rows.

Each function is one step that its author can undo (`map_edits`). What was read before the step has
its turn may be gone by then: each raises Overtaken, with who deleted it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django import forms
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.deleting import delete_rows
from journeys.guards import Blocked, blocking_reasons
from journeys.holding import Overtaken, hold_channels, hold_journey
from journeys.keys import free_key
from journeys.map_authors import deleted_by
from journeys.map_edits import map_step
from journeys.models import Channel, Choice, Journey, Need, Stage, Touchpoint
from journeys.ordering import next_place, renumber_stages

Part = Touchpoint | Need | Choice
Row = TypeVar("Row", bound=models.Model)


def add_stages(*, journey: Journey, names: Sequence[str], phase: str, actor: User) -> list[Stage]:
    """Stages of these names at the end of the phase."""
    made: list[Stage] = []
    with map_step(journey=journey, actor=actor, verb="added", subject=_listed(names)):
        order = list(journey.stages.all())
        taken = {stage.key for stage in order}
        for name in names:
            key = free_key(name, taken)
            taken.add(key)
            made.append(Stage.objects.create(journey=journey, key=key, name=name, phase=phase))
        renumber_stages(journey=journey, order=[*order, *made])
    return made


@transaction.atomic
def add_touchpoints(
    *, stage: Stage, names: Sequence[str], channel: Channel, actor: User
) -> list[Touchpoint]:
    """At the end of the stage, all in one channel."""
    (stage,) = _as_they_are([stage])
    hold_channels([channel])
    with _step_in(stage, actor, "added", _listed(names)):
        taken = set(stage.journey.touchpoints.values_list("key", flat=True))
        first = next_place(stage.touchpoints.all())
        made = []
        for place, name in enumerate(names, first):
            key = free_key(name, taken)
            taken.add(key)
            made.append(
                Touchpoint(
                    stage=stage,
                    journey=stage.journey,
                    key=key,
                    name=name,
                    channel=channel,
                    position=place,
                )
            )
        return Touchpoint.objects.bulk_create(made)


@transaction.atomic
def add_needs(*, stage: Stage, texts: Sequence[str], level: str, actor: User) -> list[Need]:
    (stage,) = _as_they_are([stage])
    with _step_in(stage, actor, "added", _listed(texts)):
        first = next_place(stage.needs.all())
        return Need.objects.bulk_create(
            Need(stage=stage, text=text, level=level, position=place)
            for place, text in enumerate(texts, first)
        )


@transaction.atomic
def add_choices(*, stage: Stage, questions: Sequence[str], actor: User) -> list[Choice]:
    (stage,) = _as_they_are([stage])
    with _step_in(stage, actor, "added", _listed(questions)):
        first = next_place(stage.choices.all())
        return Choice.objects.bulk_create(
            Choice(stage=stage, question=question, position=place)
            for place, question in enumerate(questions, first)
        )


@transaction.atomic
def place_stages(*, stages: Sequence[Stage], phase: str, before: Stage | None, actor: User) -> None:
    """Into `phase`, in front of the stage named, or at the phase's end."""
    stages, journey = _as_they_are(stages), stages[0].journey
    if before:
        _as_they_are([before])
    with map_step(journey=journey, actor=actor, verb="moved", subject=_listed(stages)):
        moving = {stage.pk for stage in stages}
        rest = [each for each in journey.stages.all() if each.pk not in moving]
        place = _place_of(before, rest)
        crossing = [stage.pk for stage in stages if stage.phase != phase]
        Stage.objects.filter(pk__in=crossing).update(phase=phase, version=F("version") + 1)
        for stage in stages:
            stage.phase = phase
        renumber_stages(journey=journey, order=[*rest[:place], *stages, *rest[place:]])


@transaction.atomic
def place_parts(*, parts: Sequence[Part], stage: Stage, before: Part | None, actor: User) -> None:
    """Parts of one kind into a stage of the same journey, in front of the one named or at the end.

    Raises Blocked where something counted by stage stands in the way.
    """
    parts, (stage,) = _as_they_are(parts), _as_they_are([stage])
    journey, kind = stage.journey, type(parts[0])
    touched = {part.stage for part in parts} | {stage}
    with map_step(
        journey=journey, actor=actor, verb="moved", subject=_listed(parts), stages=touched
    ):
        _refuse_blocked([part for part in parts if part.stage_id != stage.pk], "stage")
        moving = {part.pk for part in parts}
        rest = [row for row in kind._default_manager.filter(stage=stage) if row.pk not in moving]
        place = _place_of(before, rest)
        for position, row in enumerate([*rest[:place], *parts, *rest[place:]]):
            changed: dict[str, Any] = {"position": position}
            if row.stage_id != stage.pk:
                changed |= {"stage": stage, "version": F("version") + 1}
            kind._default_manager.filter(pk=row.pk).update(**changed)


@transaction.atomic
def mark(*, rows: Sequence[Stage | Touchpoint], criticality: int, actor: User) -> None:
    """Ordinary, important or moment of truth: stages or touchpoints of one journey, together."""
    _set(rows, {"criticality": criticality}, actor)


@transaction.atomic
def set_channel(*, touchpoints: Sequence[Touchpoint], channel: Channel, actor: User) -> None:
    """Raises Blocked where observations were summed with another channel; nothing changes then."""
    changed = [each for each in _as_they_are(touchpoints) if each.channel_id != channel.pk]
    hold_channels([channel])
    _refuse_blocked(changed, "channel")
    _set(changed, {"channel": channel}, actor)


@transaction.atomic
def save_row(*, form: forms.ModelForm[Row], journey: Journey, actor: User) -> Row:
    """What was typed in a form of a stage or of what hangs on one; raises StaleEdit when overtaken."""
    row, is_new = form.instance, form.instance.pk is None
    stages = [] if isinstance(row, Stage) else [row.stage]  # type: ignore[attr-defined]
    _as_they_are(stages if is_new else [row])
    if isinstance(row, Touchpoint):
        hold_channels([row.channel])
    with map_step(
        journey=journey,
        actor=actor,
        verb="added" if is_new else "changed",
        subject=row,
        stages=stages,
    ):
        saved = form.save()
        if isinstance(saved, Stage) and (is_new or "phase" in form.changed_data):
            renumber_stages(journey=journey)
    return saved


@transaction.atomic
def delete_parts(*, parts: Sequence[Part], actor: User) -> None:
    """All of them or none: raises StillUsed for each on which something depends."""
    if not parts:
        return
    parts = _as_they_are(parts)
    journey = parts[0].stage.journey
    with map_step(
        journey=journey,
        actor=actor,
        verb="deleted",
        subject=_listed(parts),
        stages={part.stage for part in parts},
    ):
        delete_rows(rows=parts, programme=journey.programme, actor=actor)


def delete_stage(*, stage: Stage, actor: User) -> None:
    """With all that hangs on it; raises StillUsed where something else depends on it."""
    delete_stages(stages=[stage], actor=actor)


@transaction.atomic
def delete_stages(*, stages: Sequence[Stage], actor: User) -> None:
    """All of them with all that hangs on them, or none: raises StillUsed for each that can't."""
    stages = _as_they_are(stages)
    journey, subject = stages[0].journey, _listed(stages)
    with map_step(journey=journey, actor=actor, verb="deleted", subject=subject, stages=stages):
        delete_rows(rows=stages, programme=journey.programme, actor=actor)


def _as_they_are(rows: Sequence[Row]) -> list[Row]:
    """The rows of one kind read again, in a transaction that holds their journey from now on."""
    if not rows:
        return []
    kind, way = type(rows[0]), "journey" if isinstance(rows[0], Stage) else "stage__journey"
    journey = _journey_of(rows[0])
    hold_journey(journey)
    found = kind._default_manager.select_related(f"{way}__programme").in_bulk(
        [row.pk for row in rows]
    )
    for row in rows:
        if row.pk not in found:
            said = deleted_by(journey, kind, row.pk)
            raise Overtaken(said or _("“%(row)s” has been deleted since.") % {"row": row})
    return [found[row.pk] for row in rows]


def _journey_of(row: Any) -> Journey:
    found: Journey = row.journey if isinstance(row, Stage) else row.stage.journey
    return found


def _place_of(before: models.Model | None, rest: Sequence[models.Model]) -> int:
    """The end where it is not among them: it moves itself, or has moved elsewhere."""
    return next((i for i, row in enumerate(rest) if before and row.pk == before.pk), len(rest))


def _set(rows: Sequence[Stage | Touchpoint], fields: dict[str, Any], actor: User) -> None:
    if not rows:
        return
    rows = _as_they_are(rows)
    kind, journey = type(rows[0]), rows[0].journey
    stages = [] if kind is Stage else {row.stage for row in rows if isinstance(row, Touchpoint)}
    with map_step(
        journey=journey, actor=actor, verb="changed", subject=_listed(rows), stages=stages
    ):
        found = kind._default_manager.filter(pk__in=[row.pk for row in rows])
        found.update(**fields, version=F("version") + 1)


def _step_in(stage: Stage, actor: User, verb: str, subject: str) -> Any:
    return map_step(journey=stage.journey, actor=actor, verb=verb, subject=subject, stages=[stage])


def _refuse_blocked(rows: Iterable[models.Model], field: str) -> None:
    reasons = {reason for row in rows for reason in blocking_reasons(row, [field])}
    if reasons:
        raise Blocked(sorted(reasons))


def _listed(rows: Sequence[object]) -> str:
    if len(rows) == 1:
        return str(rows[0])
    return _("%(first)s and %(more)d more") % {"first": rows[0], "more": len(rows) - 1}
