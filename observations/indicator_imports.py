"""A table of counts brought in: held with its preview, applied whole or in its good rows, undone.

Applying sets what stands at each place of the table; so the same file again changes nothing. What
stood there before is kept with the import, and undoing puts it back wherever nobody has written
since; numbers of an import that is undone itself are never put back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from journeys.audit import record
from observations.indicator_cells import Codes
from observations.indicator_file import Line, Table, read_table
from observations.indicator_writing import fill
from observations.models import (
    ImportedReading,
    ImportRun,
    IndicatorDefinition,
    IndicatorReading,
)

T = TypeVar("T")
ReportProgress = Callable[[int], None]

BATCH = 500
READ: Final = 20  # percent done once the table is read
_WRITTEN = (
    "counts",
    "n",
    "hits",
    "misses",
    "joined",
    "total",
    "squares",
    "run",
    "updated_at",
    "updated_by",
    "version",
)


class HasFaults(Exception):
    """All or nothing was asked for, and some rows can't be taken."""


class NotHeld(Exception):
    """The import was applied or discarded meanwhile."""


class Renewed(Exception):
    """The indicator has a newer edition than the one the table was held for."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What one line would do: `before` are the counts that stand there now, None without any."""

    line: Line
    reading: IndicatorReading | None

    @property
    def before(self) -> dict[str, int] | None:
        return self.reading.counts if self.reading else None

    @property
    def is_new(self) -> bool:
        return self.reading is None

    @property
    def is_unchanged(self) -> bool:
        return self.before == dict(self.line.counts)

    @property
    def is_change(self) -> bool:
        return not self.is_new and not self.is_unchanged


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing a held table would do, nothing of it done yet."""

    table: Table
    planned: Sequence[Planned]

    @property
    def new(self) -> int:
        return sum(one.is_new for one in self.planned)

    @property
    def changes(self) -> list[Planned]:
        return [one for one in self.planned if one.is_change]

    @property
    def unchanged(self) -> int:
        return sum(one.is_unchanged for one in self.planned)


@transaction.atomic
def hold_table(
    *, definition: IndicatorDefinition, text: str, source: str, actor: User
) -> ImportRun:
    """Keeps the text for its preview; nothing is counted yet."""
    return ImportRun.objects.create(
        programme=definition.programme,
        definition=definition,
        source=source[:200],
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        content=text,
        created_by=actor,
    )


def same_applied(run: ImportRun) -> ImportRun | None:
    """The newest import of the same text that stands."""
    return (
        ImportRun.objects.filter(
            definition=run.definition_id, sha256=run.sha256, state=ImportRun.State.APPLIED
        )
        .exclude(pk=run.pk)
        .first()
    )


def preview(run: ImportRun) -> Preview:
    table = read_table(run.content, run.definition, Codes.of(run.programme))
    return Preview(table, _plan(run.definition, table.lines))


def _plan(definition: IndicatorDefinition, lines: Sequence[Line]) -> list[Planned]:
    months = {line.month for line in lines}
    standing = {
        reading.place: reading
        for reading in IndicatorReading.objects.filter(definition=definition, month__in=months)
    }
    return [Planned(line, standing.get(line.place)) for line in lines]


@transaction.atomic
def apply_import(
    *,
    run: ImportRun,
    only_good_rows: bool,
    actor: User | None,
    of_state: ImportRun.State = ImportRun.State.HELD,
    report: ReportProgress = lambda percent: None,
) -> ImportRun:
    """Counts the table, all at once or nothing.

    Raises HasFaults unless the good rows alone were asked for, NotHeld where it is not `of_state`, and
    Renewed where a newer edition has closed its own.
    """
    definition = IndicatorDefinition.objects.select_for_update().get(pk=run.definition_id)
    held = ImportRun.objects.select_for_update().filter(pk=run.pk, state=of_state)
    run = held.select_related("programme").first() or _not_held(run)
    if not definition.is_current:
        raise Renewed(run)
    run.definition = definition
    found = preview(run)
    report(READ)
    if found.table.faults and not (only_good_rows and found.planned):
        raise HasFaults
    run.added, run.changed, run.unchanged = found.new, len(found.changes), found.unchanged
    run.left_out = found.table.faulty_rows
    _write(run, found, actor, report)
    run.state, run.applied_at = ImportRun.State.APPLIED, timezone.now()
    run.content, run.found = "", None
    run.save()
    record(
        programme=run.programme,
        actor=actor,
        verb="imported",
        subject=f"{definition} · {run.source}",
        changes={
            "added": [None, run.added],
            "changed": [None, run.changed],
            "left_out": [None, run.left_out],
        },
    )
    return run


def _not_held(run: ImportRun) -> ImportRun:
    raise NotHeld(run)


def _write(run: ImportRun, found: Preview, actor: User | None, report: ReportProgress) -> None:
    """Writes what is new and what changes; from then on the plan holds the new counts."""
    written: list[ImportedReading] = []
    fresh: list[IndicatorReading] = []
    changing: list[IndicatorReading] = []
    for one in found.planned:
        if one.is_unchanged:
            continue
        reading = one.reading or IndicatorReading(definition=run.definition, **_places(one.line))
        reading.definition = run.definition
        before = (one.before, reading.run_id)
        fill(reading, one.line.counts, actor)
        reading.run = run
        reading.version += 0 if one.is_new else 1
        (fresh if one.is_new else changing).append(reading)
        written.append(
            ImportedReading(run=run, reading=reading, before=before[0], before_run_id=before[1])
        )
    readings = IndicatorReading.objects
    steps = Steps(len(fresh) + len(changing) + len(written), report)
    for batch in steps.of(fresh):
        readings.bulk_create(batch)
    for batch in steps.of(changing):
        readings.bulk_update(batch, _WRITTEN)
    for row in written:  # the keys that bulk_create has given
        row.reading_id = row.reading.pk
    for rows in steps.of(written):
        ImportedReading.objects.bulk_create(rows)


@dataclass(slots=True)
class Steps:
    """Batches, and after each how far it all is: reading the table was the first part of it."""

    whole: int
    report: ReportProgress
    done: int = 0

    def of(self, rows: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            yield batch
            self.done += len(batch)
            self.report(READ + (100 - READ) * self.done // self.whole)


def _places(line: Line) -> dict[str, Any]:
    return {
        "month": line.month,
        "segment": line.segment,
        "location": line.location,
        "channel": line.channel,
    }


@transaction.atomic
def undo_import(*, run: ImportRun, actor: User) -> int:
    """Puts back what stood before; how many readings were written since, and are left alone.

    Raises NotHeld where it is not, or no longer, applied.
    """
    definition = IndicatorDefinition.objects.select_for_update().get(pk=run.definition_id)
    applied = ImportRun.State.APPLIED
    run = ImportRun.objects.filter(pk=run.pk, state=applied).first() or _not_held(run)
    written = ImportedReading.objects.filter(run=run)
    kept = written.exclude(reading__run=run).count()
    gone, back = [], []
    for row in _stood_before(written.filter(reading__run=run)):
        reading = row.reading
        if row.before is None:
            gone.append(reading.pk)
            continue
        reading.definition = definition
        fill(reading, row.before, actor)
        reading.run_id = row.before_run_id
        reading.version += 1
        back.append(reading)
    removed = _delete(gone)
    IndicatorReading.objects.bulk_update(back, _WRITTEN, batch_size=BATCH)
    run.state, run.undone_at, run.undone_by = ImportRun.State.UNDONE, timezone.now(), actor
    run.save()
    record(
        programme=run.programme,
        actor=actor,
        verb="took back the import",
        subject=f"{definition} · {run.source}",
        changes={"removed": [removed, None], "put_back": [None, len(back)]},
    )
    return kept


def _stood_before(written: QuerySet[ImportedReading]) -> list[ImportedReading]:
    """Of each reading, the row of its history with what stands without this import and those undone."""
    undone: dict[tuple[int | None, int], ImportedReading] = {
        (row.run_id, row.reading_id): row
        for row in ImportedReading.objects.filter(
            reading__in=written.values("reading"), run__state=ImportRun.State.UNDONE
        )
    }
    found = []
    for row in written.select_related("reading"):
        earlier = row
        while before_it := undone.get((earlier.before_run_id, row.reading_id)):
            earlier = before_it
        earlier.reading = row.reading
        found.append(earlier)
    return found


def _delete(readings: Sequence[int]) -> int:
    for start in range(0, len(readings), BATCH):
        rows = IndicatorReading.objects.filter(pk__in=readings[start : start + BATCH])
        rows.delete()
    return len(readings)


@transaction.atomic
def discard_import(*, run: ImportRun) -> None:
    """Drops a table that nobody wants, read or not; one that was applied stays in the list."""
    states = ImportRun.State.READING, ImportRun.State.HELD
    if not ImportRun.objects.filter(pk=run.pk, state__in=states).delete()[0]:
        raise NotHeld(run)
