"""A figure in words: decimals by evidence, one rounding, and why a stage is what it is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from scoring import wording
from scoring.classify import Certainty, Evidence, Flag, Label, MethodScore, StageScore
from scoring.consolidate import score_method
from scoring.intervals import DEFAULT_POOL
from scoring.vector import Vector


def stage(**changes: Any) -> StageScore:
    facts: dict[str, Any] = {
        "stage": "S1",
        "criticality": 1,
        "reach_bp": 10_000,
        "sums": Vector(n=9, nb=9, nb_ok=9),
        "missing": 0,
        "score": Fraction(50, 3),
        "raw_score": Fraction(50, 3),
        "interval": (1.0, 30.0),
        "label": Label.NEUTRAL,
        "certainty": Certainty.CONFIRMED,
        "evidence": Evidence.B,
        "flags": (),
        "target": None,
        "methods": (),
    }
    return StageScore(**(facts | changes))


def by_method(n: int, weight: int = 1) -> MethodScore:
    return score_method(
        f"method-{n}",
        {None: Vector(n=n)},
        weight=weight,
        min_observations=5,
        pool=DEFAULT_POOL,
        shares=[],
    )


@pytest.mark.parametrize(
    ("value", "evidence", "shown"),
    [
        (Fraction(50, 3), Evidence.A, "+16.7"),
        (Fraction(50, 3), Evidence.B, "+17"),
        (Fraction(50, 3), Evidence.C, "+17"),
        (Fraction(50, 3), Evidence.D, "\N{EN DASH}"),
        (None, Evidence.A, "\N{EN DASH}"),
        (Fraction(12), Evidence.A, "+12.0"),
        (Fraction(-24), Evidence.B, "-24"),
        (Fraction(-1, 100), Evidence.A, "0.0"),
        (Fraction(0), Evidence.C, "0"),
        (Fraction(5, 2), Evidence.B, "+2"),  # half to even
        (Fraction(7, 2), Evidence.B, "+4"),
        (Fraction(1249, 100), Evidence.B, "+12"),  # once: 12.49 is not 12.5 first
    ],
)
def test_decimals_follow_the_evidence(
    value: Fraction | None, evidence: Evidence, shown: str
) -> None:
    assert wording.score_text(value, evidence) == shown


def test_gaps_and_intervals_have_the_decimals_of_their_score() -> None:
    assert wording.gap_text(Fraction(10, 3), Evidence.A) == "3.3"
    assert wording.gap_text(Fraction(-13, 2), Evidence.B) == "-6"
    assert wording.interval_text((-42.427, 75.76), Evidence.A) == "[-42.4, 75.8]"
    assert wording.interval_text((-42.427, 75.76), Evidence.C) == "[-42, 76]"
    assert wording.interval_text((-42.427, 75.76), Evidence.D) == ""


def test_too_few_shows_no_score_and_says_what_is_missing() -> None:
    few = stage(
        label=Label.INSUFFICIENT, evidence=Evidence.D, missing=2, sums=Vector(n=3), flags=()
    )
    assert wording.stage_score_text(few) == "\N{EN DASH}"
    assert wording.n_text(few) == "n = 3, 2 more needed"
    assert wording.reason(few) == "Not enough data: n = 3, 2 more needed."
    by_two = replace(few, missing=1, sums=Vector(n=6), methods=(by_method(4), by_method(2)))
    assert wording.n_text(by_two) == "n = 6, but no method has 5"
    weightless_too = replace(by_two, sums=Vector(n=9), methods=(by_method(4), by_method(5, 0)))
    assert wording.n_text(weightless_too) == "n = 9, 1 more needed"
    none = stage(label=Label.INSUFFICIENT, evidence=Evidence.D, missing=5, sums=Vector())
    assert wording.reason(none) == "Not observed yet."
    weightless = stage(label=Label.INSUFFICIENT, evidence=Evidence.D, missing=0)
    assert "no weight" in wording.reason(weightless)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"flags": (Flag.BASICS_NOT_COVERED, Flag.ENCHANTMENT_WITHHELD)},
            "Held back: a basic was missed in 4 of 9 observations.",
        ),
        ({"flags": (Flag.BASICS_NOT_COVERED,)}, "A basic was missed in 4 of 9 observations."),
        (
            {"flags": (Flag.BASICS_UNVERIFIED, Flag.ENCHANTMENT_WITHHELD)},
            "Held back: basics were seen in only 9 of 20 observations.",
        ),
        ({"flags": (Flag.BASICS_UNVERIFIED,)}, "Basics were seen in only 9 of 20 observations."),
        (
            {"flags": (Flag.ENCHANTMENT_WITHHELD, Flag.NO_EXCEEDING_LEVER)},
            "Held back: nothing in this stage can exceed expectations.",
        ),
        ({"label": Label.DISAPPOINTING}, "6 of 10 customers were disappointed."),
        ({"flags": (Flag.POLARISED,)}, "Opinions are split: 6 disappointed, 3 enchanted."),
        ({"flags": (Flag.METHODS_DIVERGE,)}, "The methods do not agree."),
        ({"certainty": Certainty.TO_CONFIRM}, "To confirm: the data also allow another class."),
        ({}, ""),
    ],
)
def test_reasons_in_plain_words(changes: dict[str, Any], sentence: str) -> None:
    sums = Vector(n=20, nb=9, nb_ok=5, nD=6, nN=1, nE=3)
    assert wording.reason(stage(sums=sums, **changes)) == sentence


def test_counts_are_in_groups_from_five_figures_on() -> None:
    counts = (0, 1340, 13_400, 1_000_000)
    assert [wording.count_text(n) for n in counts] == ["0", "1340", "13,400", "1,000,000"]
    with override("fr"):
        assert wording.count_text(13_400) == "13\u00a0400"
        many = replace(stage(), sums=Vector(n=13_400))
        assert wording.n_text(many) == "n\u00a0=\u00a013\u00a0400"
