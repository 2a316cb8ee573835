"""Where members land: each role has its next thing to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans.tests.factories import make_action
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/"


@pytest.mark.parametrize(
    ("role", "wanted", "unwanted"),
    [
        ("observer", "Record an observation", "See where the experience stands"),
        ("executive", "See where the experience stands", "Record an observation"),
        ("facilitator", "See where the experience stands", "Record an observation"),
        ("consultant", "Record an observation", "Nothing is waiting"),
        ("contributor", "Nothing is waiting for you", "Record an observation"),
    ],
)
def test_the_next_thing_to_do(
    request: pytest.FixtureRequest,
    framework: Framework,
    client_of: ClientOf,
    role: str,
    wanted: str,
    unwanted: str,
) -> None:
    page = client_of(request.getfixturevalue(role)).get(URL).content.decode()
    assert wanted in page
    assert unwanted not in page


def test_a_contributor_meets_own_open_actions(
    journey: Journey, contributor: User, facilitator: User, client_of: ClientOf
) -> None:
    stage = journey.stages.get(key="S1")
    make_action(stage, contributor, title="Mine")
    make_action(stage, contributor, title="Finished", status="done")
    make_action(stage, facilitator, title="Theirs")
    page = client_of(contributor).get(URL).content.decode()
    assert "Mine" in page
    assert "Finished" not in page and "Theirs" not in page


def test_journeys_with_their_score_for_those_who_see_scores(
    programme: Programme, framework: Framework, executive: User, observer: User, client_of: ClientOf
) -> None:
    for _number in range(5):
        submit(programme)
    fold_pending()
    [line] = client_of(executive).get(URL).context["lines"]
    board = client_of(executive).get(URL + "dashboard/").context["figures"]
    assert line["score"].text == board[0].text
    assert line["score"].n == 5
    assert client_of(observer).get(URL).context["lines"] == []


def test_an_archived_programme_asks_for_nothing(
    programme: Programme, framework: Framework, observer: User, client_of: ClientOf
) -> None:
    programme.archived_at = timezone.now()
    programme.save()
    page = client_of(observer).get(URL).content.decode()
    assert "is archived" in page
    assert "Record an observation" not in page


def test_strangers_are_not_let_in(
    programme: Programme, outsider: User, client_of: ClientOf
) -> None:
    assert client_of(outsider).get(URL).status_code == 404
