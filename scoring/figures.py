"""What the typical journey is read from, and the figures that come out. Values only."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Self

from scoring.intervals import Means, StandardError
from scoring.items import EXCEEDS, Item, Kind, Target, target_score
from scoring.numbers import Interval
from scoring.scale import ReadingSums
from scoring.vector import Vector


class Label(StrEnum):
    DISAPPOINTING = "disappointing"
    NEUTRAL = "neutral"
    ENCHANTMENT = "enchantment"
    INSUFFICIENT = "insufficient"


class Certainty(StrEnum):
    CONFIRMED = "confirmed"
    TO_CONFIRM = "to_confirm"
    NONE = "-"


class Evidence(StrEnum):
    """By the half-width of the interval: A up to 12, B up to 25, C wider; D without a used method."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Flag(StrEnum):
    BASICS_NOT_COVERED = "basics_not_covered"
    BASICS_UNVERIFIED = "basics_unverified"
    ENCHANTMENT_WITHHELD = "enchantment_withheld"
    EQUAL_SHARES = "equal_shares"
    FEW_LOCATIONS = "few_locations"
    INCOMPLETE_PERIMETER = "incomplete_perimeter"
    METHODS_DIVERGE = "methods_diverge"
    NO_EXCEEDING_LEVER = "no_exceeding_lever"
    PARTIAL_JOURNEY = "partial_journey"
    POLARISED = "polarised"


class Exclusion(StrEnum):
    TOO_FEW = "too_few"
    WEIGHT_ZERO = "weight_zero"


@dataclass(frozen=True, slots=True)
class CellRow:
    """The cells of one stage (None: the journey row), method and location, summed over the months."""

    stage: str | None
    method: str
    location: str | None
    vector: Vector


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """The aggregated counts of one stage and method (navigation statistics), all locations together."""

    stage: str
    method: str
    sums: ReadingSums


@dataclass(frozen=True, slots=True)
class LocationShare:
    """A location's declared share of traffic, in basis points; None when unknown."""

    code: str
    share_bp: int | None


@dataclass(frozen=True, slots=True)
class StageFacts:
    """What is declared about a perimeter stage: `criticality` 1..3, `reach_bp` in basis points."""

    key: str
    criticality: int
    has_touchpoint: bool
    reach_bp: int
    has_basic: bool
    has_exceeding: bool
    target: Target | None

    @classmethod
    def from_items(
        cls,
        key: str,
        items: Iterable[Item],
        *,
        criticality: int,
        has_touchpoint: bool,
        reach_bp: int,
    ) -> Self:
        """Derive basics, exceeding levels and the target from the stage's own items."""
        own = [item for item in items if item.stage == key]
        return cls(
            key=key,
            criticality=criticality,
            has_touchpoint=has_touchpoint,
            reach_bp=reach_bp,
            has_basic=any(item.kind is Kind.BASIC for item in own),
            has_exceeding=any(points >= EXCEEDS for item in own for points in item.points),
            target=target_score(own),
        )


@dataclass(frozen=True, slots=True)
class StratumScore:
    """One location within one method.

    `share_bp` is the declared share (None: unknown, or no location); `weight` the share applied,
    renormalised over the locations with data, 0 where the location is left out of the score.
    """

    location: str | None
    share_bp: int | None
    weight: Fraction
    n: int
    S: int
    P: int
    Q: int


@dataclass(frozen=True, slots=True)
class MethodScore:
    """One method in one stage. `crude` is the pooled score, for comparison only.

    `means` and `error` are what score and interval were made of; of aggregated readings `counted`.
    """

    method: str
    n: int
    score: Fraction
    raw_score: Fraction
    interval: Interval | None
    crude: Fraction
    weight: int
    used: bool
    excluded_because: Exclusion | None
    aggregated: bool
    share_coverage: Fraction | None
    strata: tuple[StratumScore, ...]
    flags: tuple[Flag, ...]
    sums: Vector
    means: Means | None = None
    error: StandardError | None = None
    counted: ReadingSums | None = None


@dataclass(frozen=True, slots=True)
class StageScore:
    """The typical stage. `criticality` is the effective one; None where nothing can be said.

    `sums` add up the used methods (all with data where none is used), `missing` is how many
    observations the best placed method lacks.
    """

    stage: str
    criticality: int
    reach_bp: int
    sums: Vector
    missing: int
    score: Fraction | None
    raw_score: Fraction | None
    interval: Interval | None
    label: Label
    certainty: Certainty
    evidence: Evidence
    flags: tuple[Flag, ...]
    target: Target | None
    methods: tuple[MethodScore, ...]

    @property
    def n(self) -> int:
        return self.sums.n

    @property
    def mean_points(self) -> Fraction | None:
        """S/n, in points per observation."""
        return Fraction(self.sums.S, self.n) if self.n else None

    @property
    def gap(self) -> Fraction | None:
        """tau - X in score points; positive is a shortfall."""
        if self.target is None or self.score is None:
            return None
        return self.target.score - self.score

    @property
    def gap_interval(self) -> Interval | None:
        """[tau - high, tau - low]."""
        if self.target is None or self.interval is None:
            return None
        tau = float(self.target.score)
        return tau - self.interval[1], tau - self.interval[0]

    @property
    def gap_points(self) -> Fraction | None:
        """S_target - S/n in points per customer; None unless every item applied to everyone."""
        mean, target = self.mean_points, self.target
        if mean is None or target is None:
            return None
        if self.n * target.P != self.sums.P or self.n * target.Q != self.sums.Q:
            return None
        return target.S - mean


@dataclass(frozen=True, slots=True)
class JourneyScore:
    """J, and beside it the literal cumulative score. `coverage` is (used, total), never reduced.

    `cumulative_sums` are those of the observations that the cumulative score is x(S, P, Q) of.
    """

    score: Fraction | None
    interval: Interval | None
    target: Fraction | None
    coverage: tuple[int, int]
    flags: tuple[Flag, ...]
    cumulative: Fraction | None
    cumulative_interval: Interval | None
    cumulative_sums: Vector | None = None

    @property
    def coverage_text(self) -> str:
        """Print the coverage as it stands: "7/7"."""
        return f"{self.coverage[0]}/{self.coverage[1]}"

    @property
    def gap(self) -> Fraction | None:
        """Target minus score, as of a stage."""
        if self.target is None or self.score is None:
            return None
        return self.target - self.score

    @property
    def gap_interval(self) -> Interval | None:
        """[tau - high, tau - low]."""
        if self.target is None or self.interval is None:
            return None
        tau = float(self.target)
        return tau - self.interval[1], tau - self.interval[0]


@dataclass(frozen=True, slots=True)
class JourneyReading:
    stages: tuple[StageScore, ...]
    journey: JourneyScore
