"""Variance, clusters, MOVER and Wilson, where the golden examples do not reach."""

from fractions import Fraction
from math import sqrt

import pytest

from scoring.intervals import (
    Part,
    Pool,
    Weighted,
    cell_interval,
    cluster_error,
    moderated_variance,
    mover,
    pool_variance,
    satterthwaite,
    sse,
    standardised_interval,
    visit_error,
    weighted_means,
    wilson,
)
from scoring.vector import Vector

LOW_V0 = Fraction(1, 100)
CLUSTER_SUMS = [10, -5, 20, 0, 15, -10]


def cell(scores: list[int], *, P: int = 10, Q: int = 10) -> Vector:
    """Visits with these gated sums, each with P to win and Q to lose."""
    return Vector.total(
        Vector(n=1, S=s, raw=s, P=P, Q=Q, SS=s * s, SP=s * P, SQ=s * Q, PP=P * P, QQ=Q * Q, nN=1)
        for s in scores
    )


def store(S: int, n: int = 5) -> Vector:
    """n identical visits that sum to S of 50."""
    return cell([S // n] * n, P=50 // n, Q=50 // n)


def test_residuals_vanish_where_every_visit_has_the_same_ratio() -> None:
    assert sse(cell([3, 3, 3])) == 0
    assert sse(cell([-1]) + cell([-2], Q=20)) == 0


def test_residuals_are_taken_on_the_side_of_the_sum() -> None:
    lost = cell([-4, -2], P=6, Q=12)
    assert sse(lost) == 2
    won = cell([4, 2], P=6, Q=12)
    assert sse(won) == 2


def test_residuals_without_an_own_side_are_the_squares() -> None:
    assert sse(cell([0, 0], P=0, Q=10)) == 0
    assert sse(Vector(n=2, SS=7)) == 7


def test_prior_keeps_the_interval_of_identical_visits_open() -> None:
    identical = cell([5] * 5)
    assert moderated_variance(identical, Fraction(4, 25)) == Fraction(2 * 4 * 100, 25 * 6)
    low, high = cell_interval(identical, Fraction(4, 25))
    assert low < 50 < high


def test_a_passing_fold_cannot_turn_a_variance_negative() -> None:
    assert moderated_variance(Vector(n=3, P=30, Q=30, SS=-500), LOW_V0) == Fraction(1, 2)


def test_pool_needs_ten_degrees_of_freedom() -> None:
    assert pool_variance([cell([0, 10] * 5)]) == Pool(Fraction(4, 25), 9)
    assert pool_variance([cell([0, 10] * 5), cell([0, 10])]) == Pool(Fraction(3, 10), 10)
    assert pool_variance([]) == Pool(Fraction(4, 25), 0)


def test_pool_is_never_below_its_floor() -> None:
    assert pool_variance([cell([5] * 11)]) == Pool(Fraction(1, 100), 10)


def test_pool_leaves_out_single_visits_and_cells_without_data() -> None:
    cells = [cell([0, 10] * 6), cell([9]), Vector(n=-3, P=-30, Q=-30, SS=5), Vector()]
    assert pool_variance(cells) == pool_variance(cells[:1])


def test_pool_of_thousands_of_cells_is_exact_whatever_their_order() -> None:
    cells = [cell([i % 7, 3, -2], P=5 + i % 50, Q=7 + i % 31) for i in range(1, 3000)]
    assert pool_variance(cells) == pool_variance(reversed(cells))


def test_interval_is_clipped_to_what_can_be_won() -> None:
    assert cell_interval(cell([0] * 5, P=0, Q=10), Fraction(4, 25))[1] == 0.0
    assert cell_interval(cell([10, 9, 10, 9, 10]), Fraction(4, 25))[1] == 100.0
    assert cell_interval(cell([-10, -9, -10, -9]), Fraction(4, 25))[0] == -100.0


def test_means_weigh_locations_not_visits() -> None:
    strata = [Weighted(3, cell([10])), Weighted(1, cell([-2] * 9))]
    means = weighted_means(strata)
    assert means.S == 7
    assert means.P == 10
    assert means.score == 70


def test_satterthwaite_is_exact_where_it_is_an_integer() -> None:
    twins = [Weighted(1, cell([1, 3, 5])), Weighted(1, cell([1, 3, 5]))]
    assert satterthwaite(twins, Fraction(1, 7)) == 8
    many = [Weighted(7, cell([1, 3, 5, 0, 2]))] * 49
    assert satterthwaite(many, Fraction(1, 7)) == 49 * 6


def test_six_stores_are_clusters() -> None:
    strata = [Weighted(1, store(S)) for S in CLUSTER_SUMS]
    assert weighted_means(strata).score == 10
    error, df = cluster_error(strata)
    assert df == 5
    assert 100 * error / 10 == pytest.approx(9.661, abs=2e-3)
    interval = standardised_interval(strata, LOW_V0)
    assert interval == pytest.approx((-14.834, 34.834), abs=2e-3)


def test_five_stores_are_not() -> None:
    strata = [Weighted(1, store(S)) for S in CLUSTER_SUMS[:5]]
    error, _ = visit_error(strata, LOW_V0)
    assert cluster_error(strata)[0] > error
    low, high = standardised_interval(strata, LOW_V0)
    assert high - low < 20


def test_clusters_yield_to_a_larger_visit_level_error() -> None:
    strata = [Weighted(1, cell([10, -10, 0])) for _ in range(6)]
    visit, df = visit_error(strata, LOW_V0)
    assert cluster_error(strata)[0] < visit
    assert df == 24
    low, high = standardised_interval(strata, LOW_V0)
    assert (high - low) / 2 == pytest.approx(10 * 2.0639 * visit, abs=1e-3)


def test_mover_of_one_part_is_that_part() -> None:
    assert mover([Part(Fraction(1), Fraction(1, 3), -3.3, 0.1 + 0.2)]) == (-3.3, 0.1 + 0.2)


def test_mover_keeps_asymmetry() -> None:
    parts = [
        Part(Fraction(3, 4), Fraction(10), 6.0, 18.0),
        Part(Fraction(1, 4), Fraction(-2), -10.0, 2.0),
    ]
    low, high = mover(parts)
    assert low == pytest.approx(7 - sqrt(3**2 + 2**2))
    assert high == pytest.approx(7 + sqrt(6**2 + 1**2))


def test_mover_of_a_difference_crosses_the_ends() -> None:
    parts = [Part(Fraction(1), Fraction(10), 7.0, 20.0), Part(Fraction(-1), Fraction(4), 0.0, 5.0)]
    low, high = mover(parts)
    assert low == pytest.approx(6 - sqrt(3**2 + 1**2))
    assert high == pytest.approx(6 + sqrt(10**2 + 4**2))


def test_wilson_stays_between_0_and_1() -> None:
    assert wilson(0, 5)[0] == 0
    assert wilson(5, 5)[1] == 1
    assert wilson(9, 9)[0] == pytest.approx(9 / (9 + 3.8415), abs=1e-4)
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0)
