"""An action's effect on past answers (3.6): golden example 1, the gate, and what can't be replayed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.numbers import x
from scoring.replay import (
    Effect,
    Pattern,
    StageReplay,
    Tally,
    counts_with_effects,
    improved,
    unknown_effects,
    with_effects,
)
from scoring.scale import Answer, Thresholds
from scoring.tests.golden_cases import METHOD, answers_1, cells_1, example_1, items_1
from scoring.vector import Vector

WHAT_IF = example_1()["what_if_S2"]
MENDED = Effect("i21", -3, -1)
ALWAYS = Effect("i21", None, 0)
OTHER_BASIC = replace(
    next(item for item in items_1() if item.key == "i21"), key="other", points=(-2, 0)
)


def replay(*wanted: Effect, channel: str | None = None) -> StageReplay:
    """S2 of golden example 1 under each of the effects by itself."""
    done = StageReplay(
        items_1(),
        stage="S2",
        thresholds=Thresholds(),
        wanted=[(one,) for one in wanted],
        channel=channel,
    )
    for name in example_1()["observations"]:
        done.add(Pattern(METHOD, "PAR1", answers_1(name), 1))
    return done


def score(vector: Vector) -> Fraction:
    return x(vector.S, vector.P, vector.Q)


def test_golden_what_if() -> None:
    done = replay(MENDED, ALWAYS)
    [before], [mended], [always] = done.before(), done.after(0), done.after(1)
    assert before.vector == cells_1()["S2"]
    assert (before.stage, before.method, before.location) == ("S2", METHOD, "PAR1")
    assert score(before.vector) == 0
    assert score(mended.vector) == Fraction(WHAT_IF["i21_minus3_becomes_minus1"])
    assert score(always.vector) == Fraction(WHAT_IF["i21_always_0"])
    assert done.tallies(0) == {METHOD: Tally(n=6, changed=2, released=0)}
    assert done.tallies(1) == {METHOD: Tally(n=6, changed=2, released=2)}


def test_a_basic_that_is_mended_releases_the_delight_it_had_cancelled() -> None:
    [before], [mended], [always] = _rows(replay(MENDED, ALWAYS))
    assert before.raw - before.S == 2
    assert mended.raw - mended.S == 2
    assert always.raw - always.S == 0
    # Of the 8 points gained, 6 are the basic's own.
    assert (always.S - before.S, always.raw - before.raw) == (8, 6)


def _rows(done: StageReplay) -> list[list[Vector]]:
    return [[row.vector for row in rows] for rows in (done.before(), done.after(0), done.after(1))]


def test_a_pattern_counts_as_often_as_it_was_given() -> None:
    once, thrice = (
        replay(ALWAYS),
        StageReplay(items_1(), stage="S2", thresholds=Thresholds(), wanted=[(ALWAYS,)]),
    )
    for name in example_1()["observations"]:
        thrice.add(Pattern(METHOD, "PAR1", answers_1(name), 3))
    assert thrice.tallies(0) == {METHOD: Tally(n=18, changed=6, released=6)}
    [one], [three] = once.after(0), thrice.after(0)
    assert three.vector == one.vector + one.vector + one.vector


def test_methods_and_locations_stay_apart_and_a_stage_not_seen_is_left_out() -> None:
    done = StageReplay(items_1(), stage="S2", thresholds=Thresholds(), wanted=[(ALWAYS,)])
    done.add(Pattern(METHOD, "PAR1", {"i21": -3}, 1))
    done.add(Pattern(METHOD, None, {"i21": 0}, 2))
    done.add(Pattern("verbatim", "PAR1", {"i21": "NO"}, 5))
    assert {(row.method, row.location): row.vector.n for row in done.after(0)} == {
        (METHOD, "PAR1"): 1,
        (METHOD, None): 2,
    }
    assert done.tallies(0) == {METHOD: Tally(n=3, changed=1)}


GATED: dict[str, Answer] = {"i21": -3, "i22": 1, "i23": 2}


@pytest.mark.parametrize(
    ("answers", "effects", "released"),
    [
        # A delight that begins to happen behind a closed gate takes nothing from what is released.
        (GATED | {"i23": 0}, [Effect("i23", 0, 2)], 0),
        (GATED, [Effect("i21", -3, -1)], 0),
        (GATED, [ALWAYS], 2),
        # What the effect itself adds behind the opened gate is not released, it is new.
        (GATED | {"i23": 0}, [ALWAYS, Effect("i23", 0, 2)], 0),
        (GATED | {"i21": 0}, [ALWAYS], 0),
    ],
)
def test_released_is_what_was_held_back_and_no_longer_is(
    answers: dict[str, Answer], effects: list[Effect], released: int
) -> None:
    done = StageReplay(items_1(), stage="S2", thresholds=Thresholds(), wanted=[effects])
    done.add(Pattern(METHOD, "PAR1", answers, 4))
    assert done.tallies(0)[METHOD].released == 4 * released


def test_what_one_pattern_releases_is_not_set_against_another() -> None:
    effects = [ALWAYS, Effect("i23", 0, 2)]
    done = StageReplay(
        [*items_1(), OTHER_BASIC], stage="S2", thresholds=Thresholds(), wanted=[effects]
    )
    done.add(Pattern(METHOD, "PAR1", GATED, 1))
    done.add(Pattern(METHOD, "PAR1", {"other": -2, "i23": 0}, 5))
    assert done.tallies(0)[METHOD].released == 2


def test_a_channel_is_gated_by_the_whole_stage() -> None:
    whole, facet = replay(ALWAYS), replay(ALWAYS, channel="store")
    [one], [other] = whole.after(0), facet.after(0)
    assert (one.vector.S, one.vector.P) == (other.vector.S, other.vector.P)
    assert replay(ALWAYS, channel="web").after(0) == []


@pytest.mark.parametrize(("points", "expected"), [(-3, -1), (-2, 0), (-1, 0), (0, 0), (2, 2)])
def test_the_effect_that_names_the_level_comes_first_and_none_leads_on(
    points: int, expected: int
) -> None:
    effects = [Effect("i", None, 0), Effect("i", -3, -1), Effect("j", None, 3)]
    assert improved("i", points, effects) == expected
    assert improved("i", points, effects[::-1]) == expected


def test_what_was_not_seen_stays_unseen() -> None:
    answers: dict[str, Answer] = {"i21": "NA", "i22": "NO", "i23": 0}
    effects = [Effect("i21", None, 0), Effect("i22", None, 3), Effect("i23", 0, 2)]
    assert with_effects(answers, effects) == {"i21": "NA", "i22": "NO", "i23": 2}


def test_counts_of_readings_move_to_the_better_level() -> None:
    counts = {"i21": {-3: 5, -1: 2, 0: 10}, "i22": {0: 4}}
    assert counts_with_effects(counts, [MENDED]) == {"i21": {-1: 7, 0: 10}, "i22": {0: 4}}
    assert counts_with_effects(counts, []) == counts


@pytest.mark.parametrize(
    ("effect", "is_unknown"),
    [
        (MENDED, False),
        (ALWAYS, False),
        (Effect("i21", -2, 0), True),
        (Effect("i21", None, 1), True),
        (Effect("gone", None, 0), True),
    ],
)
def test_unknown_effects(effect: Effect, is_unknown: bool) -> None:
    assert unknown_effects(items_1(), [effect]) == ((effect,) if is_unknown else ())
