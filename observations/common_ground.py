"""What framework versions have in common, and their observations rescored on it (7.4).

Sums of two versions can't be compared: their interactions differ. On the interactions that are the
same in each, every answer keeps its meaning, so the observations are scored again from what was
answered, as if the common ground were one framework version. A query over observations: slower than
cells, and only for windows that share no version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from operator import add
from typing import Any, NamedTuple, Self

from journeys.models import Stage
from observations.cells import sum_readings, within
from observations.models import Reading, Revision
from observations.pooling import pools_from
from observations.selection import Selection
from scoring.change import Period
from scoring.intervals import Pool
from scoring.models import Framework, Interaction
from scoring.scale import NO, Answer, Item, Thresholds, score_observation
from scoring.vector import Vector

CHUNK = 2_000  # revisions held at once
KNOWN = 50_000  # different answers to a stage remembered with what they score


class Difference(StrEnum):
    """Why an interaction is no common ground."""

    NOT_IN_ALL = "not_in_all"
    OTHER_STAGE = "other_stage"
    OTHER_CLASS = "other_class"
    OTHER_WEIGHT = "other_weight"
    OTHER_LEVELS = "other_levels"


@dataclass(frozen=True, slots=True)
class Ground:
    """An interaction as the newest version has it; `difference` None: it is common."""

    interaction: str
    stage: str
    statement: str
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class CommonGround:
    """`versions` from the oldest; `items` and the thresholds are those of the newest.

    What the gate and a class depend on is a version's own, so both sides are read by one version.
    """

    frameworks: tuple[Framework, ...]
    interactions: tuple[Ground, ...]
    items: tuple[Item, ...]

    @property
    def versions(self) -> tuple[int, ...]:
        return tuple(framework.version for framework in self.frameworks)

    @property
    def framework(self) -> Framework:
        return self.frameworks[-1]

    @property
    def compared(self) -> tuple[Ground, ...]:
        return tuple(one for one in self.interactions if one.difference is None)

    @property
    def left_out(self) -> tuple[Ground, ...]:
        return tuple(one for one in self.interactions if one.difference is not None)

    def without(self, stage: str) -> bool:
        """Whether the stage was asked about, and nothing of it is common."""
        own = [one for one in self.interactions if one.stage == stage]
        return bool(own) and all(one.difference is not None for one in own)


class _Asked(NamedTuple):
    """What is asked. An answer's meaning hangs on the item and on the words of its levels; not on the
    statement or the touchpoint, for the key says that the interaction is the same."""

    item: Item
    statement: str
    words: dict[int, str]


class CellKey(NamedTuple):
    stage: str
    method: str
    location: str | None
    month: str


def find_common_ground(frameworks: Sequence[Framework]) -> CommonGround:
    """The interactions of the perimeter that are the same in each of these published versions."""
    ordered = tuple(sorted(frameworks, key=lambda one: one.version))
    asked = _asked(ordered)
    keys: dict[str, None] = {}
    for framework in reversed(ordered):
        keys |= dict.fromkeys(asked[framework.pk])
    found, items = [], []
    for key in keys:
        rows = [asked[framework.pk].get(key) for framework in ordered]
        newest = next(row for row in reversed(rows) if row is not None)
        difference = _difference(rows)
        found.append(Ground(key, newest.item.stage, newest.statement, difference))
        if difference is None:
            items.append(replace(newest.item, channel=None))
    return CommonGround(ordered, tuple(found), tuple(items))


def _asked(frameworks: Sequence[Framework]) -> dict[int, dict[str, _Asked]]:
    """{framework id: {key: ...}} of what is scored, in journey order."""
    rows = (
        Interaction.objects.filter(framework__in=frameworks, stage__in_perimeter=True)
        .exclude(touchpoint__channel__in_perimeter=False)
        .select_related("stage", "touchpoint__channel")
        .prefetch_related("levels")
    )
    found: dict[int, dict[str, _Asked]] = {framework.pk: {} for framework in frameworks}
    for row in rows:
        found[row.framework_id][row.key] = _Asked(row.as_item(), row.statement, row.wording)
    return found


def _difference(rows: Sequence[_Asked | None]) -> Difference | None:
    there = [row for row in rows if row is not None]
    if len(there) < len(rows):
        return Difference.NOT_IN_ALL
    for difference, meant in (
        (Difference.OTHER_STAGE, lambda one: one.item.stage),
        (Difference.OTHER_CLASS, lambda one: one.item.kind),
        (Difference.OTHER_LEVELS, lambda one: one.words),
        (Difference.OTHER_WEIGHT, lambda one: one.item.weight),
    ):
        first, *others = map(meant, there)
        if any(other != first for other in others):
            return difference
    return None


def rescored_cells(ground: CommonGround) -> dict[CellKey, Vector]:
    """Every counted observation of the versions, scored on their common ground and summed.

    Folded or not: answers are read, not cells. Revisions stream through; what is kept is one vector
    a stage, method, location and month, and the scores of answers seen before.
    """
    stages = _by_stage(ground.items)
    thresholds = ground.framework.thresholds

    @lru_cache(maxsize=KNOWN)
    def scored(stage: str, method: str, answers: tuple[Answer, ...]) -> tuple[int, ...] | None:
        return _score(stages[stage], answers, method, thresholds)

    keys = {stage: [item.key for item in items] for stage, items in stages.items()}
    cells: dict[CellKey, list[int]] = {}
    for method, location, month, answers in _revisions(ground):
        for stage, own in keys.items():
            sums = scored(stage, method, tuple([answers.get(key, NO) for key in own]))
            if sums is not None:
                cell = CellKey(stage, method, location, month)
                known = cells.get(cell)
                cells[cell] = list(sums if known is None else map(add, known, sums))
    return {cell: Vector(*sums) for cell, sums in cells.items()}


def _by_stage(items: Sequence[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.stage, []).append(item)
    return found


def _score(
    items: Sequence[Item], answers: Sequence[Answer], method: str, thresholds: Thresholds
) -> tuple[int, ...] | None:
    """The vector of one observation in one stage; None where nothing of it was answered."""
    given = {item.key: answer for item, answer in zip(items, answers, strict=True)}
    rows = score_observation(items, given, method=method, thresholds=thresholds)
    return Vector.from_sums(rows[0]).astuple() if rows else None


def _revisions(ground: CommonGround) -> Iterator[tuple[str, str | None, str, dict[str, Any]]]:
    rows = Revision.objects.counted().filter(framework__in=ground.frameworks)
    values = rows.order_by().values_list("method", "location__code", "month", "answers")
    return iter(values.iterator(chunk_size=CHUNK))


@dataclass(frozen=True, slots=True)
class GroundSource:
    """The common ground as `observations.changes` reads it: like the cells of one version."""

    ground: CommonGround
    stages: tuple[Stage, ...]
    cells: Mapping[CellKey, Vector]

    @classmethod
    def of(cls, ground: CommonGround, stages: tuple[Stage, ...]) -> Self:
        return cls(ground, stages, rescored_cells(ground))

    def has(self, stage: Stage) -> bool:
        return not self.ground.without(stage.key)

    def periods(self, window: Selection) -> dict[str, Period]:
        found: dict[str, dict[str, dict[str | None, Vector]]] = {
            stage.key: {} for stage in self.stages
        }
        for key, vector in self.cells.items():
            if key.stage in found and window.holds(key.month, key.location, key.method):
                places = found[key.stage].setdefault(key.method, {})
                places[key.location] = places.get(key.location, Vector()) + vector
        counts = Reading.objects.filter(within(window), framework__in=self.ground.frameworks)
        rows = sum_readings(counts, self.stages, self.ground.items)
        return {
            stage: Period(cells, {row.method: row for row in rows if row.stage == stage})
            for stage, cells in found.items()
        }

    def pools(self) -> dict[str, Pool]:
        """As for one version: one vector a stage, location and wave, whatever the windows are."""
        waves = list(self.ground.framework.journey.programme.waves.all())
        vectors: dict[tuple[str, str, str | None, int | None], Vector] = {}
        for key, vector in self.cells.items():
            wave = next((w.pk for w in waves if w.first_month <= key.month <= w.last_month), None)
            one = (key.method, key.stage, key.location, wave)
            vectors[one] = vectors.get(one, Vector()) + vector
        return pools_from((method, vector) for (method, *_place), vector in vectors.items())
