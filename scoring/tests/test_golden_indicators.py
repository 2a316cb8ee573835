"""Golden example 3: each number of its indicators."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from scoring.indicators import (
    Direction,
    Figure,
    Kind,
    Sums,
    Trend,
    Unit,
    compare,
    count_answers,
    figure,
    garwood,
    sums_of,
    variance,
)
from scoring.intervals import t_quantile
from scoring.tests.golden_cases import FLOAT, golden

CASE = golden("ex3_remeasure_and_indicators.json")


def read(kind: Kind, counts: dict[str, int], days: int = 0) -> Figure:
    return figure(kind, sums_of(kind, counts), days)


def answered(counts: dict[str, int]) -> dict[int, int]:
    return {int(answer): n for answer, n in counts.items()}


def close(interval: tuple[float, float] | None, expected: list[float]) -> bool:
    return interval is not None and list(interval) == pytest.approx(expected, abs=FLOAT)


@pytest.mark.parametrize("name", ["nps", "nps_all_promoters"])
def test_nps(name: str) -> None:
    case = CASE[name]
    found = read(Kind.NPS, {key: case[key] for key in ("promoters", "passives", "detractors")})
    assert (found.value, found.unit) == (Fraction(case["nps"]), Unit.POINTS)
    assert found.n == case.get("n", 10)
    assert close(found.interval, case["ci"])


def test_nps_centre_and_error_of_the_adjusted_interval() -> None:
    case = CASE["nps"]
    found = read(Kind.NPS, {key: case[key] for key in ("promoters", "passives", "detractors")})
    assert found.interval is not None
    low, high = found.interval
    assert (low + high) / 2 == pytest.approx(case["adj_wald_center"], abs=FLOAT)
    assert (high - low) / 2 / 1.959964 == pytest.approx(case["adj_wald_se"], abs=FLOAT)
    assert not close(found.interval, case["wald_ci_for_comparison"])


def test_csat_is_the_top_two_boxes() -> None:
    case = CASE["csat"]
    counts = count_answers(Kind.CSAT, answered(case["counts"]))
    assert counts == {"satisfied": case["k"], "answers": case["n"]}
    found = read(Kind.CSAT, counts)
    assert found.value == Fraction(case["csat"])
    assert close(found.interval, case["wilson"])


def test_ces_2_is_a_share_with_the_mean_beside() -> None:
    case = CASE["ces2"]
    counts = count_answers(Kind.CES2, answered(case["counts"]))
    found = read(Kind.CES2, counts)
    assert (found.n, found.value) == (case["n"], Fraction(case["top3"]))
    assert close(found.interval, case["top3_wilson"])
    mean = found.beside
    assert mean is not None and mean.interval is not None
    assert mean.value == Fraction(case["mean"])
    assert variance(sums_of(Kind.CES2, counts)) == Fraction(case["s2"])
    half = (mean.interval[1] - mean.interval[0]) / 2
    assert half == pytest.approx(case["mean_half_width"], abs=5e-5)


def test_ces_1_is_a_mean_and_lower_is_better() -> None:
    case = CASE["ces1"]
    counts = count_answers(Kind.CES1, answered(case["counts"]))
    found = read(Kind.CES1, counts)
    assert (found.n, found.value, found.unit) == (case["n"], Fraction(case["mean"]), Unit.MEAN)
    assert case["direction"] == "lower is better"
    many = {name: 50 * count for name, count in counts.items()}
    harder = read(Kind.CES1, many | {"a5": 1000})
    assert compare(Kind.CES1, read(Kind.CES1, many), harder, Direction.LOWER).trend is Trend.WORSE


def test_retention_is_on_customers_at_the_start() -> None:
    case = CASE["retention"]
    counts = {key: case[key] for key in ("start", "end", "new")}
    assert sums_of(Kind.RETENTION, counts).hits == case["kept"]
    found = read(Kind.RETENTION, counts)
    assert (found.n, found.value) == (case["start"], Fraction(case["crr"]))
    assert close(found.interval, case["wilson"])


def test_recruitment_speed_and_share_of_new() -> None:
    speed, share = CASE["recruitment_speed"], CASE["new_share"]
    found = read(Kind.RECRUITMENT, {"new": speed["new"], "end": share["n"]}, speed["days"])
    assert (found.n, found.value) == (speed["new"], Fraction(speed["per_30_days"]))
    assert close(found.interval, speed["poisson_ci"])
    assert found.beside is not None
    assert (found.beside.n, found.beside.value) == (share["n"], Fraction(share["value"]))
    assert close(found.beside.interval, share["wilson"])


def test_average_basket_in_cents() -> None:
    case = CASE["basket_cents"]
    counts = count_answers(Kind.BASKET, dict.fromkeys(case["values"], 1))
    assert counts == {
        "transactions": case["n"],
        "revenue": case["sum"],
        "squares": case["sumsq"],
    }
    sums = sums_of(Kind.BASKET, counts)
    found = figure(Kind.BASKET, sums)
    assert (found.value, found.unit) == (Fraction(case["mean"]), Unit.CENTS)
    assert variance(sums) == Fraction(case["s2"])
    assert found.interval is not None
    assert (found.interval[1] - found.interval[0]) / 2 == pytest.approx(
        case["half_width"], abs=5e-3
    )
    half = t_quantile(7) * sqrt(variance(sums) / 8)
    assert half == pytest.approx(case["half_width"], abs=5e-3)


def test_totals_alone_give_no_interval() -> None:
    case = CASE["basket_cents"]
    found = read(Kind.BASKET, {"transactions": case["n"], "revenue": case["sum"]})
    assert (found.value, found.interval) == (Fraction(case["mean"]), None)
    known = sums_of(Kind.BASKET, {"transactions": 9, "revenue": 900, "squares": 90_000})
    mixed = known + Sums(n=1, total=100, unsquared=1)
    assert figure(Kind.BASKET, mixed).interval is None


def test_garwood_of_nothing() -> None:
    low, high = garwood(0)
    assert low == 0
    assert high == pytest.approx(3.689, abs=1e-3)
