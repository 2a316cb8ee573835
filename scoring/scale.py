"""One observation -> the sums of each stage, of each channel inside it, and of the journey.

    S = sum g_i    raw = sum w_i p_i    P = sum w_i max(0, highest)    Q = sum w_i (-min(0, lowest))

with g_i = 0 for a delight in a stage where an observed basic is broken (the gate), else w_i p_i.
Only integers leave this module, so that they add up exactly over channels, stages and observations.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from scoring.framework_checks import ItemError, ItemWarning, check_items, warn_items
from scoring.items import EXCEEDS, Item, Kind, Target, target_score
from scoring.numbers import BASIS_POINTS

__all__ = [
    "FULL_DENOMINATOR_METHODS",
    "MOMENT_OF_TRUTH",
    "NA",
    "NO",
    "Answer",
    "CustomerClass",
    "Item",
    "ItemError",
    "ItemWarning",
    "Kind",
    "ReadingSums",
    "Sheet",
    "StageSums",
    "Target",
    "Thresholds",
    "check_items",
    "score_observation",
    "score_reading",
    "target_score",
    "warn_items",
]

NA: Final = "NA"  # could not happen for this customer
NO: Final = "NO"  # may have happened, not observed
Answer = int | Literal["NA", "NO"]

# Silence of an opportunistic source counts as neutral: a review that mentions one fault
# would otherwise score -100 for the whole stage.
FULL_DENOMINATOR_METHODS: Final = frozenset({"verbatim", "social_listening"})

FAILED_BASIC: Final = -2  # a basic at or below it disappoints, whatever `broken_below` says
MOMENT_OF_TRUTH: Final = 3  # the criticality declared of one


class CustomerClass(StrEnum):
    """Disappointed, neutral, enchanted, or unclassified for want of coverage."""

    D = "D"
    N = "N"
    E = "E"
    U = "U"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The constants of a framework version; `*_bp` in basis points, low and high in score points.

    `min_observations_moment_of_truth` None asks no more of a moment of truth than of any stage.
    """

    low: int = -10
    high: int = 50
    basics_covered_bp: int = 9000
    min_observations: int = 5
    min_coverage_bp: int = 5000
    broken_below: int = 0
    min_observations_moment_of_truth: int | None = None

    def observations_needed(self, criticality: int) -> int:
        """How many observations a stage needs for a label; criticality is dated, so asked on read."""
        stricter = self.min_observations_moment_of_truth
        if stricter is None or criticality < MOMENT_OF_TRUTH:
            return self.min_observations
        return stricter


@dataclass(frozen=True, slots=True)
class StageSums:
    """The contribution of one observation to one cell.

    `stage` None is the journey row; `channel` None is the whole stage. A channel facet has no
    customer class: a class belongs to a customer in a stage. `basics_ok` implies `basic_seen`, so
    that both may be summed as they are; on a facet they speak of that channel's own basics.
    """

    stage: str | None
    channel: str | None
    S: int
    raw: int
    P: int
    Q: int
    customer_class: CustomerClass | None
    basic_seen: bool
    basics_ok: bool


@dataclass(frozen=True, slots=True)
class ReadingSums:
    """Aggregated counts of one stage. `n` is the largest number of visits that an interaction counts."""

    n: int
    S: int
    P: int
    Q: int


@dataclass(frozen=True, slots=True)
class _Line:
    """An item with what scoring asks of it again and again."""

    key: str
    stage: str
    channel: str | None
    weight: int
    levels: frozenset[int]
    gain: int
    loss: int
    is_basic: bool
    is_delight: bool


# An applicable item (never NA) with its points; None when it was not observed.
_Heard = tuple[_Line, int | None]


@dataclass(slots=True)
class _Tally:
    S: int = 0
    raw: int = 0
    P: int = 0
    Q: int = 0
    answered: int = 0  # weights of A
    applicable: int = 0  # weights of all that is not NA
    basic_seen: bool = False
    broken: bool = False
    basic_failed: bool = False
    exceeded: bool = False

    def add(self, other: "_Tally") -> None:
        self.S += other.S
        self.raw += other.raw
        self.P += other.P
        self.Q += other.Q
        self.answered += other.answered
        self.applicable += other.applicable
        self.basic_seen |= other.basic_seen
        self.broken |= other.broken
        self.basic_failed |= other.basic_failed
        self.exceeded |= other.exceeded


def score_observation(
    items: Iterable[Item], answers: Mapping[str, Answer], *, method: str, thresholds: Thresholds
) -> list[StageSums]:
    """`Sheet.score` for one observation."""
    return Sheet(items).score(answers, method=method, thresholds=thresholds)


