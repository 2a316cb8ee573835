"""`GET indicators/`: exact strings beside rounded numbers, the same as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_wave
from observations.tests.indicator_factories import count, count_nps, make_indicator

ClientOf = Callable[[User], Client]
URL = "/api/v1/programmes/casa-nord/indicators/"


def indicators(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(URL + query)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["indicators"]
    return found


def test_the_golden_figure_in_the_formats_of_the_api(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme, target_hundredths=4000, codir_rank=1)
    count(definition, "2026-03", "PAR1", promoters=19, passives=9, detractors=8)
    [one] = indicators(client_of(executive))
    assert (one["indicator"], one["version"], one["kind"]) == ("nps", 1, "nps")
    assert (one["value_exact"], one["value"]) == ("275/9", "30.555556")
    assert one["interval"] == [2.878, 53.532]
    assert (one["n"], one["missing"], one["unit"]) == (36, 0, "points")
    assert one["sums"] == {
        "n": 36,
        "hits": 19,
        "misses": 8,
        "joined": 0,
        "total": 0,
        "squares": 0,
    }
    assert (one["target"], one["gap_exact"], one["gap"]) == ("40.000000", "85/9", "9.444444")
    assert one["gap_interval"] == [-13.532, 37.122]
    assert (one["place"], one["direction"], one["compared"]) == (1, "higher", None)


def test_the_change_between_two_waves(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    definition = make_indicator(programme)
    count_nps(definition, 30, 40, month="2026-03")
    count_nps(definition, 70, 10, month="2026-06")
    answer = client_of(executive).get(f"{URL}?wave=W2").json()
    assert (answer["wave"], answer["from"], answer["to"]) == ("W2", "2026-06", "2026-08")
    [one] = answer["indicators"]
    compared = one["compared"]
    assert (compared["before"], compared["after"], compared["trend"]) == ("W1", "W2", "better")
    assert (compared["change_exact"], compared["change"]) == ("70", "70.000000")
    assert compared["interval"][0] > 0
    assert compared["after_closed"] is True


def test_no_trend_while_the_wave_is_open(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    definition = make_indicator(programme)
    count_nps(definition, 30, 40, month="2026-03")
    count_nps(definition, 70, 10, month="2026-06")
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 8, 31))
    compared = indicators(client_of(executive))[0]["compared"]
    assert (compared["trend"], compared["after_closed"]) == (None, False)
    assert (compared["change"], compared["interval"][0] > 0) == ("70.000000", True)


def test_a_second_figure_and_what_is_not_known(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    counts = {"a1": 2, "a2": 1, "a3": 2, "a4": 5, "a5": 10, "a6": 12, "a7": 8}
    count(make_indicator(programme, "ces2", name="A"), "2026-03", "", "", "", **counts)
    count(make_indicator(programme, "basket", name="B"), transactions=6, revenue=600)
    effort, basket = indicators(client_of(executive))
    assert (effort["value_exact"], effort["beside"]["value_exact"]) == ("75", "26/5")
    assert (basket["interval"], basket["sums"]["squares"], basket["target"]) == (None, None, None)


def test_location_managers_read_their_own(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20, location="PAR1")
    count_nps(definition, 0, 90, location="LYO1")
    client = client_of(location_manager)
    assert indicators(client)[0]["value_exact"] == "20"
    assert client.get(f"{URL}?location=LYO1").status_code == 400


@pytest.mark.parametrize("query", ["wave=W9", "to=x", "segment=none", "channel=none"])
def test_a_filter_that_cannot_be_read_is_a_problem(
    programme: Programme, executive: User, client_of: ClientOf, query: str
) -> None:
    answer = client_of(executive).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in str(answer.json())
