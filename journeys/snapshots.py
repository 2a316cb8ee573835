"""Snapshots of a map: taken under a name, and restored as one step that its author can undo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.audit import record
from journeys.bundle import Part, stage_facts
from journeys.deleting import Dependant, dependants_of
from journeys.guards import blocking_reasons
from journeys.holding import hold_journey
from journeys.map_bundle import document_of
from journeys.map_edits import map_step, versions_left
from journeys.models import (
    Channel,
    Choice,
    Criterion,
    Journey,
    Need,
    Snapshot,
    Stage,
    Touchpoint,
)
from journeys.ordering import renumber_stages

KEPT_AUTOMATIC: Final = 20  # the newest automatic ones of a journey


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A row that can't become what it was: what depends on it, or why it may not change."""

    row: models.Model
    dependants: list[Dependant] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


class RestoreRefused(Exception):
    """Nothing was restored; `obstacles` has every row that stands in the way."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(str(obstacle.row) for obstacle in obstacles))
        self.obstacles = obstacles


@transaction.atomic
def take_snapshot(
    *, journey: Journey, name: str, actor: User, is_automatic: bool = False
) -> Snapshot:
    """The map as it is now; of the automatic ones only the newest are kept. May raise Overtaken."""
    hold_journey(journey)
    snapshot = Snapshot.objects.create(
        journey=journey,
        name=name[:120],
        document=document_of(Journey.objects.for_map().get(pk=journey.pk)),
        made_by=actor,
        is_automatic=is_automatic,
    )
    if is_automatic:
        automatic = Snapshot.objects.filter(journey=journey, is_automatic=True)
        old = list(automatic.values_list("pk", flat=True)[KEPT_AUTOMATIC:])
        Snapshot.objects.filter(pk__in=old).delete()
    return snapshot


def missing_channels(snapshot: Snapshot) -> list[Part]:
    """Channels of the snapshot that the programme has no more: a restore adds them again."""
    known = set(snapshot.journey.programme.channels.values_list("key", flat=True))
    return [part for part in snapshot.document["channels"] if part["key"] not in known]


@transaction.atomic
def restore_snapshot(*, snapshot: Snapshot, actor: User) -> Snapshot | None:
    """The map as it was, and the snapshot of what it was until now; None if nothing differs.

    Stages and touchpoints that are still there by their key stay the same rows, so that frameworks
    and observations stay with them; the others come back under their old numbers. The journey's own
    name and segment are no part of its map. Raises RestoreRefused, and restores nothing, where a row
    would have to go that something depends on, or to change in a way that a guard refuses.
    """
    journey = snapshot.journey
    hold_journey(journey)
    now = document_of(Journey.objects.for_map().get(pk=journey.pk))
    if _map_in(now) == _map_in(snapshot.document):
        return None
    safety = take_snapshot(
        journey=journey,
        name=_("Before “%(name)s” was restored") % {"name": snapshot.name},
        actor=actor,
        is_automatic=True,
    )
    channels = _channels(snapshot)
    stages = list(journey.stages.all())
    with map_step(
        journey=journey, actor=actor, verb="restored", subject=snapshot.name, stages=stages
    ):
        _Restoring(journey, snapshot.document, channels).run()
    record(
        programme=journey.programme,
        actor=actor,
        verb="restored",
        subject=f"{Snapshot._meta.verbose_name} {snapshot.name}",
    )
    return safety


def _map_in(document: Part) -> tuple[Any, Any]:
    return document["journey"]["stages"], document["rows"]


def _channels(snapshot: Snapshot) -> dict[str, Channel]:
    """Held from before it is asked which are missing, so that nobody deletes one in between."""
    programme = snapshot.journey.programme
    held = {
        channel.key: channel for channel in programme.channels.select_for_update().order_by("pk")
    }
    for place, part in enumerate(missing_channels(snapshot), len(held)):
        channel = Channel.objects.create(programme=programme, position=place, **part)
        held[channel.key] = channel
    return held


class _Restoring:
    """One restore: the rows of the document are put in place, then the others go."""

    def __init__(self, journey: Journey, document: Part, channels: Mapping[str, Channel]) -> None:
        self.journey = journey
        self.stages: list[tuple[Part, Part]] = list(
            zip(document["journey"]["stages"], document["rows"], strict=True)
        )
        self.channels = channels
        self.obstacles: list[Obstacle] = []

    def run(self) -> None:
        stages = self._put_stages()
        by_key = {stage.key: stage for stage in stages}
        touchpoints = self._put_touchpoints(by_key)
        needs = self._put_needs(by_key)
        choices, criteria = self._put_choices(by_key)
        here = {"stage__journey": self.journey}
        going_stages = Stage.objects.filter(journey=self.journey).exclude(pk__in=_pks(stages))
        going = Touchpoint.objects.filter(**here).exclude(pk__in=_pks(touchpoints))
        for row in (*going, *going_stages):
            dependants = dependants_of(row)
            if dependants:
                self.obstacles.append(Obstacle(row, dependants=dependants))
        if self.obstacles:
            raise RestoreRefused(self.obstacles)
        of_choice = Criterion.objects.filter(choice__stage__journey=self.journey)
        of_choice.exclude(pk__in=_pks(criteria)).delete()
        Choice.objects.filter(**here).exclude(pk__in=_pks(choices)).delete()
        Need.objects.filter(**here).exclude(pk__in=_pks(needs)).delete()
        going.delete()
        going_stages.delete()
        renumber_stages(journey=self.journey, order=stages)

    def _put_stages(self) -> list[Stage]:
        here = {row.key: row for row in self.journey.stages.all()}
        wanted = [
            (
                rows["stage"],
                here.get(part["key"]),
                {"journey_id": self.journey.pk, **stage_facts(part)},
            )
            for part, rows in self.stages
        ]
        return self._put(Stage, wanted)

    def _put_touchpoints(self, stages: Mapping[str, Stage]) -> list[Touchpoint]:
        here = {row.key: row for row in Touchpoint.objects.filter(journey=self.journey)}
        wanted = []
        for part, rows in self.stages:
            places = zip(part["touchpoints"], rows["touchpoints"], strict=True)
            for position, (facts, pk) in enumerate(places):
                fields = {name: value for name, value in facts.items() if name != "channel"} | {
                    "journey_id": self.journey.pk,
                    "stage_id": stages[part["key"]].pk,
                    "channel_id": self.channels[facts["channel"]].pk,
                    "position": position,
                }
                wanted.append((pk, here.get(facts["key"]), fields))
        return self._put(Touchpoint, wanted)

    def _put_needs(self, stages: Mapping[str, Stage]) -> list[Need]:
        here = Need.objects.filter(stage__journey=self.journey).in_bulk()
        wanted = [
            (pk, here.get(pk), {**facts, "stage_id": stages[part["key"]].pk, "position": position})
            for part, rows in self.stages
            for position, (facts, pk) in enumerate(zip(part["needs"], rows["needs"], strict=True))
        ]
        return self._put(Need, wanted)

    def _put_choices(self, stages: Mapping[str, Stage]) -> tuple[list[Choice], list[Criterion]]:
        here = Choice.objects.filter(stage__journey=self.journey).in_bulk()
        asked = [
            (part["key"], position, choice, numbers)
            for part, rows in self.stages
            for position, (choice, numbers) in enumerate(
                zip(part["choices"], rows["choices"], strict=True)
            )
        ]
        choices = self._put(
            Choice,
            [
                (
                    numbers["choice"],
                    here.get(numbers["choice"]),
                    {
                        "question": choice["question"],
                        "stage_id": stages[key].pk,
                        "position": position,
                    },
                )
                for key, position, choice, numbers in asked
            ],
        )
        found = Criterion.objects.filter(choice__stage__journey=self.journey).in_bulk()
        criteria = [
            (pk, found.get(pk), {"text": text, "choice_id": row.pk, "position": position})
            for row, (_key, _place, choice, numbers) in zip(choices, asked, strict=True)
            for position, (text, pk) in enumerate(
                zip(choice["criteria"], numbers["criteria"], strict=True)
            )
        ]
        return choices, self._put(Criterion, criteria)

    def _put(self, model: type[Any], wanted: list[tuple[int, Any, dict[str, Any]]]) -> list[Any]:
        """Rows of these numbers and fields: today's changed where there is one, else made again."""
        numbers = [pk for pk, row, _fields in wanted if row is None]
        elsewhere = set(model.objects.filter(pk__in=numbers).values_list("pk", flat=True))
        left = versions_left(self.journey) if numbers and hasattr(model, "version") else {}
        put = []
        for pk, row, fields in wanted:
            if row is None:
                made = model(pk=None if pk in elsewhere else pk, **fields)
                seen = left.get((str(model._meta.model_name), pk))
                if seen is not None:  # newer than any form that is still open on it
                    made.version = seen + 1
                made.save(force_insert=True)
                put.append(made)
            else:
                self._change(row, fields)
                put.append(row)
        return put

    def _change(self, row: Any, fields: dict[str, Any]) -> None:
        differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
        if not differing:
            return
        asked = differing.keys() | {name.removesuffix("_id") for name in differing}
        reasons = blocking_reasons(row, sorted(asked))
        if reasons:
            self.obstacles.append(Obstacle(row, reasons=reasons))
            return
        for name, value in differing.items():
            setattr(row, name, value)
        counted = hasattr(row, "version") and differing.keys() != {"position"}
        more = {"version": F("version") + 1} if counted else {}
        type(row).objects.filter(pk=row.pk).update(**differing, **more)


def _pks(rows: Iterable[models.Model]) -> list[int]:
    return [row.pk for row in rows]
