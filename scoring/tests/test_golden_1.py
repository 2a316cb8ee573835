"""Worked example 1: every number of the golden file, and the example of the scores endpoint."""

from fractions import Fraction
from typing import Any

import pytest

from scoring.classify import Evidence, JourneyReading, StageFacts
from scoring.intervals import (
    cell_df,
    cell_interval,
    half_range,
    moderated_variance,
    sse,
    t_quantile,
    wilson,
)
from scoring.labels import qualify
from scoring.numbers import decimal6, exact, interval3, x
from scoring.scale import NO, Answer, StageSums, Thresholds
from scoring.tests.golden_cases import (
    FLOAT,
    answers_1,
    cells_1,
    example_1,
    facts_1,
    items_1,
    pool_1,
    reading_1,
    sums_1,
)
from scoring.vector import VECTOR_FIELDS, Vector

STAGES = ["S1", "S2", "S3"]
CELLS = [*STAGES, "*"]


@pytest.fixture(scope="module")
def reading() -> JourneyReading:
    return reading_1()


def cell(key: str) -> Vector:
    return cells_1()[None if key == "*" else key]


def row_of(observation: str, stage: str | None) -> StageSums:
    rows = [r for r in sums_1(answers_1(observation)) if r.channel is None and r.stage == stage]
    assert len(rows) == 1
    return rows[0]


def coverage(observation: str, stage: str) -> str:
    """All weights of the example are 1, so that coverage counts answers."""
    answers = [answers_1(observation)[item.key] for item in items_1() if item.stage == stage]
    answered = sum(isinstance(answer, int) for answer in answers)
    return f"{answered}/{answered + answers.count(NO)}"


def test_the_rows_are_exactly_those_of_the_example() -> None:
    expected = {(row[0], row[1]) for row in example_1()["expected_rows"]}
    found = {
        (name, row.stage)
        for name in example_1()["observations"]
        for row in sums_1(answers_1(name))
        if row.stage is not None
    }
    assert found == expected


@pytest.mark.parametrize("row", example_1()["expected_rows"], ids=lambda row: f"{row[0]}-{row[1]}")
def test_one_customer_in_one_stage(row: list[Any]) -> None:
    name, stage, raw, gated, P, Q, x_raw, x_gated, basics_ok, customer_class, covered = row
    sums = row_of(name, stage)
    assert (sums.raw, sums.S, sums.P, sums.Q) == (raw, gated, P, Q)
    assert float(x(sums.raw, P, Q)) == pytest.approx(x_raw, abs=5e-3)
    assert float(x(sums.S, P, Q)) == pytest.approx(x_gated, abs=5e-3)
    assert (sums.basics_ok, sums.customer_class) == (basics_ok, customer_class)
    assert coverage(name, stage) == covered


@pytest.mark.parametrize("row", example_1()["expected_journey"], ids=lambda row: str(row[0]))
def test_one_customer_through_the_journey(row: list[Any]) -> None:
    name, raw, gated, P, Q, score, customer_class = row
    sums = row_of(name, None)
    assert (sums.raw, sums.S, sums.P, sums.Q) == (raw, gated, P, Q)
    assert float(x(sums.S, P, Q)) == pytest.approx(score, abs=5e-3)
    assert sums.customer_class == customer_class


def test_the_vector_has_the_order_of_the_example() -> None:
    assert list(VECTOR_FIELDS) == example_1()["vector_order"]


@pytest.mark.parametrize("key", CELLS)
def test_cells(key: str) -> None:
    assert list(cell(key).astuple()) == example_1()["expected_cells"][key]


def test_pooled_variance() -> None:
    assert exact(pool_1().v0) == example_1()["v0"]
    assert pool_1().df == example_1()["v0_df"]


@pytest.mark.parametrize("key", CELLS)
def test_statistics_of_a_cell(key: str) -> None:
    vector, expected = cell(key), example_1()["expected_stats"][key]
    assert exact(x(vector.S, vector.P, vector.Q)) == expected["X"]
    assert exact(x(vector.raw, vector.P, vector.Q)) == expected["X_raw"]
    assert exact(Fraction(vector.S, vector.n)) == expected["mean_points"]
    assert exact(sse(vector)) == expected["SSE"]
    s2 = moderated_variance(vector, pool_1().v0)
    assert float(s2) == pytest.approx(expected["s2_mod"], abs=5e-6)
    assert cell_df(vector) == expected["df"]
    assert t_quantile(expected["df"]) == pytest.approx(expected["t"], abs=5e-6)
    assert cell_interval(vector, pool_1().v0) == pytest.approx(expected["ci"], abs=FLOAT)


def test_half_range_of_s1() -> None:
    assert half_range(cell("S1")) == 4


@pytest.mark.parametrize("key", CELLS)
def test_basics_and_qualification_of_a_cell(key: str) -> None:
    vector, expected = cell(key), example_1()["expected_stats"][key]
    covered, seen, low, high = expected["basics"]
    assert (vector.nb_ok, vector.nb) == (covered, seen)
    assert wilson(covered, seen) == pytest.approx((low, high), abs=5e-5)
    qualification = qualify(
        score=x(vector.S, vector.P, vector.Q),
        interval=cell_interval(vector, pool_1().v0),
        sums=vector,
        has_basic=True,
        has_exceeding=key != "S3",
        thresholds=Thresholds(),
    )
    assert qualification.label.upper() == expected["label"]
    assert qualification.certainty.upper() == expected["certainty"]
    assert [flag.upper() for flag in qualification.flags] == expected["flags"]


