"""Delight by design or by chance: the definition, line by line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy import stats

from scoring.regularity import (
    Because,
    DelightRate,
    Regularity,
    delight_rate,
    equal_rates,
    stage_regularity,
)


def judged(*counts: tuple[int, int], least: int = 5) -> DelightRate:
    """(happened, seen) at each location."""
    rows = [(f"L{number}", *pair) for number, pair in enumerate(counts)]
    return delight_rate("i", rows, min_observations=least)


def test_often_and_everywhere_is_by_design() -> None:
    found = judged((8, 10), (7, 10), (9, 10))
    assert (found.regularity, found.because) == (Regularity.DESIGNED, None)
    assert (found.happened, found.seen, found.rate) == (24, 30, Fraction(4, 5))
    assert (found.often, found.spread) == (3, Fraction(1, 5))
    assert found.interval == pytest.approx((0.6269, 0.9049), abs=1e-4)


def test_one_location_in_five_may_lag_and_no_more() -> None:
    assert judged(*[(10, 10)] * 4, (4, 10)).regularity is Regularity.DESIGNED
    assert judged(*[(10, 10)] * 3, (4, 10)).regularity is Regularity.BY_CHANCE


def test_where_it_depends_on_the_location_it_is_by_chance() -> None:
    found = judged((9, 10), (1, 10), (0, 10), (8, 10))
    assert (found.regularity, found.because) == (
        Regularity.BY_CHANCE,
        Because.UNEQUAL_LOCATIONS,
    )
    assert found.spread == Fraction(9, 10)
    table = [[9, 1, 0, 8], [1, 9, 10, 2]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert found.p_value == pytest.approx(expected)


def test_seldom_everywhere_is_by_chance_too() -> None:
    found = judged((1, 10), (2, 10), (1, 10))
    assert (found.regularity, found.because) == (Regularity.BY_CHANCE, Because.SELDOM)


def test_not_once_is_neither() -> None:
    found = judged((0, 10), (0, 5), (0, 5))
    assert (found.regularity, found.because) == (Regularity.NEVER, None)


def test_two_locations_say_nothing_of_a_third() -> None:
    found = judged((10, 10), (10, 10), (4, 4))
    assert (found.regularity, found.because) == (
        Regularity.CANNOT_SAY,
        Because.FEW_LOCATIONS,
    )
    assert [one.rate for one in found.locations] == [1, 1, None]
    assert (found.happened, found.seen) == (20, 20)


def test_in_between_nothing_is_settled() -> None:
    """20 of 30: the interval still holds a half."""
    found = judged((7, 10), (6, 10), (7, 10))
    assert (found.regularity, found.because) == (Regularity.CANNOT_SAY, Because.UNSETTLED)
    assert judged((7, 10), (7, 10), (7, 10)).regularity is Regularity.DESIGNED


def test_one_lucky_visit_is_no_difference_between_locations() -> None:
    """Less than one case is expected at the small location, so that chi-squared is not asked."""
    found = judged((1, 5), (0, 50), (0, 50))
    assert found.p_value is None
    assert found.because is Because.SELDOM
    assert equal_rates(found.counted[:1]) is None
    assert equal_rates([]) is None


def test_folds_that_pass_each_other_are_no_data() -> None:
    rows = [("A", 6, 5), ("B", -1, 5), ("C", 0, 0), ("D", 5, 5)]
    found = delight_rate("i", rows, min_observations=5)
    assert [one.location for one in found.locations] == ["D"]
    assert judged().interval is None
    assert judged().rate is None


def test_a_stage_is_designed_if_one_of_its_delights_is() -> None:
    designed, chance = judged((9, 10), (9, 10), (9, 10)), judged((1, 10), (2, 10), (1, 10))
    never, unknown = judged((0, 9), (0, 9), (0, 9)), judged((9, 10))
    assert stage_regularity([chance, designed, unknown]) is Regularity.DESIGNED
    assert stage_regularity([never, unknown, chance]) is Regularity.BY_CHANCE
    assert stage_regularity([never, unknown]) is Regularity.CANNOT_SAY
    assert stage_regularity([never]) is Regularity.NEVER
    assert stage_regularity([]) is None
