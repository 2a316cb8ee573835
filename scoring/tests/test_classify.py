"""Labels, flags, certainty and evidence; the journey score."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.classify import (
    CellRow,
    Flag,
    JourneyReading,
    Label,
    Pool,
    StageFacts,
    score_journey,
)
from scoring.intervals import cell_interval
from scoring.journey_score import effective_criticality
from scoring.labels import Qualification, grade, qualify
from scoring.numbers import Interval
from scoring.scale import Target, Thresholds
from scoring.tests.test_consolidate import visits
from scoring.vector import Vector

SURE = Vector(n=20, nN=20, nb=20, nb_ok=20)
METHOD = "mystery_visit"


def label(
    score: int,
    interval: Interval,
    *,
    sums: Vector = SURE,
    has_basic: bool = True,
    has_exceeding: bool = True,
    other_flags: frozenset[Flag] = frozenset(),
) -> Qualification:
    return qualify(
        score=Fraction(score),
        interval=interval,
        sums=sums,
        has_basic=has_basic,
        has_exceeding=has_exceeding,
        thresholds=Thresholds(),
        other_flags=other_flags,
    )


@pytest.mark.parametrize(
    ("score", "interval", "expected"),
    [
        (-10, (-20.0, -10.0), ("disappointing", "confirmed")),
        (-10, (-20.0, -9.9), ("disappointing", "to_confirm")),
        (-9, (-9.9, 49.9), ("neutral", "confirmed")),
        (0, (-10.0, 10.0), ("neutral", "to_confirm")),
        (0, (-9.0, 50.0), ("neutral", "to_confirm")),
        (50, (50.0, 60.0), ("enchantment", "confirmed")),
        (50, (49.9, 60.0), ("enchantment", "to_confirm")),
    ],
)
def test_label_and_certainty(score: int, interval: Interval, expected: tuple[str, str]) -> None:
    found = label(score, interval)
    assert (found.label, found.certainty) == expected
    assert found.flags == ()


@pytest.mark.parametrize(
    ("nb", "nb_ok", "flags"),
    [
        (20, 18, set()),
        (20, 17, {Flag.BASICS_NOT_COVERED}),
        (10, 10, set()),
        (9, 9, {Flag.BASICS_UNVERIFIED}),
        (0, 0, {Flag.BASICS_UNVERIFIED}),
        (9, 8, {Flag.BASICS_NOT_COVERED, Flag.BASICS_UNVERIFIED}),
    ],
)
def test_basics(nb: int, nb_ok: int, flags: set[Flag]) -> None:
    sums = SURE._replace(nb=nb, nb_ok=nb_ok)
    assert set(label(0, (-5.0, 5.0), sums=sums).flags) == flags
    withheld = label(60, (55.0, 65.0), sums=sums)
    if flags:
        assert (withheld.label, withheld.certainty) == ("neutral", "to_confirm")
        assert set(withheld.flags) == flags | {Flag.ENCHANTMENT_WITHHELD}
    else:
        assert withheld.label is Label.ENCHANTMENT


def test_a_stage_that_cannot_exceed_is_not_enchantment() -> None:
    found = label(80, (75.0, 85.0), has_exceeding=False)
    assert (found.label, found.certainty) == ("neutral", "to_confirm")
    assert found.flags == (Flag.ENCHANTMENT_WITHHELD, Flag.NO_EXCEEDING_LEVER)
    assert label(20, (15.0, 25.0), has_exceeding=False).flags == ()


@pytest.mark.parametrize(("nb", "certainty"), [(8, "to_confirm"), (9, "confirmed")])
def test_confirmed_enchantment_needs_sure_basics(nb: int, certainty: str) -> None:
    """Wilson's lower end is .676 for 8 of 8 and .701 for 9 of 9."""
    sums = Vector(n=nb, nN=nb, nb=nb, nb_ok=nb)
    assert label(60, (55.0, 65.0), sums=sums).certainty == certainty


def test_a_stage_without_basics_skips_wilson() -> None:
    found = label(60, (55.0, 65.0), sums=Vector(n=5, nN=5), has_basic=False)
    assert (found.label, found.certainty, found.flags) == ("enchantment", "confirmed", ())


@pytest.mark.parametrize(
    ("counts", "polarised"),
    [((2, 4, 2, 90), True), ((2, 5, 2, 0), False), ((5, 0, 1, 0), False), ((0, 0, 0, 9), False)],
)
def test_polarised(counts: tuple[int, int, int, int], polarised: bool) -> None:
    D, N, E, U = counts
    sums = SURE._replace(n=D + N + E + U, nD=D, nN=N, nE=E, nU=U)
    found = label(0, (-5.0, 5.0), sums=sums, has_basic=False)
    assert (Flag.POLARISED in found.flags) is polarised
    assert (found.label, found.certainty) == ("neutral", "confirmed")


def test_flags_are_sorted_and_divergence_bars_confirmation() -> None:
    found = label(
        0,
        (-5.0, 5.0),
        sums=SURE._replace(nb_ok=0),
        other_flags=frozenset({Flag.METHODS_DIVERGE, Flag.EQUAL_SHARES}),
    )
    assert found.flags == (Flag.BASICS_NOT_COVERED, Flag.EQUAL_SHARES, Flag.METHODS_DIVERGE)
    assert found.certainty == "to_confirm"


@pytest.mark.parametrize(
    ("interval", "expected"),
    [((-12.0, 12.0), "A"), ((-12.1, 12.1), "B"), ((0.0, 50.0), "B"), ((0.0, 50.2), "C")],
)
def test_evidence(interval: Interval, expected: str) -> None:
    assert grade(interval) == expected


