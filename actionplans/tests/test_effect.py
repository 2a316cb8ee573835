"""Impact, effort and quadrants as pure arithmetic (3.6)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from actionplans.effect import (
    Quadrant,
    effort_days,
    impact,
    per_day,
    quadrants,
    stage_delta,
    stage_impact,
)
from actionplans.tests.test_priority import a_stage
from scoring.classify import Evidence, Label

F = Fraction
FIRST, PROJECT, FILL_IN, THINK_TWICE = Quadrant


def test_the_impact_is_the_product_of_its_factors() -> None:
    before = replace(a_stage("S2", criticality=3), reach_bp=9_000)
    after = replace(before, score=F(100, 7))
    found = stage_impact(before, after, reach_bp=5_000)
    assert found is not None
    assert (found.criticality, found.reach, found.delta) == (F(1), F(9, 10), F(100, 7))
    assert (found.confidence, found.action_reach) == (F(1, 2), F(1, 2))
    assert found.value == F(45, 14)


def test_each_factor_counts() -> None:
    before = replace(a_stage("S1", criticality=1, evidence=Evidence.B), reach_bp=6_000)
    after = replace(before, score=F(30))
    whole = stage_impact(before, after, reach_bp=10_000)
    half = stage_impact(before, after, reach_bp=5_000)
    assert whole is not None and half is not None
    assert whole.value == F(1, 3) * F(3, 5) * 30 * F(4, 5) == F(24, 5)
    assert half.value == F(12, 5)
    assert impact([whole, half]) == F(36, 5)
    assert impact([]) == 0


def test_nothing_is_said_of_a_stage_without_enough_observations() -> None:
    before = a_stage("S1", label=Label.INSUFFICIENT)
    assert stage_impact(before, replace(before, score=F(30)), reach_bp=10_000) is None
    unseen = replace(before, score=None)
    assert stage_delta(unseen, unseen) is None
    assert stage_impact(unseen, unseen, reach_bp=10_000) is None


@pytest.mark.parametrize(
    ("tenths", "cost", "rate", "days"),
    [
        (None, None, 40_000, None),
        (5, None, None, F(1, 2)),
        (0, None, None, F(0)),
        (50, 120_000, 40_000, F(8)),
        (None, 100_000, 30_000, F(10, 3)),
        (50, 0, None, F(5)),
        (50, 120_000, None, None),
        (None, 120_000, None, None),
    ],
)
def test_effort(tenths: int | None, cost: int | None, rate: int | None, days: F | None) -> None:
    assert effort_days(tenths, cost, rate) == days


@pytest.mark.parametrize(
    ("gained", "effort", "ratio"),
    [(F(45, 14), F(5), F(9, 14)), (None, F(5), None), (F(3), None, None), (F(3), F(0), None)],
)
def test_impact_for_a_day(gained: F | None, effort: F | None, ratio: F | None) -> None:
    assert per_day(gained, effort) == ratio


def test_quadrants_by_the_medians() -> None:
    placed = quadrants(
        {
            "quick": (F(9), F(1)),
            "long": (F(8), F(30)),
            "small": (F(1), F(2)),
            "poor": (F(2), F(40)),
        }
    )
    assert placed == {"quick": FIRST, "long": PROJECT, "small": FILL_IN, "poor": THINK_TWICE}


def test_quadrants_on_the_line_and_of_few() -> None:
    assert quadrants({}) == {}
    assert quadrants({1: (F(3), F(5))}) == {1: FIRST}
    same = (F(3), F(5))
    assert quadrants({1: same, 2: same, 3: same}) == dict.fromkeys((1, 2, 3), FIRST)
    # An even number: the median is half-way, exactly.
    placed = quadrants({1: (F(1), F(1)), 2: (F(2), F(2))})
    assert placed == {1: FILL_IN, 2: PROJECT}


def test_quadrants_by_fixed_lines() -> None:
    actions = {1: (F(9), F(9)), 2: (F(1), F(1))}
    placed = quadrants(actions, impact_line=F(10), effort_line=F(10))
    assert placed == {1: FILL_IN, 2: FILL_IN}
    assert quadrants(actions, impact_line=F(0))[2] is FIRST


def test_what_gains_nothing_is_no_quick_win() -> None:
    assert quadrants({1: (F(0), F(1)), 2: (F(0), F(9))}) == {1: FILL_IN, 2: THINK_TWICE}
