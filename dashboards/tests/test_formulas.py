"""Formulas filled in: golden example 2 as it is printed, and numbers that stay readable."""

from __future__ import annotations

from fractions import Fraction

import pytest
from django.utils import translation

from dashboards.formulas import (
    decimal,
    difference,
    error_formulas,
    method_formulas,
    mover_formulas,
    number,
    result,
    score_map,
    weighted_mean,
)
from scoring.classify import LocationShare, MethodScore, Pool
from scoring.consolidate import consolidate, score_method, score_reading_row
from scoring.figures import ReadingRow
from scoring.scale import ReadingSums
from scoring.vector import Vector

PARIS, LYON = (20, 60, 370), (5, -10, 60)
VERBATIM = (40, -40, 664)
SHARES = [LocationShare("LYO", 4000), LocationShare("PAR", 6000)]


def vector(n: int, points: int, squares: int) -> Vector:
    """Every visit of golden example 2 has P = Q = 10."""
    return Vector(
        n=n, S=points, raw=points, P=10 * n, Q=10 * n, SS=squares, SP=10 * points, SQ=10 * points,
        PP=100 * n, QQ=100 * n,
    )  # fmt: skip


def method(
    name: str, cells: dict[str | None, tuple[int, int, int]], weight: int, v0: str
) -> MethodScore:
    return score_method(
        name,
        {code: vector(*cell) for code, cell in cells.items()},
        weight=weight,
        min_observations=5,
        pool=Pool(Fraction(v0), 46),
        shares=SHARES,
    )


MYSTERY = method("mystery_visit", {"PAR": PARIS, "LYO": LYON}, 3, "1/10")
POSTS = method("verbatim", {None: VERBATIM}, 1, "4/25")


def lines(formulas: object) -> dict[str, str]:
    return {line.symbol: line.text for line in formulas}  # type: ignore[attr-defined]


def test_locations_with_their_shares() -> None:
    assert lines(method_formulas(MYSTERY)) == {
        "S*": "0.4 · (-10)/5 + 0.6 · 60/20 = 1",
        "P*": "0.4 · 50/5 + 0.6 · 200/20 = 10",
        "X": "100 · 1 / 10 = 10",
    }
    assert lines(method_formulas(POSTS)) == {"X": "100 · (-40) / 400 = -10"}


def test_shares_that_are_no_decimals_stand_in_brackets() -> None:
    cells = {code: vector(2, 4, 8) for code in ("A", "B", "C")}
    one = score_method(
        "survey",
        cells,  # type: ignore[arg-type]  # a dict is invariant in its keys
        weight=1,
        min_observations=5,
        pool=Pool(Fraction(1, 10), 46),
        shares=[LocationShare(code, None) for code in cells],
    )
    term = "(1/3) · 4/2"
    assert lines(method_formulas(one))["S*"] == f"{term} + {term} + {term} = 2"


def test_the_interval_of_a_method_with_its_error() -> None:
    assert MYSTERY.means
    assert MYSTERY.error
    assert MYSTERY.interval
    assert (MYSTERY.error.by_location, MYSTERY.error.df) == (False, 13)
    assert MYSTERY.error.error**2 == pytest.approx(0.5)
    assert lines(error_formulas(MYSTERY.means, MYSTERY.error, MYSTERY.interval)) == {
        "S* ∓ t · se": "1 ∓ 2.16 · 0.7071 → [-0.528, 2.528]",
        "95 %": "P* = 10, Q* = 10 → [-5.28, 25.28]",
    }


def test_methods_with_their_weights() -> None:
    pairs = [(one.weight, one.score) for one in (MYSTERY, POSTS)]
    assert weighted_mean(pairs) == "(3 · 10 + 1 · (-10)) / 4 = 5"
    whole = consolidate([MYSTERY, POSTS])
    parts = [(Fraction(one.weight, 4), one.score, one.interval) for one in (MYSTERY, POSTS)]
    assert lines(mover_formulas(parts, whole.score, whole.interval)) == {
        "95 % ↓": "5 - √(11.46² + 3.19²) ≈ -6.89",
        "95 % ↑": "5 + √(11.46² + 3.19²) ≈ 16.89",
    }


def test_locations_as_units_from_six_on() -> None:
    """The golden cluster case of section 2.2."""
    points = (10, -5, 20, 0, 15, -10)
    cells: dict[str | None, Vector] = {
        f"L{number}": Vector(n=10, S=S, raw=S, P=50, Q=50, SS=S * S // 10 + 1, PP=250, QQ=250)
        for number, S in enumerate(points)
    }
    one = score_method(
        "mystery_visit", cells, weight=3, min_observations=5, pool=Pool(Fraction(1, 100), 20),
        shares=[LocationShare(str(code), 1000) for code in cells],
    )  # fmt: skip
    assert one.error
    assert (one.error.by_location, one.error.df) == (True, 5)
    assert 100 * one.error.error / 5 == pytest.approx(9.661, abs=2e-3)
    assert one.interval == pytest.approx((-14.834, 34.834), abs=2e-3)
    # Six terms are in the table; the line says what they come to.
    assert lines(method_formulas(one))["S*"] == "= 0.5"


def test_readings_are_their_sums() -> None:
    row = ReadingRow("S1", "web_analytics", ReadingSums(12_000, -240, 0, 24_000))
    reading = score_reading_row(row, weight=2, min_observations=5)
    assert lines(method_formulas(reading)) == {"X": "100 · (-240) / 24000 = -1"}


@pytest.mark.parametrize(
    ("value", "shown", "after"),
    [
        (Fraction(12), "12", "= 12"),
        (Fraction(45, 4), "11.25", "= 11.25"),
        (Fraction(50, 3), "50/3", "= 50/3 ≈ 16.67"),
        (Fraction(-44, 21), "-44/21", "= -44/21 ≈ -2.1"),
        (Fraction(1_000_001, 300_007), "3.3333", "≈ 3.3333"),
        (Fraction(0), "0", "= 0"),
    ],
)
def test_numbers_stay_readable(value: Fraction, shown: str, after: str) -> None:
    assert number(value) == shown
    assert result(value) == after


def test_the_reader_s_decimal_mark() -> None:
    with translation.override("fr"):
        assert score_map(1, 3, 3) == "100 · 1 / 3 = 100/3 ≈ 33,33"
        assert decimal(Fraction(-5, 2)) == "-2,5"
    assert difference(Fraction(20), Fraction(-5, 2)) == "20 - (-2.5) = 22.5"
    assert score_map(0, 3, 3) == "0"