def a_fact(
    key: str, criticality: int = 1, *, touched: bool = True, tau: int | None = 50
) -> StageFacts:
    target = None if tau is None else Target(tau, 100, 100, Fraction(tau))
    return StageFacts(key, criticality, touched, 10_000, False, True, target)


def read(
    facts: list[StageFacts], *cells: tuple[str | None, str, str | None, Vector]
) -> JourneyReading:
    return score_journey(
        stages=facts,
        cells=[CellRow(*cell) for cell in cells],
        pools={METHOD: Pool(Fraction(1, 10), 20)},
        shares=[],
        method_weights={},
        thresholds=Thresholds(),
    )


def test_first_and_last_contact_matter_at_least() -> None:
    facts = [
        a_fact("silent", touched=False),
        a_fact("first"),
        a_fact("middle"),
        a_fact("last", 3),
        a_fact("after", touched=False),
    ]
    expected = {"silent": 1, "first": 2, "middle": 1, "last": 3, "after": 1}
    assert effective_criticality(facts) == expected
    assert effective_criticality([a_fact("a", touched=False)]) == {"a": 1}
    assert effective_criticality([a_fact("a")]) == {"a": 2}


def test_journey_leaves_insufficient_stages_out_and_says_so() -> None:
    reading = read(
        [a_fact("A", tau=20), a_fact("B", 3), a_fact("C", tau=None)],
        ("A", METHOD, None, visits(5, 1)),
        ("B", METHOD, None, visits(4, 9)),
        ("elsewhere", METHOD, None, visits(50, 9)),
    )
    journey = reading.journey
    assert journey.score == 10
    assert journey.target == 20
    assert journey.interval == reading.stages[0].interval
    assert journey.coverage_text == "2/7"
    assert journey.flags == (Flag.PARTIAL_JOURNEY,)


@pytest.mark.parametrize(("weak", "partial"), [(1, False), (2, True)])
def test_a_journey_is_partial_below_80_percent(weak: int, partial: bool) -> None:
    facts = [a_fact("A", 2), a_fact("weak", weak), a_fact("B", 2)]
    found = read(facts, *((key, METHOD, None, visits(5, 1)) for key in "AB")).journey
    assert (Flag.PARTIAL_JOURNEY in found.flags) is partial


def test_a_stage_without_target_leaves_the_journey_without() -> None:
    facts = [a_fact("A"), a_fact("B", tau=None)]
    found = read(facts, *((key, METHOD, None, visits(5, 1)) for key in "AB"))
    assert found.journey.target is None
    assert found.stages[1].gap is None and found.stages[1].gap_interval is None
    assert found.stages[0].gap == 40


def test_a_journey_without_data_lists_its_stages() -> None:
    found = read([a_fact("A"), a_fact("B", 3)])
    assert [(s.stage, s.n, s.label, s.missing) for s in found.stages] == [
        ("A", 0, "insufficient", 5),
        ("B", 0, "insufficient", 5),
    ]
    stage = found.stages[0]
    assert (stage.score, stage.interval, stage.gap, stage.mean_points) == (None, None, None, None)
    journey = found.journey
    assert (journey.score, journey.interval, journey.target) == (None, None, None)
    assert (journey.cumulative, journey.cumulative_interval) == (None, None)
    assert found.journey.coverage_text == "0/5"
    assert read([]).journey.flags == ()


def test_cumulative_score_counts_the_used_methods_alone() -> None:
    cells = [
        ("A", METHOD, None, visits(5, 1)),
        (None, METHOD, None, visits(5, 1)),
        ("A", "survey", None, visits(4, 9)),
        (None, "survey", None, visits(4, 9)),
    ]
    journey = read([a_fact("A")], *cells).journey
    assert journey.cumulative == 10
    assert journey.cumulative_interval == cell_interval(visits(5, 1), Fraction(1, 10))
    unused = read([a_fact("A")], *cells[2:]).journey
    assert unused.cumulative == 90
    assert unused.cumulative_interval is None


def test_cumulative_interval_needs_one_method_and_one_stratum() -> None:
    stage = ("A", METHOD, "P", visits(5, 1))
    two_strata = read(
        [a_fact("A")],
        stage,
        (None, METHOD, "P", visits(5, 1)),
        (None, METHOD, "L", visits(5, 3)),
    ).journey
    assert two_strata.cumulative == 20
    assert two_strata.cumulative_interval is None
    two_methods = read(
        [a_fact("A")],
        stage,
        ("A", "survey", "P", visits(5, 3)),
        (None, METHOD, "P", visits(5, 1)),
        (None, "survey", "P", visits(5, 3)),
    ).journey
    assert two_methods.cumulative == 20
    assert two_methods.cumulative_interval is None


def test_without_journey_rows_the_stages_add_up_but_have_no_interval() -> None:
    cells = [(key, METHOD, None, visits(5, points)) for key, points in (("A", 1), ("B", 4))]
    journey = read([a_fact("A"), a_fact("B")], *cells).journey
    assert journey.cumulative == 25
    assert journey.cumulative_interval is None


def test_gap_in_points_only_where_every_item_applied() -> None:
    target = Target(6, 10, 10, Fraction(60))
    facts = [replace(a_fact("A"), target=target)]
    found = read(facts, ("A", METHOD, None, visits(5, 1))).stages[0]
    assert found.gap == 50
    assert found.gap_points == 5
    partly = visits(5, 1) + Vector(P=-2)
    assert read(facts, ("A", METHOD, None, partly)).stages[0].gap_points is None
