"""A link to a map with real scores and actions: what was hidden is nowhere in the answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from actionplans.tests.factories import make_action
from journeys.lanes import known_lanes
from journeys.models import Journey, Programme
from journeys.sharing import share_maps
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ACTION = "Open a till when three wait"
SCORES = {"experience", "gap"}


@pytest.fixture
def measured(programme: Programme, framework: Framework, executive: User) -> Programme:
    for _number in range(6):
        submit(programme)
    fold_pending()
    make_action(programme.journeys.get().stages.get(key="S1"), executive, title=ACTION)
    return programme


def shared(journey: Journey, actor: User, hidden: set[str], view: str = "") -> str:
    facts: dict[str, Any] = {"password": "", "last_day": None, "name": "Board", "actor": actor}
    token = share_maps(
        programme=journey.programme,
        journeys=[journey],
        lanes=[lane.key for lane in known_lanes() if lane.key not in hidden],
        **facts,
    )
    url = reverse("journeys:shared-map", args=[token, journey.key])
    answer = Client().get(url + view)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("view", ["", "?view=table"])
def test_hidden_scores_and_actions_are_not_sent(
    view: str, measured: Programme, journey: Journey, lead: User, executive: User
) -> None:
    everything = shared(journey, lead, set(), view)
    assert ACTION in everything
    assert "No action yet" in everything
    assert "n = 6" in everything
    for page in (everything, shared(journey, lead, {"actions"}, view)):
        for absent in ("/programmes/", "Paris", "PAR1", "LYO1", executive.name, lead.name):
            assert absent not in page
    without_actions = shared(journey, lead, {"actions"}, view)
    assert ACTION not in without_actions
    assert "No action yet" not in without_actions
    assert "n = 6" in without_actions


@pytest.mark.parametrize("view", ["", "?view=table"])
def test_actions_without_scores_are_all_shown_and_tell_no_score(
    view: str, measured: Programme, journey: Journey, lead: User
) -> None:
    page = shared(journey, lead, SCORES, view)
    assert ACTION in page
    for absent in ("No action yet", "n = 6", "n 6", "disappointing", "curve-point"):
        assert absent not in page
