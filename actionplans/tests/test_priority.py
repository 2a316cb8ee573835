"""Tiers first, the index inside a tier; worked example 1 and each row of the table."""

from fractions import Fraction

import pytest

from actionplans.priority import confidence, disappointed_per_month, prioritise
from scoring.classify import Certainty, Evidence, Flag, Label, StageScore
from scoring.numbers import index4
from scoring.scale import Target
from scoring.tests.golden_cases import example_1, reading_1
from scoring.vector import Vector


def a_stage(
    key: str,
    *,
    label: Label = Label.NEUTRAL,
    score: int = 0,
    target: int | None = 60,
    criticality: int = 1,
    flags: tuple[Flag, ...] = (),
    evidence: Evidence = Evidence.C,
    interval: tuple[float, float] | None = (-80.0, 80.0),
    missing: int = 0,
) -> StageScore:
    insufficient = label is Label.INSUFFICIENT
    return StageScore(
        stage=key,
        criticality=criticality,
        reach_bp=10_000,
        sums=Vector(n=8, nD=2, nN=5, nE=0, nU=1),
        missing=missing,
        score=Fraction(score),
        raw_score=Fraction(score),
        interval=interval,
        label=label,
        certainty=Certainty.NONE if insufficient else Certainty.TO_CONFIRM,
        evidence=Evidence.D if insufficient else evidence,
        flags=flags,
        target=None if target is None else Target(target, 100, 100, Fraction(target)),
        methods=(),
    )


def order(*stages: StageScore) -> list[str]:
    return [row.stage for row in prioritise(stages)]


def tier(stage: StageScore) -> str:
    (row,) = prioritise([stage])
    return row.tier


def test_worked_example_1() -> None:
    found = prioritise(reading_1().stages)
    expected = example_1()["priority"]
    assert [row.rank for row in found] == [row["rank"] for row in expected]
    assert [row.stage for row in found] == [row["stage"] for row in expected]
    assert [row.tier for row in found] == [str(row["tier"]) for row in expected]
    assert [str(row.confidence) for row in found] == [row["kappa"] for row in expected]
    indexes = [index4(row.index) for row in found if row.index is not None]
    assert indexes == [row["index"] for row in expected]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (a_stage("a", label=Label.INSUFFICIENT, flags=(Flag.BASICS_NOT_COVERED,)), "M"),
        (a_stage("a", label=Label.DISAPPOINTING), "1"),
        (a_stage("a", criticality=3, flags=(Flag.BASICS_NOT_COVERED,)), "1"),
        (a_stage("a", criticality=2, flags=(Flag.BASICS_NOT_COVERED,)), "2"),
        (a_stage("a", criticality=3, flags=(Flag.BASICS_UNVERIFIED,)), "M"),
        (a_stage("a"), "3"),
        (a_stage("a", label=Label.ENCHANTMENT, score=55), "4"),
        (a_stage("a", score=20, target=20), "-"),
        (a_stage("a", score=30, target=20), "-"),
        (a_stage("a", target=None), "-"),
        (a_stage("a", label=Label.DISAPPOINTING, target=None), "1"),
        (a_stage("a", label=Label.ENCHANTMENT, target=None), "4"),
    ],
)
def test_the_first_matching_row_decides(stage: StageScore, expected: str) -> None:
    assert tier(stage) == expected


def test_rank_follows_the_rows_of_the_table() -> None:
    found = order(
        a_stage("target", score=70),
        a_stage("maintain", label=Label.ENCHANTMENT),
        a_stage("create"),
        a_stage("verify", flags=(Flag.BASICS_UNVERIFIED,)),
        a_stage("cover", flags=(Flag.BASICS_NOT_COVERED,)),
        a_stage("remove", label=Label.DISAPPOINTING, target=0),
        a_stage("measure", label=Label.INSUFFICIENT),
    )
    assert found == ["measure", "remove", "cover", "verify", "create", "maintain", "target"]


def test_insufficient_stages_by_criticality_then_missing_then_order() -> None:
    stages = [
        a_stage("late", label=Label.INSUFFICIENT, criticality=2, missing=1),
        a_stage("same", label=Label.INSUFFICIENT, criticality=2, missing=1),
        a_stage("more", label=Label.INSUFFICIENT, criticality=2, missing=4),
        a_stage("less", label=Label.INSUFFICIENT, criticality=1, missing=5),
    ]
    assert order(*stages) == ["more", "late", "same", "less"]
    assert all(row.index is None and row.confidence is None for row in prioritise(stages))


def test_inside_a_tier_by_index_then_criticality_then_order() -> None:
    stages = [
        a_stage("small", score=40),
        a_stage("tie", score=30, criticality=1),
        a_stage("tie2", score=30, criticality=1),
        a_stage("heavier", score=45, criticality=2),
        a_stage("large", score=-5),
    ]
    assert order(*stages) == ["large", "heavier", "tie", "tie2", "small"]


@pytest.mark.parametrize(
    ("evidence", "interval", "expected"),
    [
        (Evidence.A, (50.0, 70.0), Fraction(1)),
        (Evidence.B, (40.0, 70.0), Fraction(4, 5)),
        (Evidence.C, (0.0, 70.0), Fraction(1, 2)),
        (Evidence.C, (-10.0, 60.0), Fraction(1, 2)),
        (Evidence.C, (-10.0, 59.9), Fraction(1)),
        (Evidence.B, (60.1, 90.0), Fraction(1)),
    ],
)
def test_confidence(evidence: Evidence, interval: tuple[float, float], expected: Fraction) -> None:
    assert confidence(a_stage("a", evidence=evidence, interval=interval)) == expected


def test_a_stage_beyond_its_target_has_index_0_and_one_without_target_has_none() -> None:
    beyond, without = prioritise([a_stage("a", score=80), a_stage("b", target=None)])
    assert beyond.index == 0
    assert (without.index, without.confidence) == (None, Fraction(1, 2))


def test_customers_disappointed_per_month_leave_the_unclassified_out() -> None:
    assert disappointed_per_month(a_stage("a"), 700) == 200
