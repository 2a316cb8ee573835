"""The missed basics by name: the worst with its own counts, the others counted."""

from __future__ import annotations

import pytest
from django.utils import translation

from scoring import wording
from scoring.basics import MissedBasic, worst_first
from scoring.classify import Flag
from scoring.tests.test_wording import stage
from scoring.vector import Vector

GREETED = MissedBasic("greeted within a minute", 4, 9)
FOUND = MissedBasic("the aisle is signed", 2, 8)
HELD = (Flag.BASICS_NOT_COVERED, Flag.ENCHANTMENT_WITHHELD)
OPEN = (Flag.BASICS_NOT_COVERED,)


@pytest.mark.parametrize(
    ("flags", "missed", "sentence"),
    [
        (
            HELD,
            (GREETED,),
            "Held back: the basic “greeted within a minute” was missed in 4 of 9 observations.",
        ),
        (
            HELD,
            (GREETED, FOUND),
            "Held back: the basic “greeted within a minute” was missed in 4 of 9 observations;"
            " 1 other basic was missed too.",
        ),
        (
            HELD,
            (GREETED, FOUND, FOUND),
            "Held back: the basic “greeted within a minute” was missed in 4 of 9 observations;"
            " 2 other basics were missed too.",
        ),
        (
            OPEN,
            (FOUND,),
            "The basic “the aisle is signed” was missed in 2 of 8 observations.",
        ),
        (
            OPEN,
            (FOUND, GREETED, GREETED),
            "The basic “the aisle is signed” was missed in 2 of 8 observations;"
            " 2 other basics were missed too.",
        ),
        # Nobody knows which: the stage's own counts, and no name.
        (HELD, (), "Held back: a basic was missed in 5 of 10 observations."),
        # Missed, but so rarely that nothing is held back: not the first thing to know.
        ((), (GREETED,), ""),
    ],
)
def test_the_worst_basic_is_named(
    flags: tuple[Flag, ...], missed: tuple[MissedBasic, ...], sentence: str
) -> None:
    assert wording.reason(stage(sums=Vector(n=10, nb=10, nb_ok=5), flags=flags), missed) == sentence


def test_a_statement_may_hold_a_percent_sign() -> None:
    row = stage(sums=Vector(n=10, nb=10, nb_ok=5), flags=OPEN)
    said = wording.reason(row, (MissedBasic("100 % of prices right", 1, 2),))
    assert said == "The basic “100 % of prices right” was missed in 1 of 2 observations."


def test_worst_first() -> None:
    rare, common = MissedBasic("rare", 1, 40), MissedBasic("common", 7, 40)
    larger_part = MissedBasic("larger part", 1, 2)
    never, passing = MissedBasic("never", 0, 40), MissedBasic("folds pass", 3, 2)
    ordered = worst_first([rare, never, common, passing, larger_part])
    assert ordered == (common, larger_part, rare)
    assert worst_first([passing, never, MissedBasic("negative", -1, 4)]) == ()


def test_other_languages_have_the_facts_too() -> None:
    row = stage(sums=Vector(n=10, nb=10, nb_ok=5), flags=HELD)
    with translation.override("fr"):
        said = wording.reason(row, (GREETED,))
    assert "greeted within a minute" in said
    assert "4" in said
    assert "9" in said
