"""Worked examples 2 and 3 of re-measurement, and what withholds a verdict."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from scoring.change import (
    Group,
    Guard,
    MixShift,
    Period,
    Rules,
    StageChange,
    Verdict,
    Withheld,
    compare_stage,
    judge,
)
from scoring.change_by_method import disagree
from scoring.figures import LocationShare
from scoring.intervals import pool_variance
from scoring.planning import needed_to_conclude, planning_table
from scoring.tests.golden_cases import FLOAT, golden
from scoring.tests.test_golden_2 import mystery, pools, verbatim, visits, windows_3
from scoring.vector import Vector

EX2 = golden("ex2_methods_and_simpson.json")
EX3 = golden("ex3_remeasure_and_indicators.json")["change"]
CELLS_3 = golden("ex3_remeasure_and_indicators.json")["expected"]
Cells = Mapping[str, Mapping[str | None, Vector]]
SHARES_2 = (LocationShare("Paris", 6000), LocationShare("Lyon", 4000))
RULES = Rules(pools={}, method_weights={"mystery": 3, "verbatim": 1}, min_observations=5)


def period_2(window: str) -> Period:
    return Period(
        {
            "mystery": {store: mystery(window, store) for store in ("Paris", "Lyon")},
            "verbatim": {None: verbatim(window)},
        }
    )


def example_2() -> StageChange:
    rules = Rules(pools=pools(), method_weights=EX2["method_weights"], min_observations=5)
    return compare_stage("S", Group(period_2("T1"), period_2("T2"), SHARES_2), rules)


def example_3(*, witnessed: bool) -> StageChange:
    cells = windows_3()
    rules = Rules({"m": pool_variance(cells.values())}, {"m": 3}, 5)

    def group(before: str, after: str, place: str) -> Group:
        return Group(
            Period({"m": {place: cells[before]}}),
            Period({"m": {place: cells[after]}}),
            (LocationShare(place, 10_000),),
        )

    control = group("CB", "CA", "LYO1") if witnessed else None
    return compare_stage("S", group("B", "A", "PAR1"), rules, control=control)


def compare(before: Cells, after: Cells, **more: Any) -> StageChange:
    return compare_stage("S", Group(Period(before), Period(after)), RULES, **more)


def test_example_2_standardised_and_consolidated() -> None:
    found, expected = example_2(), EX2["expected"]["change"]
    by_method = {one.method: one for one in found.methods}
    assert by_method["mystery"].crude == expected["crude_mystery"]
    assert by_method["mystery"].change == expected["standardised_mystery"]
    for window, score, interval in (
        ("T1", found.before, found.before_interval),
        ("T2", found.after, found.after_interval),
    ):
        assert score == EX2["expected"][window]["consolidated"]
        assert interval == pytest.approx(EX2["expected"][window]["consolidated_ci"], abs=FLOAT)
    assert found.change == expected["consolidated"]
    assert found.interval == pytest.approx(expected["consolidated_ci"], abs=FLOAT)
    assert found.verdict == expected["verdict"].lower()
    assert (found.n_before, found.n_after) == (65, 65)


def test_example_2_says_whose_share_moved() -> None:
    found = example_2()
    assert found.simpson is EX2["expected"]["change"]["simpson_flag"]
    assert [one.simpson for one in found.methods] == [True, False]
    assert found.shift == MixShift("mystery", "Lyon", Fraction(1, 5), Fraction(4, 5))
    # 3 to 1, like the score itself: (3 x -20 + 10) / 4.
    assert found.crude == Fraction(-25, 2)


@pytest.mark.parametrize(
    ("crude", "standardised", "flag"),
    [(-3, 3, True), (3, -3, True), (0, 10, False), (0, 11, True), (12, 1, True), (0, 0, False)],
)
def test_crude_and_standardised_disagree(crude: int, standardised: int, flag: bool) -> None:
    assert disagree(Fraction(crude), Fraction(standardised)) is flag


def test_an_inconclusive_change_says_how_many_would_be_needed() -> None:
    assert example_2().needed == 536
    # 20 visits a wave, sd 25: the half-width is 1.96 x 25 x sqrt(2/20), and 25 can show 20 points.
    half = 1.96 * 25 * (2 / 20) ** 0.5
    assert needed_to_conclude(20, (20 - half, 20 + half), 20, 20) == 25
    assert needed_to_conclude(-20, (-20 - half, -20 + half), 20, 20) == 25
    # A change smaller than 5 points is not looked for.
    assert needed_to_conclude(1, (1 - half, 1 + half), 20, 20) == needed_to_conclude(
        -5, (-5 - half, -5 + half), 20, 20
    )


def test_example_3_is_real_beside_its_control() -> None:
    found = example_3(witnessed=True)
    assert found.change is not None
    assert found.control is not None
    assert found.did is not None
    assert found.interval is not None
    assert found.control_interval is not None
    assert found.did_interval is not None
    figures = {
        "treated": [float(found.change), *found.interval],
        "control": [float(found.control), *found.control_interval],
        "did": [float(found.did), *found.did_interval],
    }
    for name, wanted in figures.items():
        assert wanted == pytest.approx(EX3[name], abs=FLOAT), name
    assert (found.change, found.control) == (Fraction(1075, 36), Fraction(10, 3))
    for name, score, interval in (
        ("B", found.before, found.before_interval),
        ("A", found.after, found.after_interval),
    ):
        assert score == Fraction(CELLS_3[name]["X"])
        assert interval == pytest.approx(CELLS_3[name]["ci"], abs=FLOAT)
    assert found.verdict == EX3["verdict"].lower()
    assert found.guard is Guard.CONTROL
    assert (found.needed, found.simpson) == (None, False)


def test_without_a_control_an_improvement_is_only_observed() -> None:
    found = example_3(witnessed=False)
    assert found.verdict is Verdict.IMPROVEMENT_WITHOUT_CONTROL
    assert (found.did, found.did_interval, found.control) == (None, None, None)
    assert found.interval == pytest.approx(EX3["treated"][1:], abs=FLOAT)


@pytest.mark.parametrize(
    ("interval", "witnessed", "verdict"),
    [
        ((0.1, 40.0), True, "real_improvement"),
        ((0.1, 40.0), False, "improvement_without_control"),
        ((-9.0, -0.1), True, "real_deterioration"),
        ((-9.0, -0.1), False, "deterioration_without_control"),
        ((0.0, 5.0), True, "no_material_change"),
        ((-5.0, 5.0), False, "no_material_change"),
        ((-5.1, 0.0), True, "inconclusive"),
        ((0.0, 5.1), False, "inconclusive"),
        ((1.0, 2.0), True, "real_improvement"),
    ],
)
def test_verdicts(interval: tuple[float, float], witnessed: bool, verdict: str) -> None:
    assert judge(interval, witnessed=witnessed) == verdict


def test_planning_table_of_the_method() -> None:
    assert planning_table() == [
        (25, (99, 44, 25, 11, 7)),
        (35, (193, 86, 49, 22, 13)),
        (50, (393, 175, 99, 44, 25)),
    ]


GOOD, FEW = visits(8, 8, 30), visits(4, 4, 10)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ({}, {"mystery": {"A": GOOD}}, Withheld.TOO_FEW),
        ({}, {}, Withheld.TOO_FEW),
        ({"mystery": {"A": FEW}}, {"mystery": {"A": GOOD}}, Withheld.TOO_FEW),
        ({"mystery": {"A": GOOD}}, {"verbatim": {"A": GOOD}}, Withheld.NO_COMMON_METHOD),
        ({"mystery": {"A": GOOD}}, {"mystery": {"B": GOOD}}, Withheld.NO_COMMON_LOCATION),
        ({"mystery": {None: GOOD}}, {"mystery": {"B": GOOD, None: GOOD}}, "no_common_location"),
        # Eight visits, four of them where the other window has none.
        ({"mystery": {"A": FEW, "B": FEW}}, {"mystery": {"A": GOOD}}, Withheld.TOO_FEW),
        ({"mystery": {"A": Vector(n=-1)}}, {"mystery": {"A": GOOD}}, Withheld.TOO_FEW),
    ],
)
def test_what_cannot_be_compared_says_why(before: Cells, after: Cells, reason: str) -> None:
    found = compare(before, after)
    assert found.excluded_because == reason
    assert (found.verdict, found.change, found.interval) == (None, None, None)


def test_a_method_without_weight_is_not_compared() -> None:
    rules = Rules({}, {"mystery": 0}, 5)
    group = Group(Period({"mystery": {"A": GOOD}}), Period({"mystery": {"A": GOOD}}))
    assert compare_stage("S", group, rules).excluded_because is Withheld.WEIGHT_ZERO
