"""What the database refuses of effects, reach and day rates; and the form of the day rate."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from actionplans.models import Action, ActionEffect, DayRate
from actionplans.tests.factories import make_action
from conftest import ClientOf
from journeys.models import Journey, Programme


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S2"), contributor)


@pytest.fixture
def client(facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"from_points": 0, "to_points": 0}, "action_effect_improves"),
        ({"from_points": -4, "to_points": 0}, "action_effect_on_the_scale"),
        ({"from_points": None, "to_points": 4}, "action_effect_on_the_scale"),
        ({"from_points": None, "to_points": -3}, "action_effect_on_the_scale"),
        ({"from_points": None, "to_points": 1}, "action_effect_once_a_level"),
        ({"from_points": -2, "to_points": 1}, "action_effect_once_a_level"),
    ],
)
def test_what_the_database_refuses(action: Action, fields: dict[str, Any], rule: str) -> None:
    ActionEffect.objects.create(action=action, interaction="i", from_points=None, to_points=0)
    ActionEffect.objects.create(action=action, interaction="i", from_points=-2, to_points=0)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        ActionEffect.objects.create(action=action, interaction="i", **fields)


def test_the_database_refuses_more_than_all_and_a_free_day(
    action: Action, programme: Programme
) -> None:
    action.reach_bp = 10_001
    with pytest.raises(IntegrityError, match="action_reaches_at_most_all"), transaction.atomic():
        action.save()
    with pytest.raises(IntegrityError, match="day_rate_is_not_free"), transaction.atomic():
        DayRate.objects.create(programme=programme, cents=0)
    DayRate.objects.create(programme=programme, cents=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        DayRate.objects.create(programme=programme, cents=2)


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1.234", "10000000000"])
def test_a_day_rate_that_is_none(client: Client, programme: Programme, value: str) -> None:
    answer = client.post("/programmes/casa-nord/plan/day-rate/", {"cents": value, "version": 0})
    assert answer.status_code == 422
    assert not DayRate.objects.exists()


def test_two_people_on_the_day_rate(client: Client, programme: Programme) -> None:
    DayRate.objects.create(programme=programme, cents=50_000, version=1)
    answer = client.post("/programmes/casa-nord/plan/day-rate/", {"cents": "450", "version": 0})
    assert answer.status_code == 409
    assert "It is now: 500" in answer.content.decode()
    assert DayRate.objects.get().cents == 50_000
