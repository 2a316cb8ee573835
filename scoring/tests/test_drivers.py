"""Drivers against published data, and how much is said of how many locations."""

from __future__ import annotations

import pytest

from scoring.drivers import Level, level_of, shares_of, spearman, spearman_interval
from scoring.tests.attitude import ASPECTS, DRIVERS, RATINGS
from scoring.tests.golden_cases import golden

GOLDEN = golden("ex3_remeasure_and_indicators.json")


@pytest.mark.parametrize(
    ("driver", "lmg", "johnson"),
    [
        ("complaints", 0.3708, 0.3628),
        ("privileges", 0.0509, 0.0560),
        ("learning", 0.1558, 0.1636),
        ("raises", 0.1203, 0.1218),
        ("critical", 0.0066, 0.0083),
        ("advance", 0.0282, 0.0202),
    ],
)
def test_shares_of_the_published_table(driver: str, lmg: float, johnson: float) -> None:
    found = shares_of(ASPECTS, RATINGS, resamples=20)
    assert found is not None
    share = found.drivers[DRIVERS.index(driver)]
    assert share.lmg == pytest.approx(lmg, abs=5e-5)
    assert share.johnson == pytest.approx(johnson, abs=5e-5)


def test_parts_add_up_to_what_is_explained() -> None:
    found = shares_of(ASPECTS, RATINGS, resamples=20)
    assert found is not None
    assert found.n == 30
    assert found.r2 == pytest.approx(0.732602, abs=5e-7)
    assert sum(one.lmg for one in found.drivers) == pytest.approx(found.r2)
    assert sum(one.johnson for one in found.drivers) == pytest.approx(found.r2)
    assert sum(one.share for one in found.drivers) == pytest.approx(1)


def test_the_bootstrap_is_as_wide_as_thirty_units_make_it() -> None:
    """26 to 61 % for complaints; the ends move by a few points with the random numbers."""
    found = shares_of(ASPECTS, RATINGS)
    assert found is not None and found.drivers[0].interval is not None
    low, high = found.drivers[0].interval
    assert low == pytest.approx(0.26, abs=0.035)
    assert high == pytest.approx(0.61, abs=0.025)
    assert shares_of(ASPECTS, RATINGS) == found  # seeded


def test_one_driver_takes_all() -> None:
    found = shares_of([row[:1] for row in ASPECTS], RATINGS, resamples=50)
    assert found is not None
    [only] = found.drivers
    assert only.lmg == pytest.approx(found.r2) == pytest.approx(only.johnson)
    assert list(only.interval or ()) == pytest.approx([1, 1])


def test_two_equal_drivers_share_evenly() -> None:
    found = shares_of([(row[0], row[0]) for row in ASPECTS], RATINGS, resamples=20)
    assert found is not None
    assert found.drivers[0].lmg == pytest.approx(found.drivers[1].lmg)
    assert found.r2 == pytest.approx(0.6813, abs=1e-4)


def test_what_does_not_vary_explains_nothing() -> None:
    assert shares_of([(1, x[0]) for x in ASPECTS], RATINGS) is None
    assert spearman([1, 1, 1], [1, 2, 3]).r is None


@pytest.mark.parametrize(
    ("driver", "r"),
    list(zip(DRIVERS, (0.832, 0.484, 0.617, 0.598, 0.048, 0.203), strict=True)),
)
def test_rank_correlations_of_the_published_table(driver: str, r: float) -> None:
    column = [float(row[DRIVERS.index(driver)]) for row in ASPECTS]
    found = spearman(column, RATINGS)
    assert found.r == pytest.approx(r, abs=5e-4)
    assert found.interval == spearman_interval(found.r or 0, 30)


@pytest.mark.parametrize("case", GOLDEN["spearman"], ids=lambda case: f"{case['r']} {case['n']}")
def test_golden_intervals_of_bonett_and_wright(case: dict[str, float]) -> None:
    interval = spearman_interval(case["r"], int(case["n"]))
    assert interval == pytest.approx(case["ci"], abs=5e-5)


def test_a_perfect_order_has_no_interval() -> None:
    found = spearman([1, 2, 3, 4, 5], [2, 3, 5, 8, 13])
    assert found.r == pytest.approx(1)
    assert found.interval is None
    assert spearman_interval(0.5, 3) is None


@pytest.mark.parametrize(
    ("locations", "drivers", "level"),
    [
        (9, 1, Level.TABLE),
        (10, 1, Level.RANKS),
        (29, 2, Level.RANKS),
        (30, 3, Level.SHARES),
        (30, 4, Level.RANKS),  # 10 per driver
        (80, 8, Level.SHARES),
        (200, 9, Level.RANKS),  # more than 8: grouped by phase first
        (200, 0, Level.RANKS),
    ],
)
def test_what_may_be_said_depends_on_n(locations: int, drivers: int, level: Level) -> None:
    assert level_of(locations, drivers) is level
