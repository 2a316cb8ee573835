"""A second baseline, where there is no control: the verdict is on the change since it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.change import (
    Group,
    Guard,
    Period,
    Rules,
    Verdict,
    Withheld,
    before_closing,
    compare_stage,
)
from scoring.intervals import Pool
from scoring.planning import looked_for, needed_to_conclude
from scoring.tests.test_golden_2 import visits
from scoring.vector import Vector

RULES = Rules(pools={}, method_weights={"mystery": 3, "verbatim": 1}, min_observations=5)
WORST, USUAL, BETTER = visits(10, -50, 300), visits(12, 0, 60), visits(15, 45, 190)


def at(vector: Vector, method: str = "mystery") -> Period:
    return Period({method: {"A": vector}})


def test_the_verdict_is_read_off_the_change_since_the_second_baseline() -> None:
    """The wave used for choosing was low by chance: against the other one little has changed."""
    group = Group(at(WORST), at(USUAL))
    alone = compare_stage("S", group, RULES)
    assert (alone.verdict, alone.guard) == (Verdict.IMPROVEMENT_WITHOUT_CONTROL, None)
    found = compare_stage("S", group, RULES, baseline=at(USUAL))
    assert (found.change, found.interval) == (alone.change, alone.interval)
    assert (found.guard, found.baseline, found.n_baseline) == (Guard.BASELINE, Fraction(0), 12)
    assert found.judged == (found.baseline, found.baseline_interval)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.did is None
    # What would be needed is told by the two windows of the verdict: 12 and 12, not 10 and 12.
    assert found.baseline_interval is not None
    assert found.needed == needed_to_conclude(0, found.baseline_interval, 12, 12)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (USUAL, visits(15, 120, 990), Verdict.REAL_IMPROVEMENT),
        (BETTER, visits(15, -90, 600), Verdict.REAL_DETERIORATION),
    ],
)
def test_a_change_since_the_second_baseline_is_real(
    before: Vector, after: Vector, verdict: Verdict
) -> None:
    found = compare_stage("S", Group(at(WORST), at(after)), RULES, baseline=at(before))
    assert found.verdict is verdict


def test_a_control_comes_first_and_the_baseline_is_not_read() -> None:
    group, still = Group(at(WORST), at(BETTER)), Group(at(USUAL), at(USUAL))
    found = compare_stage("S", group, RULES, control=still, baseline=Period({}))
    assert found.guard is Guard.CONTROL
    assert (found.baseline, found.n_baseline) == (None, 0)
    assert found.judged == (found.did, found.did_interval)


@pytest.mark.parametrize(
    "baseline", [Period({}), at(visits(4, 0, 10)), at(USUAL, "verbatim"), Period({"mystery": {}})]
)
def test_a_baseline_that_cannot_be_compared_withholds_the_verdict(baseline: Period) -> None:
    found = compare_stage("S", Group(at(WORST), at(BETTER)), RULES, baseline=baseline)
    assert found.excluded_because is Withheld.BASELINE_NOT_COMPARABLE
    assert (found.verdict, found.guard, found.baseline) == (None, Guard.BASELINE, None)
    assert found.change == 80


def test_only_methods_of_the_baseline_are_compared() -> None:
    before = Period({"mystery": {"A": WORST}, "verbatim": {"A": WORST}})
    after = Period({"mystery": {"A": BETTER}, "verbatim": {"A": WORST}})
    found = compare_stage("S", Group(before, after), RULES, baseline=at(USUAL))
    assert (found.change, found.baseline) == (Fraction(80), Fraction(30))
    assert [one.excluded_because for one in found.methods] == [
        None,
        Withheld.BASELINE_NOT_COMPARABLE,
    ]


def test_what_would_be_needed_is_told_by_the_locations_of_the_verdict() -> None:
    """The baseline was measured at A alone: 6 visits then and 6 after, whatever else B was seen."""
    before, after = (
        Period({"mystery": {"A": visits(6, S, 12), "B": visits(n, 5 * S, 2 * n)}})
        for S, n in ((-1, 6), (1, 60))
    )
    found = compare_stage("S", Group(before, after), RULES, baseline=at(visits(6, -1, 12)))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert (found.n_after, found.n_baseline, found.n_baseline_after) == (66, 6, 6)
    assert found.baseline is not None
    assert found.baseline_interval is not None
    expected = needed_to_conclude(float(found.baseline), found.baseline_interval, 6, 6)
    assert found.needed == expected
    [method] = found.methods
    assert (method.places, method.judged_at) == (("A", "B"), ("A",))
    everywhere = compare_stage("S", Group(before, after), RULES, baseline=before)
    assert everywhere.methods[0].judged_at == ()


def test_before_the_window_closes_there_are_figures_and_no_verdict() -> None:
    group = Group(at(WORST), at(BETTER))
    closed = compare_stage("S", group, RULES, baseline=at(USUAL))
    found = before_closing(closed)
    assert (found.verdict, found.needed) == (None, None)
    assert found.excluded_because is Withheld.WINDOW_OPEN
    assert found.judged == closed.judged == (found.baseline, found.baseline_interval)
    assert (found.change, found.interval) == (closed.change, closed.interval)
    # Whatever withholds a verdict anyway is said rather than that it is early.
    too_few = compare_stage("S", Group(at(WORST), Period({})), RULES)
    assert before_closing(too_few) == too_few


def test_what_was_seen_is_counted_where_nothing_can_be_compared() -> None:
    found = compare_stage("S", Group(at(USUAL, "verbatim"), at(BETTER)), RULES)
    assert found.excluded_because is Withheld.NO_COMMON_METHOD
    assert (found.n_before, found.n_after, found.judged) == (12, 15, None)


def test_a_change_below_five_points_is_not_looked_for() -> None:
    assert [looked_for(change) for change in (0, -3, 5, -12)] == [5, 5, 5, 12]


def test_pools_are_those_of_the_rules() -> None:
    rules = Rules({"mystery": Pool(Fraction(1), 50)}, {"mystery": 3}, 5)
    wide = compare_stage("S", Group(at(WORST), at(USUAL)), rules)
    usual = compare_stage("S", Group(at(WORST), at(USUAL)), RULES)
    assert wide.interval is not None
    assert usual.interval is not None
    assert wide.interval[1] > usual.interval[1]
