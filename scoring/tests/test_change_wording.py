"""A change in words: no decimal that the data do not carry, and never a bare verdict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from scoring.change import Guard, MethodChange, MixShift, StageChange, Withheld, judge
from scoring.change_wording import (
    change_evidence,
    method_left_out,
    range_text,
    simpson_text,
    verdict_text,
)
from scoring.classify import Evidence
from scoring.tests.test_change import example_2, example_3

NAMES = {"LYO1": "Lyon", "Lyon": "Lyon"}


def stage(change: float, low: float, high: float, guard: Guard | None = None) -> StageChange:
    figures: dict[str, Any] = {"change": Fraction(change), "interval": (low, high)}
    if guard is Guard.CONTROL:
        figures |= {"did": Fraction(change), "did_interval": (low, high)}
    if guard is Guard.BASELINE:
        figures |= {"baseline": Fraction(change), "baseline_interval": (low, high)}
    verdict = judge((low, high), witnessed=guard is not None)
    return StageChange("S", guard=guard, verdict=verdict, needed=44, **figures)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        # 26.5 [2.2, 53.0] is a trend, half-width 25.4: whole numbers.
        (
            stage(26.528, 2.202, 53.011, Guard.CONTROL),
            "Real improvement: +27, from 2 to 53, against the control locations.",
        ),
        (
            stage(9.25, 0.25, 18.25, Guard.BASELINE),
            "Real improvement: +9.2, from 0.2 to 18.2, since the second baseline.",
        ),
        (
            stage(-20, -39, -1, Guard.CONTROL),
            "Real deterioration: -20, from -39 to -1, against the control locations.",
        ),
        (
            stage(-20, -39, -1, Guard.BASELINE),
            "Real deterioration: -20, from -39 to -1, since the second baseline.",
        ),
        (stage(30, 11.2, 51.3), "Improvement observed, without control: +30, from 11 to 51."),
        (stage(-30, -51, -11), "Deterioration observed, without control: -30, from -51 to -11."),
        (stage(1, -2.5, 4), "No material change: +1.0, from -2.5 to 4.0."),
        (
            stage(1, -2.5, 4, Guard.CONTROL),
            "No material change: +1.0, from -2.5 to 4.0, against the control locations.",
        ),
        (
            stage(1, -2.5, 4, Guard.BASELINE),
            "No material change: +1.0, from -2.5 to 4.0, since the second baseline.",
        ),
        (
            stage(15, -10, 40),
            "Cannot conclude: about 44 observations a wave would be needed to see 15 points.",
        ),
        (
            stage(1, -30, 32),
            "Cannot conclude: about 44 observations a wave would be needed to see 5 points.",
        ),
    ],
)
def test_verdicts_in_words(found: StageChange, words: str) -> None:
    assert verdict_text(found, least=5) == words


def test_the_examples_in_words() -> None:
    assert verdict_text(example_3(witnessed=True), least=5) == (
        "Real improvement: +27, from 2 to 53, against the control locations."
    )
    assert verdict_text(example_2(), least=5) == (
        "Cannot conclude: about 536 observations a wave would be needed to see 10 points."
    )


def test_an_end_beyond_zero_is_never_printed_as_zero() -> None:
    assert range_text((0.3, 53)) == "from just above 0 to 53"
    assert range_text((-53, -0.3)) == "from -53 to just below 0"
    assert range_text((-0.01, 4)) == "from just below 0 to 4.0"
    assert range_text((0, 40)) == "from 0 to 40"


@pytest.mark.parametrize("reason", sorted(set(Withheld) - {Withheld.WINDOW_OPEN}))
def test_every_reason_has_its_words(reason: Withheld) -> None:
    words = verdict_text(StageChange("S", excluded_because=reason), least=7)
    assert words.startswith("Withheld: ")
    assert ("7 observations" in words) is (reason is Withheld.TOO_FEW)


@pytest.mark.parametrize(
    "reason", sorted(set(Withheld) - {Withheld.DIFFERENT_FRAMEWORK, Withheld.WINDOW_OPEN})
)
def test_every_reason_of_a_method_has_its_words(reason: Withheld) -> None:
    assert method_left_out(MethodChange("m", 1, excluded_because=reason))
    assert method_left_out(MethodChange("m", 1)) == ""


def test_an_open_window_says_when_it_closes() -> None:
    found = replace(stage(30, 11.2, 51.3), verdict=None, excluded_because=Withheld.WINDOW_OPEN)
    assert verdict_text(found, least=5, closes="November 2026") == (
        "The window is open until the end of November 2026: no verdict before."
    )
    assert verdict_text(found, least=5) == "The window has no end: no verdict."


def test_whose_share_moved_is_named() -> None:
    words = simpson_text(example_2(), NAMES, {"mystery": "Mystery visit"})
    assert words == (
        "Without shares the change would read -12; like for like it is +10. What moved is the mix:"
        " Lyon made 20 % of the observations before and 80 % after (Mystery visit)."
    )
    assert simpson_text(example_3(witnessed=True), NAMES, {}) == ""


def test_a_share_without_a_location_and_no_share_at_all() -> None:
    facts: dict[str, Any] = {"simpson": True, "crude": Fraction(-20), "change": Fraction(10)}
    shift = MixShift("m", None, Fraction(1, 3), Fraction(0))
    assert "observations without a location made 33 %" in simpson_text(
        StageChange("S", shift=shift, interval=(0, 20), **facts), NAMES, {}
    )
    alone = simpson_text(StageChange("S", interval=(0, 60), **facts), NAMES, {})
    assert alone == "Without shares the change would read -20; like for like it is +10."


def test_evidence_is_that_of_the_interval() -> None:
    grades = [change_evidence(one) for one in (None, (-12, 12), (-25, 25), (-26, 26))]
    assert grades == [Evidence.D, Evidence.A, Evidence.B, Evidence.C]


def test_words_of_another_language_keep_their_own_decimal_mark() -> None:
    with translation.override("fr"):
        assert "4,0" in verdict_text(stage(1, -2.5, 4), least=5)