@pytest.mark.parametrize("number", range(3))
def test_stage_scores(reading: JourneyReading, number: int) -> None:
    stage, case = reading.stages[number], example_1()
    expected = case["expected_stats"][stage.stage]
    assert stage.stage == case["stages"][number]["key"]
    assert stage.criticality == case["stages"][number]["c"]
    assert stage.score is not None and exact(stage.score) == expected["X"]
    assert stage.raw_score is not None and exact(stage.raw_score) == expected["X_raw"]
    assert stage.interval == pytest.approx(expected["ci"], abs=FLOAT)
    assert stage.label.upper() == expected["label"]
    assert stage.certainty.upper() == expected["certainty"]
    assert [flag.upper() for flag in stage.flags] == expected["flags"]
    assert stage.target is not None and exact(stage.target.score) == case["target_X"][stage.stage]
    assert stage.gap is not None and exact(stage.gap) == case["gap"][stage.stage]


def test_journey_score(reading: JourneyReading) -> None:
    expected, journey = example_1()["journey"], reading.journey
    assert journey.score is not None and exact(journey.score) == expected["J"]
    assert journey.interval == pytest.approx(expected["ci"], abs=FLOAT)
    assert journey.cumulative is not None
    assert exact(journey.cumulative) == expected["cumulative_X"]
    assert journey.coverage_text == expected["coverage"]
    assert journey.target is not None and exact(journey.target) == "220/7"
    assert journey.cumulative_interval == pytest.approx((-49.127, 61.071), abs=FLOAT)
    assert journey.flags == ()


def test_stage_s1_as_the_endpoint_prints_it(reading: JourneyReading) -> None:
    s1 = reading.stages[0]
    assert (s1.n, s1.sums.S, s1.sums.raw, s1.sums.P, s1.sums.Q) == (6, 4, 7, 24, 24)
    assert s1.score is not None and decimal6(s1.score) == "16.666667"
    assert s1.raw_score is not None and decimal6(s1.raw_score) == "29.166667"
    assert s1.mean_points == Fraction(2, 3)
    assert s1.interval is not None and interval3(s1.interval) == [-42.427, 75.760]
    assert s1.evidence is Evidence.C
    assert (s1.sums.nb, s1.sums.nb_ok) == (6, 5)
    assert (s1.sums.nD, s1.sums.nN, s1.sums.nE, s1.sums.nU) == (2, 3, 1, 0)
    assert s1.gap is not None and decimal6(s1.gap) == "3.333333"
    assert s1.gap_interval is not None and interval3(s1.gap_interval) == [-55.760, 62.427]
    assert s1.missing == 0


def test_the_method_of_s1_as_the_endpoint_prints_it(reading: JourneyReading) -> None:
    (method,) = reading.stages[0].methods
    assert (method.method, method.n, method.weight) == ("mystery_visit", 6, 3)
    assert exact(method.score) == exact(method.crude) == "50/3"
    assert method.interval is not None and interval3(method.interval) == [-42.427, 75.760]
    assert (method.used, method.excluded_because, method.aggregated) == (True, None, False)
    assert method.share_coverage is not None and exact(method.share_coverage) == "1"
    (stratum,) = method.strata
    assert (stratum.location, stratum.share_bp) == ("PAR1", 10_000)
    assert (stratum.n, stratum.S, stratum.P, stratum.Q) == (6, 4, 24, 24)


def test_journey_intervals_as_the_endpoint_prints_them(reading: JourneyReading) -> None:
    journey = reading.journey
    assert journey.interval is not None and interval3(journey.interval) == [-35.196, 45.421]
    assert journey.cumulative_interval is not None
    assert interval3(journey.cumulative_interval) == [-49.127, 61.071]


def s2_cell(*answers: dict[str, Answer]) -> Vector:
    rows = [row for each in answers for row in sums_1(each)]
    return Vector.total(
        Vector.from_sums(row) for row in rows if row.stage == "S2" and row.channel is None
    )


def test_s2_cell_maintained_by_retracting_and_adding() -> None:
    expected = dict(example_1()["incremental_S2_cell"])
    names = list(example_1()["observations"])
    running = s2_cell(*(answers_1(name) for name in names))
    assert list(running.astuple()) == expected["6 inserts"]
    running = running - s2_cell(answers_1("O2")) + s2_cell(answers_1("O2", i21=0))
    assert list(running.astuple()) == expected["O2.i21: -3 -> 0"]
    running -= s2_cell(answers_1("O5"))
    assert list(running.astuple()) == expected["O5 deleted"]
    assert list(running.astuple()) == expected["O1 received twice (no-op)"]
    running += s2_cell(answers_1("O4"))
    assert list(running.astuple()) == expected["O7 late = answers of O4"]


@pytest.mark.parametrize(
    ("becomes", "key"), [(-1, "i21_minus3_becomes_minus1"), (0, "i21_always_0")]
)
def test_what_if_the_product_were_available(becomes: int, key: str) -> None:
    changed = []
    for name in example_1()["observations"]:
        answers = answers_1(name)
        worst = answers["i21"]
        assert isinstance(worst, int)
        changed.append(answers | {"i21": becomes if worst == -3 else worst})
    cell = s2_cell(*changed)
    assert exact(x(cell.S, cell.P, cell.Q)) == example_1()["what_if_S2"][key]


def test_facts_follow_from_the_items() -> None:
    facts: list[StageFacts] = facts_1()
    assert [(fact.has_basic, fact.has_exceeding) for fact in facts] == [
        (True, True),
        (True, True),
        (True, False),
    ]
