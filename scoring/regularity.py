"""Delight by design or by chance (R75): how often what exceeds expectations happens, and where.

Read per interaction that has a level of +2 or more, because an interaction is what a brand designs
and what is counted exactly (a customer who met two delights can't be told from two customers who
met one). The rate at a location is happened / seen: observations in which such a level was
answered, out of those in which any level was. Not applicable and not seen are left out.

    designed    often, and nearly everywhere: rate >= OFTEN at NEARLY_ALL of the locations, and the
                95 % Wilson interval of all of them together lies at or above OFTEN
    by chance   it depends on the location (chi-squared of equal rates, p < UNEQUAL), or the Wilson
                interval lies below OFTEN: it happens, but nobody can rely on it
    never       not once
    cannot say  fewer than MIN_LOCATIONS locations with enough observations, or neither of the above

What happened counts here even where the gate took its points: a missed basic spoils a delight, but
does not make it an accident.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from scipy import special

from scoring.intervals import wilson
from scoring.numbers import Interval

# A customer is more likely to meet it than not. The Wilson interval makes it stricter where
# little was seen: 21 of 30 observations reach it, 20 of 30 don't.
OFTEN: Final = Fraction(1, 2)
# One location in five may lag: with five visits to each, a location where it happens to three
# customers in four still shows fewer than half of them one time in ten.
NEARLY_ALL: Final = Fraction(4, 5)
# Two locations that agree say nothing of a third.
MIN_LOCATIONS: Final = 3
UNEQUAL: Final = 0.05
# Below one expected case a single lucky visit would pass for a difference between locations.
MIN_EXPECTED: Final = 1.0


class Regularity(StrEnum):
    DESIGNED = "designed"
    BY_CHANCE = "by_chance"
    NEVER = "never"
    CANNOT_SAY = "cannot_say"


class Because(StrEnum):
    """Why it is by chance, or why nothing can be said."""

    UNEQUAL_LOCATIONS = "unequal_locations"
    SELDOM = "seldom"
    FEW_LOCATIONS = "few_locations"
    UNSETTLED = "unsettled"


@dataclass(frozen=True, slots=True)
class LocationRate:
    """One interaction at one location; `is_counted` with enough observations."""

    location: str
    happened: int
    seen: int
    is_counted: bool

    @property
    def rate(self) -> Fraction | None:
        """None where too few observations would make a rate of single visits."""
        return Fraction(self.happened, self.seen) if self.is_counted else None


@dataclass(frozen=True, slots=True)
class DelightRate:
    """One interaction over the locations; sums, rate and interval are of the counted ones.

    `spread` is the highest rate of a location less the lowest; `p_value` that of equal rates, null
    where too little was seen to test it.
    """

    interaction: str
    locations: tuple[LocationRate, ...]
    happened: int
    seen: int
    often: int
    interval: Interval | None
    p_value: float | None
    regularity: Regularity
    because: Because | None

    @property
    def counted(self) -> tuple[LocationRate, ...]:
        return tuple(one for one in self.locations if one.is_counted)

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.happened, self.seen) if self.seen else None

    @property
    def spread(self) -> Fraction | None:
        rates = _rates(self.locations)
        return max(rates) - min(rates) if len(rates) > 1 else None


def delight_rate(
    interaction: str, counts: Iterable[tuple[str, int, int]], *, min_observations: int
) -> DelightRate:
    """Judge one interaction from (location, happened, seen); passing folds (out of 0..seen) are no data."""
    locations = tuple(
        LocationRate(code, happened, seen, is_counted=seen >= min_observations)
        for code, happened, seen in sorted(counts)
        if seen > 0 and 0 <= happened <= seen
    )
    counted = [one for one in locations if one.is_counted]
    happened, seen = sum(one.happened for one in counted), sum(one.seen for one in counted)
    often = sum(rate >= OFTEN for rate in _rates(counted))
    interval = wilson(happened, seen) if seen else None
    p_value = equal_rates(counted)
    regularity, because = _judge(counted, often, interval, p_value)
    return DelightRate(
        interaction, locations, happened, seen, often, interval, p_value, regularity, because
    )


def _rates(locations: Iterable[LocationRate]) -> list[Fraction]:
    return [one.rate for one in locations if one.rate is not None]


def equal_rates(locations: Sequence[LocationRate]) -> float | None:
    """p of chi2 = sum (k - n p)^2 / (n p (1 - p)) with K - 1 degrees of freedom, if all rates are equal.

    None with fewer than two locations, or where one expects less than one case (or one miss).
    """
    seen = sum(one.seen for one in locations)
    if len(locations) < 2:
        return None
    p = sum(one.happened for one in locations) / seen
    if min(one.seen for one in locations) * min(p, 1 - p) < MIN_EXPECTED:
        return None
    chi2 = sum((one.happened - one.seen * p) ** 2 / (one.seen * p * (1 - p)) for one in locations)
    return float(special.chdtrc(len(locations) - 1, chi2))


def _judge(
    counted: Sequence[LocationRate], often: int, interval: Interval | None, p_value: float | None
) -> tuple[Regularity, Because | None]:
    if len(counted) < MIN_LOCATIONS or interval is None:
        return Regularity.CANNOT_SAY, Because.FEW_LOCATIONS
    if not any(one.happened for one in counted):
        return Regularity.NEVER, None
    low, high = interval
    if often >= NEARLY_ALL * len(counted) and low >= OFTEN:
        return Regularity.DESIGNED, None
    if p_value is not None and p_value < UNEQUAL:
        return Regularity.BY_CHANCE, Because.UNEQUAL_LOCATIONS
    if high < OFTEN:
        return Regularity.BY_CHANCE, Because.SELDOM
    return Regularity.CANNOT_SAY, Because.UNSETTLED


def stage_regularity(rates: Sequence[DelightRate]) -> Regularity | None:
    """A stage's delight is designed if one of its interactions is; None where none can exceed.

    Else by chance if one is, and never only where all are: one that can't be judged may yet happen.
    """
    found = {rate.regularity for rate in rates}
    order = (
        Regularity.DESIGNED,
        Regularity.BY_CHANCE,
        Regularity.CANNOT_SAY,
        Regularity.NEVER,
    )
    return next((one for one in order if one in found), None)
