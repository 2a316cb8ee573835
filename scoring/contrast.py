"""Two groups of customers side by side: is one stage lived better by one of them?

Two readings that share no observation differ by MOVER with (+1, -1). That is no change in time: no
regression to the mean, no control; and no like for like either where each has its own guide.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scoring.figures import JourneyScore, Label, StageScore
from scoring.intervals import mover_difference
from scoring.numbers import Interval
from scoring.planning import MATERIAL


class Contrasted(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"
    NO_MATERIAL_DIFFERENCE = "no_material_difference"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Contrast:
    """One less the other, in score points."""

    difference: Fraction
    interval: Interval
    verdict: Contrasted


def contrast_stages(one: StageScore, other: StageScore) -> Contrast | None:
    """None unless both have enough observations for a score."""
    if Label.INSUFFICIENT in (one.label, other.label):
        return None
    return _contrast(one.score, one.interval, other.score, other.interval)


def contrast_journeys(one: JourneyScore, other: JourneyScore) -> Contrast | None:
    """Each on its own stages; None unless both have a score."""
    return _contrast(one.score, one.interval, other.score, other.interval)


def _contrast(
    one: Fraction | None,
    one_interval: Interval | None,
    other: Fraction | None,
    other_interval: Interval | None,
) -> Contrast | None:
    if one is None or other is None or one_interval is None or other_interval is None:
        return None
    interval = mover_difference(one, one_interval, other, other_interval)
    return Contrast(one - other, interval, _verdict(interval))


def _verdict(interval: Interval) -> Contrasted:
    low, high = interval
    if low > 0:
        return Contrasted.HIGHER
    if high < 0:
        return Contrasted.LOWER
    if low >= -MATERIAL and high <= MATERIAL:
        return Contrasted.NO_MATERIAL_DIFFERENCE
    return Contrasted.INCONCLUSIVE
