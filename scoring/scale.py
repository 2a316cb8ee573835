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
from scoring.numbers import BASIS_POINTS, x

__all__ = [
    "FULL_DENOMINATOR_METHODS",
    "NA",
    "NO",
    "Answer",
    "CustomerClass",
    "Item",
    "ItemError",
    "ItemWarning",
    "Kind",
    "ReadingSums",
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


class CustomerClass(StrEnum):
    """Disappointed, neutral, enchanted, or unclassified for want of coverage."""

    D = "D"
    N = "N"
    E = "E"
    U = "U"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The constants of a framework version; `*_bp` in basis points, low and high in score points."""

    low: int = -10
    high: int = 50
    basics_covered_bp: int = 9000
    min_observations: int = 5
    min_coverage_bp: int = 5000
    broken_below: int = 0


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
class _Heard:
    """An applicable item (never NA) with its points; None when it was not observed."""

    item: Item
    points: int | None

    def broken(self, below: int) -> bool:
        return self.item.kind is Kind.BASIC and self.points is not None and self.points < below


@dataclass(frozen=True, slots=True)
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

    def __add__(self, other: "_Tally") -> "_Tally":
        return _Tally(
            self.S + other.S,
            self.raw + other.raw,
            self.P + other.P,
            self.Q + other.Q,
            self.answered + other.answered,
            self.applicable + other.applicable,
            self.basic_seen or other.basic_seen,
            self.broken or other.broken,
            self.basic_failed or other.basic_failed,
            self.exceeded or other.exceeded,
        )


def score_observation(
    items: Sequence[Item], answers: Mapping[str, Answer], *, method: str, thresholds: Thresholds
) -> list[StageSums]:
    """Return the sums of one observation: per stage its row, then its channel facets; the journey row last.

    `items` are those of perimeter stages and channels, in order. A stage without any answered
    level contributes nothing, neither here nor to the journey row; an observation without any
    returns []. A missing answer is NO. Raises ValueError for points that are no level of the item.
    """
    full = method in FULL_DENOMINATOR_METHODS
    by_stage: dict[str, list[_Heard]] = {}
    for heard in _hear(items, answers):
        by_stage.setdefault(heard.item.stage, []).append(heard)
    rows: list[StageSums] = []
    journey = _Tally()
    for stage, stage_heard in by_stage.items():
        if all(heard.points is None for heard in stage_heard):
            continue
        gate = any(heard.broken(thresholds.broken_below) for heard in stage_heard)
        tally = _tally(stage_heard, gate=gate, full=full, thresholds=thresholds)
        journey += tally
        rows.append(_sums(stage, None, tally, _class(tally, full=full, thresholds=thresholds)))
        for channel, facet in _by_channel(stage_heard, full=full).items():
            tally = _tally(facet, gate=gate, full=full, thresholds=thresholds)
            rows.append(_sums(stage, channel, tally, None))
    if rows:
        rows.append(_sums(None, None, journey, _class(journey, full=full, thresholds=thresholds)))
    return rows


def _hear(items: Sequence[Item], answers: Mapping[str, Answer]) -> Iterable[_Heard]:
    for item in items:
        answer = answers.get(item.key, NO)
        if answer == NA:
            continue
        if isinstance(answer, str):
            yield _Heard(item, None)
        elif answer in item.points:
            yield _Heard(item, answer)
        else:
            raise ValueError(f"{item.key}: {answer!r} is no response level of this interaction")


def _by_channel(heard: Iterable[_Heard], *, full: bool) -> dict[str, list[_Heard]]:
    """Group by channel what counts in the denominator, so that facets add up to their stage."""
    channels: dict[str, list[_Heard]] = {}
    for one in heard:
        if one.item.channel is not None and (full or one.points is not None):
            channels.setdefault(one.item.channel, []).append(one)
    return channels


def _tally(
    stage_heard: Iterable[_Heard], *, gate: bool, full: bool, thresholds: Thresholds
) -> _Tally:
    """Sum the items; `gate` is the stage's, also for a channel facet."""
    S = raw = P = Q = answered = applicable = 0
    basic_seen = broken = basic_failed = exceeded = False
    for heard in stage_heard:
        item, points = heard.item, heard.points
        applicable += item.weight
        if full or points is not None:
            P += item.gain
            Q += item.loss
        if points is None:
            continue
        answered += item.weight
        raw += item.weight * points
        if not (gate and item.kind is Kind.DELIGHT and points > 0):
            S += item.weight * points
        exceeded |= points >= EXCEEDS
        if item.kind is Kind.BASIC:
            basic_seen = True
            broken |= heard.broken(thresholds.broken_below)
            basic_failed |= points <= FAILED_BASIC
    return _Tally(S, raw, P, Q, answered, applicable, basic_seen, broken, basic_failed, exceeded)


def _class(tally: _Tally, *, full: bool, thresholds: Thresholds) -> CustomerClass:
    covered = tally.answered * BASIS_POINTS >= thresholds.min_coverage_bp * tally.applicable
    if not full and not covered:
        return CustomerClass.U
    score = x(tally.S, tally.P, tally.Q)
    if score <= thresholds.low or tally.basic_failed:
        return CustomerClass.D
    if score >= thresholds.high and not tally.broken and tally.exceeded:
        return CustomerClass.E
    return CustomerClass.N


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
