"""The order in which gaps deserve attention: strict tiers first, an index inside each tier.

    I_s = 100 (c_s/3) r_s max(0, gap_s)/100 kappa_s

The factors are always shown; their product is a sorting aid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Final

from scoring.classify import Evidence, Flag, Label, StageScore
from scoring.numbers import BASIS_POINTS
from scoring.scale import MOMENT_OF_TRUTH

_CONFIDENCE: Final = {
    Evidence.A: Fraction(1),
    Evidence.B: Fraction(4, 5),
    Evidence.C: Fraction(1, 2),
}


class Row(IntEnum):
    """The rows of the tier table, in rank order; the first that matches decides."""

    INSUFFICIENT = 0
    REMOVE_DISAPPOINTMENT = 1
    COVER_BASICS = 2
    VERIFY_BASICS = 3
    CREATE_ENCHANTMENT = 4
    MAINTAIN = 5
    ON_TARGET = 6


TIERS: Final = {
    Row.INSUFFICIENT: "M",
    Row.REMOVE_DISAPPOINTMENT: "1",
    Row.COVER_BASICS: "2",
    Row.VERIFY_BASICS: "M",
    Row.CREATE_ENCHANTMENT: "3",
    Row.MAINTAIN: "4",
    Row.ON_TARGET: "-",
}


@dataclass(frozen=True, slots=True)
class Priority:
    """One stage in the order. `row` tells the two tiers M apart; None where nothing can be said."""

    rank: int
    stage: str
    tier: str
    confidence: Fraction | None
    index: Fraction | None
    row: Row


def prioritise(stages: Sequence[StageScore]) -> list[Priority]:
    """Rank stages given in journey order, by (row, -index, -criticality, order).

    Insufficient stages come first, by (-criticality, -missing, order). A stage without a target
    has no index and sorts as 0.
    """
    ordered = sorted(enumerate(stages), key=lambda pair: _sort_key(pair[1], pair[0]))
    return [
        Priority(
            rank=rank,
            stage=stage.stage,
            tier=TIERS[tier_row(stage)],
            confidence=confidence(stage),
            index=index(stage),
            row=tier_row(stage),
        )
        for rank, (_, stage) in enumerate(ordered, start=1)
    ]


def _sort_key(stage: StageScore, order: int) -> tuple[int | Fraction, ...]:
    row = tier_row(stage)
    if row is Row.INSUFFICIENT:
        return row, -stage.criticality, -stage.missing, order
    return row, -(index(stage) or Fraction(0)), -stage.criticality, order


def tier_row(stage: StageScore) -> Row:
    """Return the first row of the tier table that matches."""
    if stage.label is Label.INSUFFICIENT:
        return Row.INSUFFICIENT
    not_covered = Flag.BASICS_NOT_COVERED in stage.flags
    must_be = stage.criticality == MOMENT_OF_TRUTH and not_covered
    if stage.label is Label.DISAPPOINTING or must_be:
        return Row.REMOVE_DISAPPOINTMENT
    if not_covered:
        return Row.COVER_BASICS
    if Flag.BASICS_UNVERIFIED in stage.flags:
        return Row.VERIFY_BASICS
    if stage.label is Label.ENCHANTMENT:
        return Row.MAINTAIN
    return Row.CREATE_ENCHANTMENT if (stage.gap or 0) > 0 else Row.ON_TARGET


def confidence(stage: StageScore) -> Fraction | None:
    """kappa: 1 for grade A or a target outside the interval, 4/5 for B, 1/2 for C; None if insufficient."""
    if stage.label is Label.INSUFFICIENT or stage.interval is None:
        return None
    low, high = stage.interval
    if stage.target is not None and not low <= stage.target.score <= high:
        return Fraction(1)
    return _CONFIDENCE[stage.evidence]


def index(stage: StageScore) -> Fraction | None:
    """I_s, 0 to 200, exact; None without a target or with too few observations."""
    kappa = confidence(stage)
    if kappa is None or stage.gap is None:
        return None
    reach = Fraction(stage.reach_bp, BASIS_POINTS)
    return Fraction(stage.criticality, 3) * reach * max(Fraction(0), stage.gap) * kappa


def disappointed_per_month(stage: StageScore, volume: int) -> Fraction | None:
    """volume r_s nD / (nD + nN + nE): customers of the segment a month; None if none is classified."""
    sums = stage.sums
    classified = sums.nD + sums.nN + sums.nE
    if classified <= 0:
        return None
    return Fraction(volume * stage.reach_bp * sums.nD, BASIS_POINTS * classified)