class Sheet:
    """The items of perimeter stages and channels, in order, ready to score many observations."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._lines = tuple(
            _Line(
                key=item.key,
                stage=item.stage,
                channel=item.channel,
                weight=item.weight,
                levels=frozenset(item.points),
                gain=item.gain,
                loss=item.loss,
                is_basic=item.kind is Kind.BASIC,
                is_delight=item.kind is Kind.DELIGHT,
            )
            for item in items
        )

    def score(
        self, answers: Mapping[str, Answer], *, method: str, thresholds: Thresholds
    ) -> list[StageSums]:
        """The sums of one observation: per stage its row, then its channel facets; last the journey row.

        A stage without any answered level contributes nothing, neither here nor to the journey row;
        an observation without any returns []. A missing answer is NO. Raises ValueError for points
        that are no level of the item.
        """
        full = method in FULL_DENOMINATOR_METHODS
        rows: list[StageSums] = []
        journey = _Tally()
        for stage, heard in self._heard_by_stage(answers).items():
            if all(points is None for _line, points in heard):
                continue
            gate = _is_broken(heard, thresholds.broken_below)
            tally = _tally(heard, gate=gate, full=full, broken_below=thresholds.broken_below)
            journey.add(tally)
            rows.append(_sums(stage, None, tally, _class(tally, full=full, thresholds=thresholds)))
            counted = [one for one in heard if full or one[1] is not None]
            for channel, facet in _by_channel(counted).items():
                if len(facet) < len(counted):
                    tally = _tally(
                        facet, gate=gate, full=full, broken_below=thresholds.broken_below
                    )
                rows.append(_sums(stage, channel, tally, None))
        if rows:
            customer_class = _class(journey, full=full, thresholds=thresholds)
            rows.append(_sums(None, None, journey, customer_class))
        return rows

    def _heard_by_stage(self, answers: Mapping[str, Answer]) -> dict[str, list[_Heard]]:
        by_stage: dict[str, list[_Heard]] = {}
        for line in self._lines:
            answer = answers.get(line.key, NO)
            if answer == NA:
                continue
            points = None if isinstance(answer, str) else answer
            if points is not None and points not in line.levels:
                raise ValueError(f"{line.key}: {answer!r} is no response level of this interaction")
            if line.stage in by_stage:
                by_stage[line.stage].append((line, points))
            else:
                by_stage[line.stage] = [(line, points)]
        return by_stage


def _by_channel(counted: Iterable[_Heard]) -> dict[str, list[_Heard]]:
    """What counts in the denominator, by channel, so that facets add up to their stage."""
    channels: dict[str, list[_Heard]] = {}
    for one in counted:
        if one[0].channel is not None:
            channels.setdefault(one[0].channel, []).append(one)
    return channels


def _is_broken(heard: Iterable[_Heard], below: int) -> bool:
    """An observed basic lies below."""
    return any(line.is_basic and points is not None and points < below for line, points in heard)


def _tally(heard: Iterable[_Heard], *, gate: bool, full: bool, broken_below: int) -> _Tally:
    """Sum the items; `gate` is the stage's, also for a channel facet."""
    S = raw = P = Q = answered = applicable = 0
    basic_seen = broken = basic_failed = exceeded = False
    for line, points in heard:
        weight = line.weight
        applicable += weight
        if full or points is not None:
            P += line.gain
            Q += line.loss
        if points is None:
            continue
        answered += weight
        raw += weight * points
        if not (gate and line.is_delight and points > 0):
            S += weight * points
        exceeded |= points >= EXCEEDS
        if line.is_basic:
            basic_seen = True
            broken |= points < broken_below
            basic_failed |= points <= FAILED_BASIC
    return _Tally(S, raw, P, Q, answered, applicable, basic_seen, broken, basic_failed, exceeded)


def _class(tally: _Tally, *, full: bool, thresholds: Thresholds) -> CustomerClass:
    """Compares the score x(S, P, Q) without dividing: 100 S / d <= low as 100 S <= low d, d > 0."""
    covered = tally.answered * BASIS_POINTS >= thresholds.min_coverage_bp * tally.applicable
    if not full and not covered:
        return CustomerClass.U
    score, divisor = 100 * tally.S, _divisor(tally)
    if score <= thresholds.low * divisor or tally.basic_failed:
        return CustomerClass.D
    if score >= thresholds.high * divisor and not tally.broken and tally.exceeded:
        return CustomerClass.E
    return CustomerClass.N


def _divisor(tally: _Tally) -> int:
    """What x(S, P, Q) divides by: never 0, because S is at most P and at least -Q."""
    if tally.S == 0:
        return 1
    return tally.P if tally.S > 0 else tally.Q


def _sums(
    stage: str | None, channel: str | None, tally: _Tally, customer_class: CustomerClass | None
) -> StageSums:
    return StageSums(
        stage=stage,
        channel=channel,
        S=tally.S,
        raw=tally.raw,
        P=tally.P,
        Q=tally.Q,
        customer_class=customer_class,
        basic_seen=tally.basic_seen,
        basics_ok=tally.basic_seen and not tally.broken,
    )


def score_reading(
    items: Sequence[Item], counts: Mapping[str, Mapping[int, int]]
) -> ReadingSums | None:
    """Sum the aggregated counts (item key -> points -> visits) of one stage; None without any visit."""
    n = S = P = Q = 0
    for item in items:
        levels = counts.get(item.key, {})
        visits = sum(levels.values())
        n = max(n, visits)
        S += item.weight * sum(points * count for points, count in levels.items())
        P += item.gain * visits
        Q += item.loss * visits
    return ReadingSums(n, S, P, Q) if n > 0 else None
