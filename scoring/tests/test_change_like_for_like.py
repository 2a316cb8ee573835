"""Like for like: which methods and locations a change is read from, and locations as clusters."""

from dataclasses import replace
from fractions import Fraction
from statistics import stdev

import pytest

from scoring.change import Group, MixShift, Period, Rules, Verdict, Withheld, compare_stage
from scoring.figures import LocationShare, ReadingRow
from scoring.intervals import Pool, t_quantile
from scoring.scale import ReadingSums
from scoring.tests.test_golden_2 import visits
from scoring.vector import Vector

RULES = Rules(pools={}, method_weights={"mystery": 3, "verbatim": 1}, min_observations=5)
CODES = ("A", "B", "C", "D", "E", "F")
# Visits so alike that the locations decide.
ALIKE = replace(RULES, pools={"mystery": Pool(Fraction(1, 100), 50)})
BEFORE = (2, -6, 0, 10, 4, -2)
AFTER = (12, 2, 14, 14, 18, 4)
LOW, HIGH = visits(8, 8, 30), visits(8, 40, 220)


def stores(points: tuple[int, ...], codes: tuple[str, ...] = CODES) -> dict[str | None, Vector]:
    """Two visits each, so that X = 5 times the points."""
    return {
        code: visits(2, value, value * value // 2)
        for code, value in zip(codes, points, strict=True)
    }


def equal(codes: tuple[str, ...] = CODES) -> tuple[LocationShare, ...]:
    return tuple(LocationShare(code, 1000) for code in codes)


def test_six_stores_are_the_units_of_the_interval() -> None:
    group = Group(Period({"mystery": stores(BEFORE)}), Period({"mystery": stores(AFTER)}), equal())
    found = compare_stage("S", group, ALIKE)
    d = [5 * (after - before) for before, after in zip(BEFORE, AFTER, strict=True)]
    mean, half = sum(d) / 6, t_quantile(5) * stdev(d) / 6**0.5
    assert found.methods[0].paired
    assert found.methods[0].locations == 6
    assert found.change == Fraction(sum(d), 6)
    assert found.interval == pytest.approx((mean - half, mean + half))


def test_stores_weigh_by_their_reference_shares() -> None:
    shares = tuple(LocationShare(code, 5000 if code == "A" else 1000) for code in CODES)
    group = Group(Period({"mystery": stores(BEFORE)}), Period({"mystery": stores(AFTER)}), shares)
    d = [5 * (after - before) for before, after in zip(BEFORE, AFTER, strict=True)]
    found = compare_stage("S", group, ALIKE)
    mean = Fraction(5 * d[0] + sum(d[1:]), 10)
    assert found.change == mean
    squares = sum(
        float(weight * (value - mean)) ** 2
        for weight, value in zip([Fraction(1, 2)] + [Fraction(1, 10)] * 5, d, strict=True)
    )
    half = t_quantile(5) * (6 / 5 * squares) ** 0.5
    assert found.interval == pytest.approx((float(mean) - half, float(mean) + half))


def test_stores_that_move_alike_keep_the_width_of_their_visits() -> None:
    """One visit each, all 10 points better: no difference between the stores, and still no proof."""
    before, after = (
        Period({"mystery": {code: visits(1, S, S * S) for code in CODES}}) for S in (-1, 0)
    )
    found = compare_stage("S", Group(before, after, equal()), RULES)
    assert found.change == 10
    # s2/n = 2 x 0.16 x 10^2 / 2 = 16, as 1600 in score points; of 6 stores, twice: 1600 x 12 / 36.
    half = t_quantile(24) * (1600 * 12 / 36) ** 0.5
    assert found.interval == pytest.approx((10 - half, 10 + half))
    assert found.methods[0].paired
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_store_that_could_neither_win_nor_lose_adds_no_width() -> None:
    nothing = Vector(n=1, nN=1)
    cells: dict[str | None, Vector] = {code: visits(1, 0, 0) for code in CODES}
    cells["A"] = nothing
    found = compare_stage(
        "S", Group(Period({"mystery": cells}), Period({"mystery": cells}), equal()), RULES
    )
    half = t_quantile(20) * (1600 * 10 / 36) ** 0.5
    assert found.interval == pytest.approx((-half, half))


def test_shares_are_those_of_the_compared_locations() -> None:
    """A location without a share that isn't compared makes the others no more equal."""
    shares = (LocationShare("A", 9000), LocationShare("B", 1000), LocationShare("NEW", None))
    cells: dict[str | None, Vector] = {"A": LOW, "B": HIGH}
    group = Group(Period({"mystery": cells}), Period({"mystery": cells | {"NEW": HIGH}}), shares)
    found = compare_stage("S", group, RULES)
    assert (found.before, found.after) == (Fraction(14), Fraction(14))
    assert not found.methods[0].is_whole


@pytest.mark.parametrize("share", [1000, 0])
def test_five_stores_are_not_enough_to_be_units(share: int) -> None:
    """A store that is measured once, or whose share is 0, doesn't count."""
    shares = (LocationShare("A", share), *equal(CODES[1:]))
    after = stores(AFTER)
    if share:
        del after["A"]
    group = Group(Period({"mystery": stores(BEFORE)}), Period({"mystery": after}), shares)
    method = compare_stage("S", group, RULES).methods[0]
    assert (method.paired, method.locations, method.n_before) == (False, 5, 10)


def test_only_locations_in_both_windows_are_compared() -> None:
    before = Period({"mystery": {"A": LOW, "GONE": HIGH}})
    after = Period({"mystery": {"A": LOW, "NEW": HIGH}})
    found = compare_stage("S", Group(before, after), RULES)
    assert found.change == 0
    assert (found.n_before, found.n_after) == (8, 8)


def test_a_location_that_vanished_moves_the_crude_score_and_is_named() -> None:
    before = Period({"mystery": {"A": LOW, "GONE": HIGH}})
    found = compare_stage("S", Group(before, Period({"mystery": {"A": LOW}})), RULES)
    assert found.change == 0
    assert found.crude == -20
    assert found.simpson
    assert found.shift is not None
    assert found.shift == MixShift("mystery", "A", Fraction(1, 2), Fraction(1))


def test_a_method_that_appears_does_not_move_the_change() -> None:
    after = Period({"mystery": {"A": LOW}, "verbatim": {None: HIGH}})
    found = compare_stage("S", Group(Period({"mystery": {"A": LOW}}), after), RULES)
    assert found.change == 0
    assert [one.excluded_because for one in found.methods] == [None, Withheld.NO_COMMON_METHOD]


def test_the_control_is_read_by_the_same_methods() -> None:
    acted_on = Group(
        Period({"mystery": {"A": LOW}, "verbatim": {"A": LOW}}),
        Period({"mystery": {"A": HIGH}, "verbatim": {"A": LOW}}),
    )
    still = Period({"mystery": {"B": LOW}})
    found = compare_stage("S", acted_on, RULES, control=Group(still, still))
    assert found.change == 40
    assert found.did == 40
    assert found.control == 0
    assert [one.excluded_because for one in found.methods] == [
        None,
        Withheld.CONTROL_NOT_COMPARABLE,
    ]
    # What only the control was read by says nothing either.
    more = Group(
        Period({"mystery": {"B": LOW}, "shadowing": {"B": LOW}}),
        Period({"mystery": {"B": LOW}, "shadowing": {"B": HIGH}}),
    )
    assert compare_stage("S", acted_on, RULES, control=more).control == 0
    # Without a control both methods count: (3 x 40 + 0) / 4.
    assert compare_stage("S", acted_on, RULES).change == 30


def test_a_control_that_was_not_measured_withholds_the_verdict_not_the_change() -> None:
    acted_on = Group(Period({"mystery": {"A": LOW}}), Period({"mystery": {"A": HIGH}}))
    control = Group(Period({"mystery": {"B": LOW}}), Period({}))
    found = compare_stage("S", acted_on, RULES, control=control)
    assert found.excluded_because is Withheld.CONTROL_NOT_COMPARABLE
    assert found.change == 40
    assert (found.did, found.verdict) == (None, None)


def test_aggregated_readings_add_their_change_and_no_width() -> None:
    def reading(S: int) -> dict[str, ReadingRow]:
        return {"web": ReadingRow("S", "web", ReadingSums(n=100, S=S, P=100, Q=100))}

    cells: dict[str, dict[str | None, Vector]] = {"mystery": {"A": LOW}}
    rules = Rules({}, {"mystery": 3, "web": 1}, 5)
    found = compare_stage("S", Group(Period(cells, reading(0)), Period(cells, reading(40))), rules)
    alone = compare_stage("S", Group(Period(cells), Period(cells)), rules)
    assert found.change == 10
    assert found.n_before == 8
    assert found.interval is not None
    assert alone.interval is not None
    assert found.interval[1] - 10 == pytest.approx(alone.interval[1] * 3 / 4)
    only = compare_stage("S", Group(Period({}, reading(0)), Period({}, reading(40))), rules)
    assert only.excluded_because is Withheld.TOO_FEW
