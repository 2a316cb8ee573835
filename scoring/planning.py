"""How many observations a wave needs before it can show a change."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt
from typing import Final

from scoring.numbers import Interval

SURE: Final = 1.96  # two-sided, 95 %
POWER: Final = 0.8416  # 80 %
MATERIAL: Final = 5  # score points; anything smaller changes nothing that matters
PLANNED_SPREADS: Final = (25, 35, 50)
PLANNED_CHANGES: Final = (10, 15, 20, 30, 40)


def needed(sd: float, delta: float) -> int:
    """n per wave for 80 % power: ceil(2 ((1.96 + 0.8416) sd / delta)^2), both in score points."""
    return ceil(2 * ((SURE + POWER) * sd / delta) ** 2)


def detectable(sd: float, n: int) -> float:
    """The smallest true change that n observations a wave show in 8 cases of 10, in score points.

    What `needed` says, the other way round: delta = (1.96 + 0.8416) sd sqrt(2 / n).
    """
    return (SURE + POWER) * sd * sqrt(2 / n)


@dataclass(frozen=True, slots=True)
class MethodSpread:
    """How much single observations of one method differ: `sd` in score points, `weight` its omega.

    `share` is its part of a wave's observations.
    """

    weight: int
    share: Fraction
    sd: float


def spread_of_one(v0: Fraction, S: int, P: int, Q: int) -> float:
    """sd of single observations in score points, from the pooled relative variance (2.2).

    sqrt(v0) half-ranges h = (P + Q)/2n are sqrt(v0) h points of an observation; a point is worth
    100 n/D score points, D the side of the score: sd = 100 sqrt(v0) (P + Q) / 2D.
    """
    D = (P if S >= 0 else Q) or P or Q
    return 100 * sqrt(v0) * (P + Q) / (2 * D) if D else 0.0


def spread_together(methods: Sequence[MethodSpread]) -> float:
    """As if every observation of the wave were of one kind: sd^2 = sum a_m^2 sd_m^2 / f_m.

    a_m is the weight of a method among those used, f_m its share of the observations; with one
    method it is the sd of that one.
    """
    total = sum(one.weight for one in methods)
    return sqrt(sum((one.weight / total * one.sd) ** 2 / float(one.share) for one in methods))


def planning_table(
    spreads: Sequence[int] = PLANNED_SPREADS, changes: Sequence[int] = PLANNED_CHANGES
) -> list[tuple[int, tuple[int, ...]]]:
    """For each spread of single observations, the n per wave for each true change."""
    return [(sd, tuple(needed(sd, delta) for delta in changes)) for sd in spreads]


def looked_for(estimate: float) -> float:
    """The change that n is planned for: the one observed, or a material one where that is larger."""
    return max(abs(estimate), MATERIAL)


def needed_to_conclude(estimate: float, interval: Interval, n_before: int, n_after: int) -> int:
    """n per wave that would show the change looked for.

    The spread is what the interval itself implies, so that uneven locations, methods and a control
    weigh in: sd = half-width / 1.96 x sqrt(n_before n_after / (n_before + n_after)).
    """
    half = (interval[1] - interval[0]) / 2
    sd = half / SURE * sqrt(n_before * n_after / (n_before + n_after))
    return needed(sd, looked_for(estimate))
