"""How many observations a wave needs before it can show a change."""

from collections.abc import Sequence
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
