"""From what cost or earned most to the observations in which it did, and to their photos."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.test_evidence import BASE
from journeys.models import Journey, Programme
from journeys.tests.factories import make_channel, make_member, make_touchpoint, make_user
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework
from scoring.tests.factories import make_interaction

ClientOf = Callable[[User], Client]
LIST = "/programmes/casa-nord/observations/"
COUNT = re.compile(r"” in (\d+) of (\d+)")
WAY = re.compile(rf'href="({LIST}\?[^"]*interaction=[^"]*)"')
ANSWERED: tuple[dict[str, Any], ...] = (
    {"S2-b": -2, "S2-p": 2},
    {"S2-b": -2, "S2-p": -1},
    {"S2-b": 0, "S2-p": 1},
    {"S2-b": "NA", "S2-p": "NO"},
    {"S2-p": 2},
    {"S2-b": 0, "S2-p": -2},
)


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Programme:
    for number, answers in enumerate(ANSWERED):
        submit(programme, answers=answers, location="LYO1" if number % 2 else "PAR1")
    fold_pending()
    return programme


def reader(programme: Programme, client_of: ClientOf, role: str = "lead") -> Client:
    return client_of(make_member(programme, role, make_user("Rita Reader")))


@pytest.mark.parametrize("query", ["", "?location=PAR1", "?method=mystery_visit&from=2026-10"])
def test_each_cause_leads_to_as_many_observations_as_it_says(
    measured: Programme, client_of: ClientOf, query: str
) -> None:
    client = reader(measured, client_of)
    page = client.get(f"{BASE}S2/{query}")
    causes = [*page.context["cost"], *page.context["earned"]]
    ways = [unescape(way) for way in WAY.findall(page.content.decode())]
    assert len(ways) == len(causes) >= 2
    for cause, way in zip(causes, ways, strict=True):
        counts = [int(COUNT.search(fact)[1]) for fact in cause.facts]  # type: ignore[index]
        answer = client.get(way)
        assert len(answer.context["lines"]) == sum(counts) > 0
        side = "cost points" if cause.points < 0 else "earned points"
        assert f"“{cause.statement}” {side}" in answer.content.decode()


def test_an_edit_that_mends_what_it_cost_leaves_the_list(
    measured: Programme, client_of: ClientOf
) -> None:
    client = reader(measured, client_of)
    way = f"{LIST}?journey=family-store&stage=S2&interaction=S2-b&effect=cost"
    first = client.get(way).context["lines"][0].observation
    submit(measured, id=str(first.uuid), answers={"S2-b": 0}, base_revision=1)
    assert first not in [line.observation for line in client.get(way).context["lines"]]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("stage=S2&interaction=nothing&effect=cost", "interaction"),
        ("stage=S1&interaction=S2-b&effect=cost", "interaction"),
        ("interaction=S2-b&effect=cost", "interaction"),
        ("stage=S2&interaction=S2-b&effect=more", "effect"),
        ("stage=S2&interaction=S2-b", "effect"),
    ],
)
def test_what_can_not_be_read_is_said(
    measured: Programme, client_of: ClientOf, query: str, name: str
) -> None:
    answer = reader(measured, client_of).get(f"{LIST}?journey=family-store&{query}")
    assert answer.status_code == 422
    assert name in answer.context["filter"].errors


def test_whoever_reads_no_observations_finds_no_way(
    measured: Programme, executive: User, client_of: ClientOf
) -> None:
    page = client_of(executive).get(f"{BASE}S2/").content.decode()
    assert "What cost most" in page and not WAY.search(page)


def test_in_a_channel_the_list_has_that_channel_s_observations(
    programme: Programme, framework: Framework, journey: Journey, client_of: ClientOf
) -> None:
    stage = journey.stages.get(key="S2")
    web = make_touchpoint(stage, "t-web", channel=make_channel(programme, "web"))
    make_interaction(framework, stage, "S2-w", (-1, 0, 1), kind="performance", touchpoint=web)
    for number in range(12):
        submit(programme, answers=ANSWERS | ({"S2-w": -1} if number < 6 else {}))
    fold_pending()
    client = reader(programme, client_of)
    page = client.get(f"{BASE}S2/?channel=web")
    assert page.context["gap"].score.n == 6
    listed = client.get(page.context["observations"]).context["lines"]
    assert len(listed) == 6
    assert {line.result.channel.key for line in listed} == {"web"}


def test_more_observations_cost_no_more_queries(measured: Programme, client_of: ClientOf) -> None:
    client = reader(measured, client_of)
    way = f"{LIST}?journey=family-store&stage=S2&interaction=S2-p&effect=earned"
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(way)
        counts.append(len(found))
        for _number in range(5):
            submit(measured, answers={"S2-p": 1})
        fold_pending()
    assert counts[0] == counts[1]
