"""What past observations of a stage would have scored, had an action been in place (method, 3.6).

Every answer that an effect reaches becomes a better level, and the observation is scored once more
by the same arithmetic: nothing is guessed of an interaction's weight, and a basic that is mended
also releases the delight points that it had cancelled. That needs the answers, not the cells.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.figures import CellRow
from scoring.scale import Answer, Item, Thresholds, score_observation
from scoring.vector import Vector

_NONE: Final = Vector()

Counts = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Effect:
    """Answers of one interaction become `to_points`: those of `from_points`, or (None) all below."""

    interaction: str
    from_points: int | None
    to_points: int

    def reaches(self, points: int) -> bool:
        if self.from_points is None:
            return points < self.to_points
        return points == self.from_points


@dataclass(frozen=True, slots=True)
class Pattern:
    """The same answers in one stage, given in `n` observations of one method at one location."""

    method: str
    location: str | None
    answers: Mapping[str, Answer]
    n: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `n` observations, `changed` are given other answers.

    `released` are the points of delight that a missed basic cancels before and not after, as they
    were before: what an effect adds to a delight is a gain of its own.
    """

    n: int = 0
    changed: int = 0
    released: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.n + other.n, self.changed + other.changed, self.released + other.released)


def unknown_effects(items: Iterable[Item], effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Those that name an interaction or a level that `items` don't have: they can't be replayed."""
    levels = {item.key: item.points for item in items}
    return tuple(
        effect
        for effect in effects
        if not {effect.to_points, effect.from_points} - {None}
        <= {*levels.get(effect.interaction, ())}
    )


def improved(interaction: str, points: int, effects: Iterable[Effect]) -> int:
    """The level that an answer becomes: one step, by the effect that names its level if one does."""
    reaching = [one for one in effects if one.interaction == interaction and one.reaches(points)]
    named = [one for one in reaching if one.from_points is not None]
    return next((one.to_points for one in named or reaching), points)


def with_effects(answers: Mapping[str, Answer], effects: Sequence[Effect]) -> dict[str, Answer]:
    """NA and NO stay: an action does not make seen what was not."""
    return {
        key: answer if isinstance(answer, str) else improved(key, answer, effects)
        for key, answer in answers.items()
    }


def counts_with_effects(counts: Counts, effects: Sequence[Effect]) -> dict[str, dict[int, int]]:
    """Aggregated counts (interaction -> points -> visits) with the visits moved to better levels."""
    moved: dict[str, dict[int, int]] = {}
    for key, levels in counts.items():
        found = moved.setdefault(key, {})
        for points, count in levels.items():
            better = improved(key, points, effects)
            found[better] = found.get(better, 0) + count
    return moved


class StageReplay:
    """The cells of one stage as they are, and as each of several sets of effects would have them.

    Patterns are added one by one and not kept. With a `channel`, the cells are that channel's
    facets, gated by the whole stage.
    """

    def __init__(
        self,
        items: Iterable[Item],
        *,
        stage: str,
        thresholds: Thresholds,
        wanted: Sequence[Sequence[Effect]],
        channel: str | None = None,
    ) -> None:
        self.stage = stage
        self._items = [item for item in items if item.stage == stage]
        self._thresholds = thresholds
        self._wanted = wanted
        self._channel = channel
        self._cells: list[dict[tuple[str, str | None], Vector]] = [{} for _ in (None, *wanted)]
        self._tallies: list[dict[str, Tally]] = [{} for _ in wanted]

    def add(self, pattern: Pattern) -> None:
        before = self._score(pattern, pattern.answers)
        if before is None:
            return
        self._put(0, pattern, before)
        for number, effects in enumerate(self._wanted):
            answers = with_effects(pattern.answers, effects)
            after: Vector | None = before
            is_changed = answers != pattern.answers
            if is_changed:
                after = self._score(pattern, answers)
            assert after is not None, "an effect leaves answered what was answered"
            self._put(number + 1, pattern, after)
            changed = pattern.n if is_changed else 0
            self._count(number, pattern, Tally(pattern.n, changed, _released(before, after)))

    def before(self) -> list[CellRow]:
        return self._rows(0)

    def after(self, number: int) -> list[CellRow]:
        """The cells under the effects at this place of `wanted`."""
        return self._rows(number + 1)

    def tallies(self, number: int) -> dict[str, Tally]:
        """By method, what the effects at this place of `wanted` do to the observations."""
        return dict(self._tallies[number])

    def _score(self, pattern: Pattern, answers: Mapping[str, Answer]) -> Vector | None:
        rows = score_observation(
            self._items, answers, method=pattern.method, thresholds=self._thresholds
        )
        for row in rows:
            if row.stage == self.stage and row.channel == self._channel:
                return Vector(*(pattern.n * value for value in Vector.from_sums(row).astuple()))
        return None

    def _put(self, place: int, pattern: Pattern, vector: Vector) -> None:
        cells, key = self._cells[place], (pattern.method, pattern.location)
        cells[key] = cells.get(key, _NONE) + vector

    def _count(self, number: int, pattern: Pattern, tally: Tally) -> None:
        tallies = self._tallies[number]
        tallies[pattern.method] = tallies.get(pattern.method, Tally()) + tally

    def _rows(self, place: int) -> list[CellRow]:
        return [
            CellRow(self.stage, method, location, vector)
            for (method, location), vector in self._cells[place].items()
        ]


def _released(before: Vector, after: Vector) -> int:
    """Effects only raise levels: a delight that was held back still is, unless the gate is open."""
    return before.raw - before.S if after.raw == after.S else 0
