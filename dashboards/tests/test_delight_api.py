"""Where delight happens: counted per interaction and location, by design or by chance (R75)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location
from observations.folding import fold_pending
from observations.models import Reading
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction

URL = "/api/v1/programmes/casa-nord/journeys/family-store/delight/"
PAGE = "/programmes/casa-nord/journeys/family-store/scores/S1/"
Ask = Callable[..., Any]
ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def ask(executive: User) -> Ask:
    def call(user: User = executive, **query: str) -> Any:
        client = APIClient()
        client.force_authenticate(user)
        answer = client.get(URL, query)
        assert answer.status_code == 200
        return answer.json()["stages"][0]

    return call


@pytest.fixture
def places(programme: Programme) -> list[str]:
    make_location(programme, "LIL1")
    return ["PAR1", "LYO1", "LIL1"]


def visit(programme: Programme, location: str | None, delights: str, **fields: Any) -> None:
    """One visit a letter: y where S1's delight happened, n where not, - where it was not seen."""
    answers = {"y": 3, "n": 0, "-": "NO"}
    for letter in delights:
        given = {**ANSWERS, "S1-d": answers[letter]}
        submit(programme, location=location, answers=given, **fields)


def delight(stage: Any) -> Any:
    """S1-p has a level of +2 as well."""
    assert [one["interaction"] for one in stage["interactions"]] == ["S1-p", "S1-d"]
    return stage["interactions"][1]


def test_often_and_everywhere(programme: Programme, places: list[str], ask: Ask) -> None:
    for code in places:
        visit(programme, code, "yyyyyyyyyn-")
    fold_pending()
    stage = ask()
    found = delight(stage)
    assert (stage["regularity"], found["regularity"], found["because"]) == (
        "designed",
        "designed",
        None,
    )
    assert (found["happened"], found["seen"], found["rate"]) == (27, 30, "9/10")
    assert found["rate_interval"] == pytest.approx([0.7438, 0.9654], abs=1e-4)
    assert (found["locations_counted"], found["locations_often"], found["spread"]) == (3, 3, "0")
    assert stage["interactions"][0]["regularity"] == "never"


def test_a_gate_that_closed_makes_no_accident_of_a_delight(
    programme: Programme, places: list[str], ask: Ask
) -> None:
    for code in places:
        for _number in range(8):
            submit(programme, location=code, answers={**ANSWERS, "S1-b": -2, "S1-d": 3})
    fold_pending()
    assert delight(ask())["regularity"] == "designed"


def test_it_depends_on_the_location(programme: Programme, places: list[str], ask: Ask) -> None:
    for code, delights in zip(places, ("yyyyyyyyyy", "nnnnnnnnnn", "nnnnnnnnny"), strict=True):
        visit(programme, code, delights)
    fold_pending()
    found = delight(ask())
    assert (found["regularity"], found["because"]) == ("by_chance", "unequal_locations")
    assert found["p_value"] < 0.001


def test_few_locations_and_few_observations(
    programme: Programme, places: list[str], ask: Ask, location_manager: User
) -> None:
    for code, delights in zip(places, ("yyyyy", "yyyyy", "yyyy-"), strict=True):
        visit(programme, code, delights)
    visit(programme, None, "nnnnn")
    fold_pending()
    found = delight(ask())
    assert (found["regularity"], found["because"]) == ("cannot_say", "few_locations")
    by_code = {
        row["location"]: (row["seen"], row["happened"], row["rate"]) for row in found["locations"]
    }
    assert by_code == {"LIL1": (4, 4, None), "LYO1": (5, 5, "1"), "PAR1": (5, 5, "1")}
    own = delight(ask(location_manager))
    assert [row["location"] for row in own["locations"]] == ["PAR1"]


def test_a_moment_of_truth_needs_more_observations(
    programme: Programme, journey: Journey, framework: Framework, places: list[str], ask: Ask
) -> None:
    Framework.objects.filter(pk=framework.pk).update(min_observations_moment_of_truth=8)
    for code, delights in zip(places, ("yyyyyyyy", "yyyyyyyy", "yyyyyyy"), strict=True):
        visit(programme, code, delights)
    fold_pending()
    assert delight(ask())["locations_counted"] == 3
    journey.stages.filter(key="S1").update(criticality=3)
    found = delight(ask())
    assert (found["locations_counted"], found["because"]) == (2, "few_locations")


def test_what_names_a_delight_only_where_it_happened_is_left_out(
    programme: Programme, framework: Framework, places: list[str], ask: Ask
) -> None:
    for code in places:
        visit(programme, code, "nnnnn")
        visit(programme, code, "yyyyy", method="verbatim")
        visit(programme, code, "yy", method="shadowing")
    Reading.objects.create(
        framework=framework,
        interaction=Interaction.objects.get(framework=framework, key="S1-d"),
        method="web_analytics",
        location=programme.locations.get(code="PAR1"),
        month="2026-10",
        counts={"3": 1000},
    )
    fold_pending()
    found = delight(ask())
    assert (found["happened"], found["seen"], found["regularity"]) == (6, 21, "by_chance")
    assert delight(ask(method="mystery_visit"))["regularity"] == "never"


def test_the_evidence_page_says_it_in_words(
    programme: Programme, places: list[str], executive: User, client_of: ClientOf
) -> None:
    for code, delights in zip(places, ("yyyyyyyyyy", "nnnnnnnnnn", "nnnnnnnnny"), strict=True):
        visit(programme, code, delights)
    fold_pending()
    answer = client_of(executive).get(PAGE)
    panel, page = answer.context["delight"], answer.content.decode()
    assert panel.word == "by chance"
    assert "It depends on the location: from 0 % at LYO1 to 100 % at PAR1." in page
    assert "Not once in 30 observations at 3 locations." in page
    rows = [(row.name, row.happened, row.seen, row.rate) for row in panel.lines[1].lines]
    assert rows == [("LIL1", 1, 10, "10"), ("LYO1", 0, 10, "0"), ("PAR1", 10, 10, "100")]


def test_queries_do_not_grow_with_locations(programme: Programme, ask: Ask) -> None:
    counts = []
    for codes in (["PAR1", "LYO1"], ["LIL1", "NCE1"]):
        for code in codes:
            programme.locations.get_or_create(code=code, defaults={"name": code})
            visit(programme, code, "yyyyy")
        fold_pending()
        with CaptureQueriesContext(connection) as asked:
            found = delight(ask())
        counts.append((len(asked), found["locations_counted"]))
    assert counts[0][0] == counts[1][0]
    assert [locations for _queries, locations in counts] == [2, 4]
