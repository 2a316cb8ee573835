"""One observation: gate, denominators, coverage, classes, facets."""

from fractions import Fraction

import pytest

from scoring.numbers import decimal6, exact, index4, interval3, x
from scoring.scale import (
    NA,
    NO,
    Answer,
    CustomerClass,
    Item,
    Kind,
    ReadingSums,
    StageSums,
    Thresholds,
    score_observation,
    score_reading,
    target_score,
)

BASIC = Item("basic", "S", Kind.BASIC, 1, (-3, -1, 0), 0, "store")
PERFORMANCE = Item("performance", "S", Kind.PERFORMANCE, 2, (-2, 0, 1), 1, "store")
DELIGHT = Item("delight", "S", Kind.DELIGHT, 3, (0, 3), None, "phone")
DEFAULTS = Thresholds()
STAGE = [BASIC, PERFORMANCE, DELIGHT]


def rows(
    answers: dict[str, Answer],
    *,
    items: list[Item] = STAGE,
    method: str = "mystery_visit",
    thresholds: Thresholds = DEFAULTS,
) -> list[StageSums]:
    return score_observation(items, answers, method=method, thresholds=thresholds)


def stage(
    answers: dict[str, Answer],
    *,
    items: list[Item] = STAGE,
    method: str = "mystery_visit",
    thresholds: Thresholds = DEFAULTS,
) -> StageSums:
    return rows(answers, items=items, method=method, thresholds=thresholds)[0]


def test_sums_are_weighted() -> None:
    found = stage({"basic": 0, "performance": 1, "delight": 3})
    assert (found.S, found.raw, found.P, found.Q) == (11, 11, 11, 7)


def test_a_broken_basic_cancels_delight_but_not_performance() -> None:
    found = stage({"basic": -1, "performance": 1, "delight": 3})
    assert (found.S, found.raw) == (-1 + 2, -1 + 2 + 9)
    assert (found.basic_seen, found.basics_ok) == (True, False)


@pytest.mark.parametrize(("points", "gated"), [(-1, False), (-3, True)])
def test_a_framework_may_close_the_gate_only_at_minus_2(points: int, gated: bool) -> None:
    found = stage({"basic": points, "delight": 3}, thresholds=Thresholds(broken_below=-1))
    assert found.raw - found.S == (9 if gated else 0)
    assert found.basics_ok is not gated


def test_the_gate_of_one_stage_leaves_the_others_alone() -> None:
    other = Item("wow", "T", Kind.DELIGHT, 1, (0, 3))
    found = rows({"basic": -3, "delight": 3, "wow": 3}, items=[*STAGE, other])
    by_stage = {row.stage: row for row in found if row.channel is None}
    assert by_stage["T"].S == 3
    assert (by_stage[None].S, by_stage[None].raw) == (0, 9)
    assert by_stage[None].basics_ok is False


@pytest.mark.parametrize("absent", [{"delight": NO}, {"delight": NA}, {}])
def test_absent_answers_leave_both_sides_of_the_ratio(absent: dict[str, Answer]) -> None:
    found = stage({"basic": 0, "performance": 1} | absent)
    assert (found.S, found.P, found.Q) == (2, 2, 7)


@pytest.mark.parametrize("method", ["verbatim", "social_listening"])
def test_silence_is_neutral_for_opportunistic_methods(method: str) -> None:
    found = stage({"basic": -1, "delight": NA}, method=method)
    assert (found.S, found.P, found.Q) == (-1, 2, 7)
    assert found.customer_class is CustomerClass.D


def test_a_stage_without_an_answered_level_contributes_nothing() -> None:
    assert rows({}) == []
    assert rows({"basic": NA, "delight": NO}, method="verbatim") == []
    other = Item("other", "T", Kind.PERFORMANCE, 1, (-1, 0, 1))
    found = rows({"other": 1}, items=[*STAGE, other], method="verbatim")
    assert [(row.stage, row.P) for row in found] == [("T", 1), (None, 1)]


def test_a_stranger_to_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="performance: -1"):
        rows({"performance": -1})


def test_rows_are_stage_then_its_channels_then_the_journey() -> None:
    other = Item("other", "T", Kind.PERFORMANCE, 1, (-1, 0, 1))
    found = rows({"basic": 0, "delight": 3, "other": 1}, items=[*STAGE, other])
    assert [(row.stage, row.channel) for row in found] == [
        ("S", None),
        ("S", "store"),
        ("S", "phone"),
        ("T", None),
        (None, None),
    ]


def test_a_facet_keeps_the_gate_of_its_stage() -> None:
    found = rows({"basic": -1, "delight": 3})
    phone = next(row for row in found if row.channel == "phone")
    assert (phone.S, phone.raw, phone.P, phone.Q) == (0, 9, 9, 0)
    assert phone.customer_class is None
    assert (phone.basic_seen, phone.basics_ok) == (False, False)


