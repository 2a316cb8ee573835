"""Label, flags, certainty and evidence of one stage, from its figures."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from scoring.figures import Certainty, Evidence, Flag, Label
from scoring.intervals import wilson
from scoring.numbers import BASIS_POINTS, Interval
from scoring.scale import Thresholds
from scoring.vector import Vector

SURE_BASICS: Final = 0.70  # Wilson's lower end, for a confirmed enchantment
_BASICS_FLAGS: Final = frozenset({Flag.BASICS_NOT_COVERED, Flag.BASICS_UNVERIFIED})


@dataclass(frozen=True, slots=True)
class Qualification:
    label: Label
    certainty: Certainty
    evidence: Evidence
    flags: tuple[Flag, ...]


INSUFFICIENT: Final = Qualification(Label.INSUFFICIENT, Certainty.NONE, Evidence.D, ())


def qualify(
    *,
    score: Fraction,
    interval: Interval,
    sums: Vector,
    has_basic: bool,
    has_exceeding: bool,
    thresholds: Thresholds,
    other_flags: frozenset[Flag] = frozenset(),
) -> Qualification:
    """Qualify a stage with enough observations; `other_flags` come from its used methods.

    X <= low: disappointing. X >= high: enchantment, unless the basics are not covered or not
    verified, or no level exceeds expectations: then neutral, enchantment withheld. Else neutral.
    """
    flags = count_flags(sums, has_basic=has_basic, thresholds=thresholds) | other_flags
    if score <= thresholds.low:
        label = Label.DISAPPOINTING
    elif score < thresholds.high:
        label = Label.NEUTRAL
    elif has_exceeding and not flags & _BASICS_FLAGS:
        label = Label.ENCHANTMENT
    else:
        label = Label.NEUTRAL
        flags |= {Flag.ENCHANTMENT_WITHHELD}
        flags |= frozenset() if has_exceeding else {Flag.NO_EXCEEDING_LEVER}
    sure = Flag.METHODS_DIVERGE not in flags and _is_sure(
        label, interval, sums, has_basic=has_basic, thresholds=thresholds
    )
    certainty = Certainty.CONFIRMED if sure else Certainty.TO_CONFIRM
    return Qualification(label, certainty, grade(interval), tuple(sorted(flags)))


def count_flags(sums: Vector, *, has_basic: bool, thresholds: Thresholds) -> frozenset[Flag]:
    """Return the flags that counts of customers raise: basics and polarisation."""
    flags = set()
    if sums.nb > 0 and sums.nb_ok * BASIS_POINTS < thresholds.basics_covered_bp * sums.nb:
        flags.add(Flag.BASICS_NOT_COVERED)
    if has_basic and 2 * sums.nb < sums.n:
        flags.add(Flag.BASICS_UNVERIFIED)
    classified = sums.nD + sums.nN + sums.nE
    if classified > 0 and 4 * min(sums.nD, sums.nE) >= classified:
        flags.add(Flag.POLARISED)
    return frozenset(flags)


def _is_sure(
    label: Label,
    interval: Interval,
    sums: Vector,
    *,
    has_basic: bool,
    thresholds: Thresholds,
) -> bool:
    """Whether the whole interval supports the label.

    An interval holds its score, so that a withheld enchantment is never sure.
    """
    low, high = interval
    if label is Label.DISAPPOINTING:
        return high <= thresholds.low
    if label is Label.ENCHANTMENT:
        basics_sure = not has_basic or wilson(sums.nb_ok, sums.nb)[0] >= SURE_BASICS
        return low >= thresholds.high and basics_sure
    return low > thresholds.low and high < thresholds.high


def grade(interval: Interval) -> Evidence:
    """Grade a stage with enough observations by the half-width of its interval."""
    half_width = (interval[1] - interval[0]) / 2
    if half_width <= 12:
        return Evidence.A
    return Evidence.B if half_width <= 25 else Evidence.C
