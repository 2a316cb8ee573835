"""A score on the page of changes and the page it leads to are the same number, or there is no link."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from dashboards.change_rows import Reading
from dashboards.tests.change_cells import make_waves, put, put_example_2
from journeys.models import Programme
from journeys.tests.factories import make_location, make_wave
from scoring.models import Framework
from scoring.tests.test_golden_2 import visits, windows_3

URL = "/programmes/casa-nord/journeys/family-store/changes/?before=W1&after=W2"
LOW, HIGH = visits(8, -20, 60), visits(8, 40, 220)


@pytest.fixture
def client(executive: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(executive)


@pytest.fixture
def waves(programme: Programme, framework: Framework) -> None:
    make_waves(programme)


pytestmark = pytest.mark.usefixtures("waves")


def first_row(client: Client, query: str = "") -> Any:
    answer = client.get(URL + query)
    assert answer.status_code == 200
    return answer.context["rows"][0]


def evidence(client: Client, reading: Reading) -> tuple[str, int]:
    """The score and n of the page that a reading leads to."""
    answer = client.get(reading.url)
    assert answer.status_code == 200
    gap = answer.context["gap"]
    return gap.score_text, gap.score.n


def agree(client: Client, row: Any) -> bool:
    readings = [one for part in (row, *row.methods) for one in (part.before, part.after)]
    assert all(one.url for one in readings)
    return all(evidence(client, one) == (one.score, one.n) for one in readings)


def test_a_location_without_a_share_that_is_not_compared(
    programme: Programme, framework: Framework, client: Client
) -> None:
    make_location(programme, "NCE1")
    for wave, vector in (("W1", LOW), ("W2", HIGH)):
        put(framework, wave, "PAR1", vector)
        put(framework, wave, "LYO1", HIGH)
    put(framework, "W2", "NCE1", HIGH)
    row = first_row(client)
    assert "location=LYO1%2CPAR1" in row.before.url
    assert agree(client, row)


def test_a_location_without_a_share_that_was_never_seen(
    programme: Programme, framework: Framework, client: Client
) -> None:
    make_location(programme, "NCE1")
    for wave, vector in (("W1", LOW), ("W2", HIGH)):
        put(framework, wave, "PAR1", vector)
        put(framework, wave, "LYO1", HIGH)
    assert agree(client, first_row(client))


def test_observations_without_a_location_beside_a_method_with_some(
    programme: Programme, framework: Framework, client: Client
) -> None:
    """A third location must not bring a filter that loses the verbatims."""
    make_location(programme, "NCE1", share_bp=0)
    put_example_2(framework)
    row = first_row(client)
    assert "location" not in row.before.url
    assert agree(client, row)
    assert not row.is_split


def test_visits_without_a_location_are_not_counted_on_either_page(
    framework: Framework, client: Client
) -> None:
    for wave, vector in (("W1", LOW), ("W2", HIGH)):
        for place in ("PAR1", "LYO1", None):
            put(framework, wave, place, vector)
    row = first_row(client)
    assert row.before.n == 16
    assert agree(client, row)


def test_methods_at_different_locations_are_told_one_by_one(
    framework: Framework, client: Client
) -> None:
    for wave, vector in (("W1", LOW), ("W2", HIGH)):
        put(framework, wave, "PAR1", vector)
        put(framework, wave, "LYO1", HIGH)
        put(framework, wave, "PAR1", vector, method="shadowing")
    put(framework, "W1", "LYO1", HIGH, method="shadowing")
    row = first_row(client)
    assert (row.before.url, row.after.url, row.is_split) == ("", "", True)
    for method in row.methods:
        assert evidence(client, method.before) == (method.before.score, method.before.n)
        assert evidence(client, method.after) == (method.after.score, method.after.n)
    assert "compared at different locations" in client.get(URL).text


def test_the_page_says_which_locations_a_second_baseline_covers(
    programme: Programme, framework: Framework, client: Client
) -> None:
    make_wave(programme, "W0", first_month="2026-01", last_month="2026-02")
    programme.locations.filter(code="PAR1").update(name="Paris Bastille")
    for wave in ("W1", "W2"):
        put(framework, wave, "PAR1", windows_3()["B"])
        put(framework, wave, "LYO1", windows_3()["B"])
    put(framework, "W0", "PAR1", windows_3()["B"])
    row = first_row(client, "&baseline=W0")
    assert row.covered == (
        "The second baseline was not measured at every location: the verdict covers Paris Bastille."
    )
    assert row.methods[0].note == "for the verdict only Paris Bastille"
    put(framework, "W0", "LYO1", windows_3()["B"])
    assert first_row(client, "&baseline=W0").covered == ""
