"""Before a wave: what n observations can show, and how many a change needs."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from scoring.intervals import DEFAULT_V0
from scoring.planning import (
    MethodSpread,
    detectable,
    needed,
    planning_table,
    spread_of_one,
    spread_together,
)
from scoring.tests.golden_cases import golden

EX3 = golden("ex3_remeasure_and_indicators.json")


def test_the_table_of_section_4() -> None:
    assert planning_table() == [
        (25, (99, 44, 25, 11, 7)),
        (35, (193, 86, 49, 22, 13)),
        (50, (393, 175, 99, 44, 25)),
    ]


@pytest.mark.parametrize("sd", [25, 35, 50])
@pytest.mark.parametrize("delta", [10, 15, 20, 30, 40])
def test_what_n_can_show_is_what_n_is_needed_for(sd: int, delta: int) -> None:
    n = needed(sd, delta)
    assert detectable(sd, n) <= delta < detectable(sd, n - 1)


def test_the_spread_of_one_observation_from_the_pool() -> None:
    # P = Q: 40 % of the half-range is 40 points of a scale from -100 to 100.
    assert spread_of_one(DEFAULT_V0, 4, 50, 50) == pytest.approx(40)
    # Example 3: P = 6, Q = 12 at each visit; S < 0 is read on Q: sqrt(v0) 9 / 12.
    v0 = Fraction(EX3["v0"])
    before = spread_of_one(v0, -27, 72, 144)
    assert before == pytest.approx(100 * sqrt(v0) * 9 / 12)
    assert spread_of_one(v0, 10, 90, 180) == pytest.approx(2 * before)
    assert spread_of_one(v0, 0, 0, 12) == pytest.approx(100 * sqrt(v0) / 2)
    assert spread_of_one(v0, 0, 0, 0) == 0


def test_methods_together() -> None:
    visits, words = MethodSpread(3, Fraction(1, 4), 40), MethodSpread(1, Fraction(3, 4), 60)
    assert spread_together([MethodSpread(3, Fraction(1), 40)]) == pytest.approx(40)
    # a = 3/4 and 1/4: (30^2 / .25 + 15^2 / .75) = 3600 + 300.
    assert spread_together([visits, words]) == pytest.approx(sqrt(3900))
