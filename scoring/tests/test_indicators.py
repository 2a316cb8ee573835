"""Indicators: counts that can't be, properties of sums, and when a change is one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.indicators import (
    COUNTS,
    MIN_ANSWERS,
    OPTIONAL,
    SCALES,
    UNITS,
    Direction,
    Figure,
    Impossible,
    Kind,
    Sums,
    Trend,
    Unit,
    added,
    compare,
    count_answers,
    figure,
    shortfall,
    sums_of,
)

SHARES = [kind for kind in Kind if kind not in UNITS]
SCALED = list(SCALES)
answers_of = {
    kind: st.dictionaries(st.integers(low, high), st.integers(0, 60))
    for kind, (low, high) in SCALES.items()
}
parts = st.sampled_from(SCALED).flatmap(
    lambda kind: st.tuples(st.just(kind), st.lists(answers_of[kind], max_size=6))
)


@given(parts)
def test_counts_of_the_whole_are_the_sums_of_its_parts(
    drawn: tuple[Kind, list[dict[int, int]]],
) -> None:
    kind, pieces = drawn
    whole: dict[int, int] = {}
    for piece in pieces:
        for answer, n in piece.items():
            whole[answer] = whole.get(answer, 0) + n
    merged = added(sums_of(kind, count_answers(kind, piece)) for piece in pieces)
    assert merged == sums_of(kind, count_answers(kind, whole))
    assert figure(kind, merged) == figure(kind, sums_of(kind, count_answers(kind, whole)))


@given(parts)
def test_figures_stay_on_their_scale_and_in_their_interval(
    drawn: tuple[Kind, list[dict[int, int]]],
) -> None:
    kind, pieces = drawn
    found = figure(kind, added(sums_of(kind, count_answers(kind, piece)) for piece in pieces))
    low, high = {Unit.POINTS: (-100, 100), Unit.PERCENT: (0, 100)}.get(found.unit, SCALES[kind])
    if found.value is None:
        assert found.n < MIN_ANSWERS and found.interval is None
        assert found.n + found.missing == MIN_ANSWERS
        return
    assert low <= found.value <= high
    assert found.interval is not None
    assert low <= found.interval[0] <= found.interval[1] <= high
    if kind is not Kind.NPS:  # the adjusted centre lies off the extremes on purpose
        assert found.interval[0] - 1e-9 <= found.value <= found.interval[1] + 1e-9


@given(st.integers(0, 5000), st.integers(1, 3000))
def test_a_speed_lies_in_its_interval(new: int, days: int) -> None:
    found = figure(Kind.RECRUITMENT, Sums(joined=new), days)
    assert found.value == Fraction(30 * new, days)
    assert found.interval is not None
    assert found.interval[0] <= found.value <= found.interval[1]
    assert found.beside is None


@pytest.mark.parametrize("kind", Kind)
def test_nothing_counted_is_no_figure(kind: Kind) -> None:
    found = figure(kind, Sums())
    assert (found.n, found.value, found.interval) == (0, None, None)
    assert sums_of(kind, dict.fromkeys(COUNTS[kind], 0)) == Sums()


@pytest.mark.parametrize("kind", SHARES)
def test_four_answers_are_too_few_and_five_are_not(kind: Kind) -> None:
    assert figure(kind, Sums(n=4, hits=2, total=8, squares=20)).missing == 1
    assert figure(kind, Sums(n=5, hits=2, total=8, squares=20)).value == 40


def test_nps_is_a_number_of_points() -> None:
    found = figure(Kind.NPS, sums_of(Kind.NPS, {"promoters": 0, "passives": 0, "detractors": 9}))
    assert (found.unit, found.value) == (Unit.POINTS, Fraction(-100))


@pytest.mark.parametrize(
    ("kind", "counts", "count", "reason"),
    [
        (Kind.NPS, {"promoters": -1, "passives": 0, "detractors": 0}, "promoters", "negative"),
        (Kind.CSAT, {"satisfied": 6, "answers": 5}, "satisfied", "more_than_all"),
        (Kind.REPURCHASE, {"repeat": 6, "customers": 5}, "repeat", "more_than_all"),
        (Kind.RECOMMENDATION, {"recommending": 2, "answers": 1}, "recommending", "more_than_all"),
        (Kind.RETENTION, {"start": 10, "end": 5, "new": 6}, "new", "more_new_than_end"),
        (Kind.RETENTION, {"start": 10, "end": 15, "new": 4}, "end", "kept_more_than_start"),
        (Kind.RECRUITMENT, {"new": 6, "end": 5}, "new", "more_new_than_end"),
        (
            Kind.BASKET,
            {"transactions": 0, "revenue": 100},
            "transactions",
            "revenue_without_transactions",
        ),
        (
            Kind.BASKET,
            {"transactions": 2, "revenue": 200, "squares": 19_999},
            "squares",
            "squares_too_small",
        ),
    ],
)
def test_counts_that_contradict_each_other(
    kind: Kind, counts: dict[str, int], count: str, reason: str
) -> None:
    with pytest.raises(Impossible) as raised:
        sums_of(kind, counts)
    assert (raised.value.count, raised.value.reason) == (count, reason)


@pytest.mark.parametrize("kind", [Kind.RETENTION, Kind.REPURCHASE, Kind.RECRUITMENT])
def test_customers_are_not_counted_answer_by_answer(kind: Kind) -> None:
    with pytest.raises(ValueError, match="single answers"):
        count_answers(kind, {1: 1})


def test_every_kind_is_asked_for_something() -> None:
    assert set(COUNTS) == set(Kind)
    assert all(name in COUNTS[kind] for kind, name in OPTIONAL)


def of_nps(promoters: int, detractors: int) -> Figure:
    return figure(Kind.NPS, Sums(n=100, hits=promoters, misses=detractors))


@pytest.mark.parametrize(
    ("after", "trend"),
    [((60, 10), Trend.BETTER), ((10, 60), Trend.WORSE), ((42, 28), Trend.UNSURE)],
)
def test_an_arrow_only_where_the_difference_excludes_0(
    after: tuple[int, int], trend: Trend
) -> None:
    found = compare(Kind.NPS, of_nps(40, 30), of_nps(*after), Direction.HIGHER)
    assert found.trend is trend
    assert found.is_real is (trend is not Trend.UNSURE)


def test_where_lower_is_better_a_rise_is_worse() -> None:
    found = compare(Kind.BASKET, _baskets(40, 10_00), _baskets(40, 20_00), Direction.LOWER)
    assert (found.change, found.trend, found.rises) == (Fraction(1000), Trend.WORSE, True)


def _baskets(n: int, cents: int) -> Figure:
    return figure(Kind.BASKET, Sums(n=n, total=n * cents, squares=n * cents**2 + 1000))


def test_few_baskets_are_shown_and_not_compared() -> None:
    found = compare(Kind.BASKET, _baskets(29, 10_00), _baskets(40, 20_00), Direction.HIGHER)
    assert (found.change, found.interval, found.trend) == (Fraction(1000), None, None)


def test_too_few_answers_have_no_change() -> None:
    few = figure(Kind.CSAT, Sums(n=4, hits=4))
    found = compare(Kind.CSAT, few, figure(Kind.CSAT, Sums(n=50, hits=4)), Direction.HIGHER)
    assert (found.change, found.trend, found.is_real) == (None, None, False)


def test_a_gap_is_a_shortfall_whichever_way_is_better() -> None:
    assert shortfall(Fraction(30), Fraction(40), Direction.HIGHER) == 10
    assert shortfall(Fraction(2), Fraction(3, 2), Direction.LOWER) == Fraction(1, 2)
