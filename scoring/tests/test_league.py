"""The league by shrinkage: golden example 3 from its own figures, and what it does at the edges."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.classify import CellRow, LocationShare, Pool, ReadingRow, StageFacts
from scoring.intervals import Means, Weighted, standard_error, weighted_means
from scoring.league import (
    Difference,
    League,
    Measured,
    rank_locations,
    score_locations,
    score_variance,
    shrinkage,
)
from scoring.scale import ReadingSums, Thresholds
from scoring.tests.golden_cases import FLOAT, golden
from scoring.vector import Vector

CASE = golden("ex3_remeasure_and_indicators.json")["store_shrinkage"]
V0 = Fraction(9, 100)
FACTS = StageFacts("S1", 1, True, 10_000, has_basic=False, has_exceeding=True, target=None)


def visits(n: int, score: int, *, half: int = 20) -> Vector:
    """n visits that could each win or lose `half`, of variance 900 in score points."""
    mean = Fraction(half * score, 100)
    S = mean * n
    SS = mean * mean * n + 9 * (n - 1) * Fraction(half * half, 100)
    P = half * n
    assert S.denominator == 1
    assert SS.denominator == 1
    SP, PP = int(S) * half, half * P
    return Vector(n=n, S=int(S), raw=int(S), P=P, Q=P, SS=int(SS), SP=SP, SQ=SP, PP=PP, QQ=PP, nN=n)


def league(
    cells: dict[str, Vector],
    *,
    least: int = 3,
    others: list[CellRow] | None = None,
    readings: dict[str, list[ReadingRow]] | None = None,
) -> League:
    rows = [CellRow("S1", "mystery_visit", code, vector) for code, vector in cells.items()]
    scores = score_locations(
        facts=FACTS,
        cells=rows + (others or []),
        locations=[LocationShare(code, None) for code in cells],
        pools={"mystery_visit": Pool(V0, 100), "survey": Pool(V0, 100)},
        method_weights={"mystery_visit": 3, "survey": 1},
        thresholds=Thresholds(min_observations=least),
        readings=readings or {},
    )
    return rank_locations(scores)


def test_golden_example_3() -> None:
    rows = {
        code: Measured(Fraction(score), CASE["sigma2"] / n)
        for code, (n, score) in CASE["stores"].items()
    }
    common = shrinkage(list(rows.values()))
    assert common is not None
    assert common.difference is Difference.SHOWN
    assert common.fixed_mean == pytest.approx(CASE["mu_fixed"], abs=5e-5)
    assert common.heterogeneity == pytest.approx(CASE["Q"], abs=5e-5)
    assert common.tau2 == pytest.approx(CASE["tau2"], abs=5e-5)
    assert common.mean == pytest.approx(CASE["mu"], abs=5e-5)
    shrunk = {code: common.shrink(row) for code, row in rows.items()}
    assert shrunk == pytest.approx(CASE["shrunk"], abs=5e-5)


def test_golden_example_3_from_cells() -> None:
    """Visits whose variance is 900, v0 = 0.09: each s2/n on the score scale is 900/n to the last digit."""
    found = league({code: visits(n, score) for code, (n, score) in CASE["stores"].items()})
    assert found.shrinkage is not None
    assert found.shrinkage.tau2 == pytest.approx(CASE["tau2"], abs=5e-5)
    assert [(one.rank, one.location) for one in found.standings] == [
        (1, "D"),
        (2, "C"),
        (3, "B"),
        (4, "A"),
    ]
    for one in found.standings:
        n, score = CASE["stores"][one.location]
        assert one.measured is not None
        assert one.measured.score == score
        assert one.measured.variance == pytest.approx(CASE["sigma2"] / n)
        assert one.shrunk == pytest.approx(CASE["shrunk"][one.location], abs=FLOAT)


def test_the_variance_is_linear_on_its_side_and_takes_both_slopes_across_0() -> None:
    """Six visits, P = 12 and Q = 6 a visit: a point is worth 100/12 above 0 and 100/6 below."""
    above = Means(Fraction(4), Fraction(4), Fraction(12), Fraction(6))
    assert score_variance(above, 1.0) == pytest.approx((100 / 12) ** 2)
    below = Means(Fraction(-4), Fraction(-4), Fraction(12), Fraction(6))
    assert score_variance(below, 1.0) == pytest.approx((100 / 6) ** 2)
    across = Means(Fraction(0), Fraction(0), Fraction(12), Fraction(6))
    assert score_variance(across, 1.0) == pytest.approx(((100 / 12 + 100 / 6) / 2) ** 2)
    nothing_to_win = Means(Fraction(0), Fraction(0), Fraction(0), Fraction(6))
    assert score_variance(nothing_to_win, 1.0) == pytest.approx((100 / 6 / 2) ** 2)


def test_a_location_at_the_end_of_the_scale_is_not_the_better_known_for_that() -> None:
    vector = Vector(n=5, S=50, raw=50, P=50, Q=50, SS=500, SP=500, SQ=500, PP=500, QQ=500)
    strata = [Weighted(1, vector)]
    error = standard_error(strata, V0).error
    assert score_variance(weighted_means(strata), error) == pytest.approx((10 * error) ** 2)
    assert error > 0


def test_no_difference_shown_means_nobody_is_ranked() -> None:
    found = league({"A": visits(8, 10), "B": visits(8, 15), "C": visits(8, 5)})
    assert found.shrinkage is not None
    assert found.shrinkage.tau2 == 0
    assert found.shrinkage.difference is Difference.NONE
    assert [(one.location, one.rank) for one in found.standings] == [
        ("A", None),
        ("B", None),
        ("C", None),
    ]
    assert {round(one.shrunk or 0, 6) for one in found.standings} == {10}


def test_ranks_that_chance_alone_may_bring_are_no_more_than_possible() -> None:
    found = league({"A": visits(8, 30), "B": visits(8, 0), "C": visits(8, 0)})
    assert found.shrinkage is not None
    assert found.shrinkage.tau2 > 0
    assert found.shrinkage.difference is Difference.POSSIBLE
    assert found.shrinkage.p_value == pytest.approx(0.069, abs=1e-3)
    assert [one.rank for one in found.standings] == [1, 2, 2]


def test_below_the_minimum_no_score_and_no_rank_and_no_part_in_the_mean() -> None:
    whole = {"A": visits(8, -60), "B": visits(8, 60)}
    alone, found = league(whole, least=5), league(whole | {"C": visits(4, 90)}, least=5)
    assert found.shrinkage == alone.shrinkage
    last = found.standings[-1]
    assert (last.location, last.has_score, last.rank, last.shrunk) == ("C", False, None, None)
    assert last.score.missing == 1


def test_two_visits_are_never_ranked_whatever_the_framework_asks() -> None:
    found = league({"A": visits(8, -60), "B": visits(8, 60), "C": visits(2, 75)}, least=1)
    last = found.standings[-1]
    assert (last.location, last.has_score, last.measured, last.rank) == ("C", True, None, None)
    assert len(found.compared) == 2


def test_one_location_is_compared_with_nobody() -> None:
    found = league({"A": visits(8, -60), "B": visits(2, 60)})
    assert found.shrinkage is None
    assert [one.location for one in found.standings] == ["A", "B"]
    assert shrinkage([]) is None


def test_equal_scores_share_a_rank() -> None:
    found = league({c: visits(8, s) for c, s in (("A", 90), ("B", -50), ("C", -50), ("D", -90))})
    assert [one.rank for one in found.standings] == [1, 2, 2, 4]


def test_methods_are_weighted_as_in_the_score_and_their_variances_with_the_squares() -> None:
    survey = CellRow("S1", "survey", "A", visits(4, 50))
    found = league({"A": visits(8, -60), "B": visits(8, 60)}, others=[survey])
    one = next(one for one in found.standings if one.location == "A")
    assert one.measured is not None
    assert one.measured.score == Fraction(-65, 2)
    assert one.measured.variance == pytest.approx(9 / 16 * 900 / 8 + 1 / 16 * 900 / 4)
    assert not found.like_for_like
    assert league({"A": visits(8, -60), "B": visits(8, 60)}).like_for_like


def test_readings_count_in_the_score_and_add_no_variance() -> None:
    row = ReadingRow("S1", "web_analytics", ReadingSums(100, 100, 200, 200))
    found = league({"A": visits(8, -60), "B": visits(8, 60)}, readings={"A": [row]})
    one = next(one for one in found.standings if one.location == "A")
    assert one.measured is not None
    assert one.measured.score == Fraction(3 * -60 + 2 * 50, 5)
    assert one.measured.variance == pytest.approx(9 / 25 * 900 / 8)
