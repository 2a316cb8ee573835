"""Defining indicators, and writing what was counted: one reading at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journeys.audit import record
from journeys.models import Channel, Location, Segment
from journeys.versions import StaleEdit
from observations.models import IndicatorDefinition, IndicatorReading
from scoring.indicators import Sums, sums_of

# What makes an answer another answer: once something is counted, these need a new edition.
WORDING = ("kind", "question", "direction", "currency", "active_rule")


class PlaceTaken(Exception):
    """Another reading of the definition has this month, segment, location and channel."""

    def __init__(self, reading: IndicatorReading) -> None:
        super().__init__(reading.pk)
        self.reading = reading


@transaction.atomic
def define_indicator(*, definition: IndicatorDefinition, actor: User) -> IndicatorDefinition:
    definition.save()
    record(
        programme=definition.programme,
        actor=actor,
        verb="defined",
        subject=definition,
        changes={"kind": [None, definition.kind]},
    )
    return definition


@transaction.atomic
def renew_indicator(*, definition: IndicatorDefinition, actor: User) -> IndicatorDefinition:
    """`definition` with what was changed of it becomes the next edition; the one before is closed.

    Nothing counted so far moves, so that no figure mixes two questions. Raises StaleEdit where
    somebody renewed it meanwhile.
    """
    former = IndicatorDefinition.objects.select_for_update().get(pk=definition.pk)
    if former.replaced_at is not None:
        raise StaleEdit(former)
    place = definition.codir_rank
    former.replaced_at, former.codir_rank = timezone.now(), None
    former.version += 1
    former.save(update_fields=["replaced_at", "codir_rank", "version"])
    definition.pk, definition.version = None, 0
    definition._state.adding = True
    definition.edition = former.edition + 1
    definition.codir_rank, definition.created_at = place, timezone.now()
    definition.replaced_at = None
    definition.save()
    record(
        programme=definition.programme,
        actor=actor,
        verb="renewed",
        subject=definition,
        changes={
            name: [getattr(former, name), getattr(definition, name)]
            for name in ("edition", *WORDING)
            if getattr(former, name) != getattr(definition, name)
        },
    )
    return definition


def columns_of(sums: Sums) -> dict[str, int | None]:
    """The columns of a reading: squares None where only totals are known."""
    return {
        "n": sums.n,
        "hits": sums.hits,
        "misses": sums.misses,
        "joined": sums.joined,
        "total": sums.total,
        "squares": None if sums.unsquared else sums.squares,
    }


def fill(reading: IndicatorReading, counts: Mapping[str, int], actor: User | None) -> None:
    """Counts with their sums, not saved. Raises scoring.indicators.Impossible."""
    sums = sums_of(reading.definition.measured, counts)
    reading.counts = dict(counts)
    for name, value in columns_of(sums).items():
        setattr(reading, name, value)
    reading.updated_at, reading.updated_by = timezone.now(), actor


def taken_place(reading: IndicatorReading) -> IndicatorReading | None:
    """Another reading at the place of this one."""
    return (
        IndicatorReading.objects.filter(
            definition=reading.definition_id,
            month=reading.month,
            segment=reading.segment_id,
            location=reading.location_id,
            channel=reading.channel_id,
        )
        .exclude(pk=reading.pk)
        .first()
    )


@transaction.atomic
def write_reading(
    *,
    definition: IndicatorDefinition,
    month: str,
    segment: Segment | None,
    location: Location | None,
    channel: Channel | None,
    counts: Mapping[str, int],
    actor: User,
    reading: IndicatorReading | None = None,
    seen_version: int = 0,
) -> IndicatorReading:
    """A new reading, or a correction of `reading` as it stood at `seen_version`.

    Raises PlaceTaken, StaleEdit, and scoring.indicators.Impossible. A correction takes the reading
    out of the import it came from: undoing that leaves it alone.
    """
    IndicatorDefinition.objects.select_for_update().get(pk=definition.pk)
    before: dict[str, Any] = dict(reading.counts) if reading else {}
    row = reading or IndicatorReading(definition=definition)
    if reading and not IndicatorReading.objects.filter(pk=reading.pk, version=seen_version).update(
        version=seen_version + 1
    ):
        raise StaleEdit(reading)
    row.month, row.segment, row.location, row.channel = month, segment, location, channel
    taken = taken_place(row)
    if taken is not None:
        raise PlaceTaken(taken)
    fill(row, counts, actor)
    row.run = None
    row.version = seen_version + 1 if reading else 0
    row.save()
    record(
        programme=definition.programme,
        actor=actor,
        verb="corrected" if reading else "counted",
        subject=_said(row),
        changes={"counts": [before or None, dict(counts)]},
    )
    return row


@transaction.atomic
def delete_reading(*, reading: IndicatorReading, actor: User) -> None:
    programme = reading.definition.programme
    record(
        programme=programme,
        actor=actor,
        verb="deleted",
        subject=_said(reading),
        changes={"counts": [reading.counts, None]},
    )
    reading.delete()


def _said(reading: IndicatorReading) -> str:
    places = (reading.segment, reading.location, reading.channel)
    return " · ".join(map(str, (reading.definition, reading.month, *filter(None, places))))
