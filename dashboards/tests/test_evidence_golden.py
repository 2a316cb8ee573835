"""Golden example 1 explained on its pages: sums, formulas and sentences, as section 9 works them out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from journeys.tests.factories import make_user
from observations.folding import fold_pending

EXAMPLE = Path(__file__).parents[2] / "cxplan" / "tests" / "data" / "ex1.bundle.json"
JOURNEY = "/programmes/golden-1/journeys/diy-store/scores/"
ClientOf = Callable[[User], Client]


@pytest.fixture
def reader(db: None, client_of: ClientOf) -> Client:
    call_command("load_programme", str(EXAMPLE))
    fold_pending()
    return client_of(make_user("Sue", is_superuser=True))


def lines(explanation: Any) -> dict[str, str]:
    return {line.symbol: line.text for line in explanation.formulas}


def test_the_score_of_a_stage(reader: Client) -> None:
    context = reader.get(JOURNEY + "S1/").context
    assert lines(context["explained_score"]) == {"X": "100 · 4 / 24 = 50/3 ≈ 16.67"}
    [method] = context["methods"]
    assert "se = 0.9996, 7 degrees of freedom, t = 2.365" in method.rule
    assert {line.symbol: line.text for line in method.formulas} == {
        "X": "100 · 4 / 24 = 50/3 ≈ 16.67",
        "S* ∓ t · se": "0.667 ∓ 2.365 · 0.9996 → [-1.697, 3.03]",
        "95 %": "P* = 4, Q* = 4 → [-42.43, 75.76]",
    }


def test_target_gap_and_priority(reader: Client) -> None:
    context = reader.get(JOURNEY + "S1/").context
    assert lines(context["explained_target"]) == {"τ": "100 · 1 / 5 = 20"}
    assert lines(context["explained_gap"]) == {
        "τ - X": "20 - 50/3 = 10/3 ≈ 3.33",
        "95 %": "[-55.76, 62.43]",
    }
    priority = context["explained_priority"]
    assert lines(priority) == {"I": "100 · 2/3 · 1 · (10/3)/100 · 0.5 = 10/9 ≈ 1.11"}
    assert "(a wide interval)" in priority.words


def test_the_points_that_the_gate_took(reader: Client) -> None:
    answer = reader.get(JOURNEY + "S1/")
    assert answer.context["held_back_points"] == (
        "3 points of “Recognised as a returning customer” were not acquired, because the basic"
        " “Greeted within a minute of entering” was missed in the same observations."
    )
    missed = "The basic “Greeted within a minute of entering” was missed in 1 of 6 observations."
    assert answer.context["gap"].reasons[0] == missed
    assert missed in answer.content.decode()


def test_what_cost_most(reader: Client) -> None:
    context = reader.get(JOURNEY + "S2/").context
    first = context["cost"][0]
    assert (first.statement, first.points) == ("The product is available", -6)
    assert first.facts == ("“Missing, no alternative” in 2 of 6",)
    earned = sum(cause.points for cause in context["earned"])
    lost = sum(cause.points for cause in context["cost"])
    assert earned + lost == context["gap"].score.sums.raw == 2


def test_the_journey(reader: Client) -> None:
    explained = reader.get(JOURNEY).context["explained"]
    assert lines(explained.score) == {"J": "(2 · (50/3) + 3 · 0 + 2 · (-24)) / 7 = -44/21 ≈ -2.1"}
    assert [line.text.rpartition(" ")[2] for line in explained.score.interval] == ["-35.2", "45.42"]
    assert lines(explained.target)["τ"].endswith("= 220/7 ≈ 31.43")
    assert lines(explained.cumulative) == {"x": "100 · (-2) / 79 = -200/79 ≈ -2.53"}
    assert explained.coverage == "7 of 7"
    assert [(one.gap.score.criticality, one.why) for one in explained.stages] == [
        (2, "first contact: at least 2"),
        (3, "moment of truth"),
        (2, "last contact: at least 2"),
    ]
