"""The channels of a stage: each the figures of its filter, and the spread between them (R35)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import Channel, Journey, Programme
from journeys.tests.factories import make_channel, make_touchpoint
from observations.folding import fold_pending
from observations.models import Reading
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_interaction
from scoring.wording import UNKNOWN

BASE = "/api/v1/programmes/casa-nord/journeys/family-store/"
PAGE = "/programmes/casa-nord/journeys/family-store/scores/S1/"
FIGURES = ("n", "S", "raw", "P", "Q", "score_exact", "interval", "evidence", "label")
Ask = Callable[..., Any]
ClientOf = Callable[[User], Client]


@pytest.fixture
def ask(executive: User) -> Ask:
    def call(call: str = "channels", **query: str) -> Any:
        client = APIClient()
        client.force_authenticate(executive)
        answer = client.get(f"{BASE}{call}/", query)
        assert answer.status_code == 200
        return answer.json()["stages"][0]

    return call


def add_channel(framework: Framework, key: str) -> None:
    """One more way into S1, with a performance of its own: `<key>-p`."""
    stage = framework.journey.stages.get(key="S1")
    channel = make_channel(framework.journey.programme, key)
    touchpoint = make_touchpoint(stage, f"t-{key}", channel=channel)
    make_interaction(framework, stage, f"{key}-p", (-2, -1, 0, 1, 2), touchpoint=touchpoint)


def visit(programme: Programme, times: int = 6, **changed: Any) -> None:
    given = {name.replace("_", "-"): value for name, value in changed.items()}
    for number in range(times):
        location = "PAR1" if number % 2 else "LYO1"
        submit(programme, location=location, answers={**ANSWERS, **given})
    fold_pending()


def test_each_channel_has_the_figures_of_its_filter(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    add_channel(framework, "web")
    visit(programme, S1_p=2, S1_d=3, web_p=-2)
    stage = ask()
    assert [one["channel"] for one in stage["channels"]] == ["store", "web"]
    for one in stage["channels"]:
        alone = ask("scores", channel=one["channel"])
        assert {name: one[name] for name in FIGURES} == {name: alone[name] for name in FIGURES}
    whole = ask("scores")
    for name in ("S", "raw", "P", "Q"):
        assert sum(one[name] for one in stage["channels"]) == whole[name]
    ends = {one["channel"]: Fraction(one["score_exact"]) for one in stage["channels"]}
    assert stage["spread_exact"] == str(ends["store"] - ends["web"])
    assert (stage["highest"], stage["lowest"], stage["differs"]) == ("store", "web", True)
    assert ask(channel="web") == stage
    assert ask(location="PAR1")["channels"][0]["n"] == 3


def test_intervals_that_meet_and_channels_with_too_few(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    add_channel(framework, "web")
    add_channel(framework, "app")
    visit(programme, web_p=0, app_p="NO")
    visit(programme, times=2, web_p=1, app_p=2)
    stage = ask()
    rows = {one["channel"]: (one["n"], one["label"]) for one in stage["channels"]}
    assert rows["app"] == (2, "insufficient")
    assert (stage["highest"], stage["lowest"], stage["differs"]) == ("store", "web", False)


def test_one_channel_has_no_spread(programme: Programme, framework: Framework, ask: Ask) -> None:
    visit(programme)
    stage = ask()
    assert [one["channel"] for one in stage["channels"]] == ["store"]
    assert [stage[name] for name in ("spread", "highest", "lowest", "differs")] == [None] * 4


def test_a_channel_outside_the_perimeter_is_not_listed(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    add_channel(framework, "web")
    visit(programme, web_p=1)
    Channel.objects.filter(key="web").update(in_perimeter=False)
    assert [one["channel"] for one in ask()["channels"]] == ["store"]


def test_readings_count_in_their_channel(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    add_channel(framework, "web")
    visit(programme, web_p=1)
    Reading.objects.create(
        framework=framework,
        interaction=Interaction.objects.get(framework=framework, key="web-p"),
        method="web_analytics",
        month="2026-10",
        counts={"-2": 50, "0": 50},
    )
    store, web = ask()["channels"]
    assert web["score_exact"] == ask("scores", channel="web")["score_exact"]
    assert store["score_exact"] == ask("scores", channel="store")["score_exact"]


def test_the_evidence_page_shows_the_channels(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    visit(programme)
    assert client.get(PAGE).context["spread"] is None
    add_channel(framework, "web")
    visit(programme, S1_p=2, S1_d=3, web_p=-2)
    page = client.get(PAGE + "?location=PAR1")
    spread = page.context["spread"]
    store, web = spread.lines
    assert (store.name, web.n, web.score) == ("Store", "n = 3, 2 more needed", UNKNOWN)
    assert web.url == f"{PAGE}?location=PAR1&channel=web"
    assert spread.text == ""
    assert '<span class="quiet">no spread yet</span>' in page.content.decode()
    panel = client.get(PAGE).content.decode()
    assert "Not the same standard: Store is above Web beyond what chance brings." in panel


def test_queries_do_not_grow_with_channels(
    programme: Programme, framework: Framework, journey: Journey, ask: Ask
) -> None:
    add_channel(framework, "web")
    counts = []
    for more in ((), ("app", "phone")):
        for key in more:
            add_channel(framework, key)
        visit(programme, web_p=1, **{f"{key}_p": 1 for key in more})
        with CaptureQueriesContext(connection) as asked:
            assert len(ask()["channels"]) == 2 + len(more)
        counts.append(len(asked))
    assert counts[0] == counts[1]