def test_a_channel_that_nobody_saw_has_a_facet_only_where_silence_counts() -> None:
    seen = {row.channel for row in rows({"basic": 0})}
    assert seen == {None, "store"}
    silent = next(row for row in rows({"basic": 0}, method="verbatim") if row.channel == "phone")
    assert (silent.S, silent.P) == (0, 9)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # weights 1, 2, 3: coverage 3/6 is enough, 1/6 is not
        ({"basic": 0, "performance": 0}, CustomerClass.N),
        ({"basic": 0}, CustomerClass.U),
        ({"basic": -3}, CustomerClass.U),
        ({"basic": -3, "performance": NA, "delight": NA}, CustomerClass.D),
        ({"basic": 0, "performance": NA, "delight": NA}, CustomerClass.N),
        ({"basic": 0, "performance": 1, "delight": 3}, CustomerClass.E),
        ({"basic": -1, "performance": 1, "delight": 3}, CustomerClass.N),
        # x = 100 but no level at +2 or better
        ({"basic": 0, "performance": 1, "delight": NA}, CustomerClass.N),
        ({"basic": 0, "performance": -2, "delight": 0}, CustomerClass.D),
        ({"basic": -1, "performance": 0, "delight": 0}, CustomerClass.D),
    ],
)
def test_class_of_a_customer(answers: dict[str, Answer], expected: CustomerClass) -> None:
    assert stage(answers).customer_class is expected


def test_a_broken_basic_bars_enchantment_even_where_the_rest_outweighs_it() -> None:
    strong = Item("p", "S", Kind.PERFORMANCE, 3, (-1, 0, 3))
    found = stage({"basic": -1, "p": 3}, items=[BASIC, strong])
    assert x(found.S, found.P, found.Q) > 50
    assert found.customer_class is CustomerClass.N


def test_a_basic_at_minus_2_disappoints_whatever_the_score_and_the_gate() -> None:
    basic = Item("b", "S", Kind.BASIC, 1, (-2, 0))
    delight = Item("d", "S", Kind.DELIGHT, 3, (0, 3))
    found = stage({"b": -2, "d": 3}, items=[basic, delight], thresholds=Thresholds(broken_below=-2))
    assert x(found.S, found.P, found.Q) > 50
    assert found.customer_class is CustomerClass.D


@pytest.mark.parametrize(
    ("points", "low", "high", "expected"),
    [(-1, -11, 50, "N"), (-1, -10, 50, "D"), (2, -10, 25, "E"), (2, -10, 26, "N")],
)
def test_thresholds_are_inclusive(points: int, low: int, high: int, expected: str) -> None:
    """x is exactly -10 with -1 point of 10, and exactly 25 with 2 points of 8."""
    items = [
        Item("p", "S", Kind.PERFORMANCE, 1, (-1, 0, 2)),
        Item("q", "S", Kind.PERFORMANCE, 3, (-3, 0, 2)),
    ]
    found = stage({"p": points, "q": 0}, items=items, thresholds=Thresholds(low=low, high=high))
    assert found.customer_class == expected


def test_the_journey_is_covered_by_the_stages_seen() -> None:
    unseen = Item("unseen", "T", Kind.PERFORMANCE, 3, (-1, 0, 1))
    journey = rows({"basic": 0, "performance": 0}, items=[*STAGE, unseen])[-1]
    assert (journey.stage, journey.customer_class) == (None, CustomerClass.N)


def test_target_of_a_stage() -> None:
    found = target_score(STAGE)
    assert found is not None
    assert (found.S, found.P, found.Q, found.score) == (2, 11, 7, Fraction(200, 11))
    assert target_score([DELIGHT]) is None
    only_basic = target_score([BASIC])
    assert only_basic is not None and only_basic.score == 0


def test_aggregated_readings() -> None:
    found = score_reading(STAGE, {"basic": {-1: 120, 0: 11_880}, "performance": {1: 100}})
    assert found == ReadingSums(n=12_000, S=-120 + 200, P=200, Q=3 * 12_000 + 4 * 100)
    assert score_reading(STAGE, {}) is None


def test_the_score_map() -> None:
    assert x(1, 4, 8) == 25
    assert x(-2, 4, 8) == -25
    assert x(0, 0, 0) == 0
    assert x(Fraction(1, 3), Fraction(2, 3), 0) == 50


def test_numbers_at_the_edge() -> None:
    assert exact(Fraction(50, 3)) == "50/3"
    assert exact(Fraction(-24)) == "-24"
    assert decimal6(Fraction(50, 3)) == "16.666667"
    assert decimal6(Fraction(-24)) == "-24.000000"
    assert decimal6(Fraction(-1, 10**7)) == "0.000000"
    assert decimal6(Fraction(-200, 79)) == "-2.531646"
    assert [decimal6(Fraction(n, 2 * 10**6)) for n in (1, 3)] == ["0.000000", "0.000002"]
    assert str(interval3((-0.0001, 75.7604))) == "[0.0, 75.76]"
    assert index4(Fraction(10, 9)) == 1.1111
