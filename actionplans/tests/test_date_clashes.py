"""New dates say what they were, and whom they come too early for; nothing is forbidden by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from accounts.models import User
from actionplans.action_parts import add_dependency
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey

ClientOf = Callable[[User], Client]
PLAN = "/programmes/casa-nord/actions/"


@pytest.fixture
def pair(journey: Journey, facilitator: User) -> tuple[Action, Action]:
    """Signs are chosen until the end of January; painted in February."""
    stage = journey.stages.get(key="S1")
    choose = make_action(stage, facilitator, title="Choose", due_on=date(2030, 1, 31))
    paint = make_action(
        stage, facilitator, title="Paint", start_on=date(2030, 2, 1), due_on=date(2030, 2, 20)
    )
    add_dependency(action=paint, needs=choose, actor=facilitator)
    return choose, paint


def moved(client: Client, action: Action, **typed: str) -> list[tuple[str, str]]:
    data = typed | {"version": Action.objects.get(pk=action.pk).version, "next": PLAN}
    answer = client.post(f"{PLAN}{action.pk}/dates/", data, follow=True)
    return [(each.level_tag, each.message) for each in answer.context["messages"]]


def test_it_says_the_dates_before(
    pair: tuple[Action, Action], facilitator: User, client_of: ClientOf
) -> None:
    [(level, said)] = moved(client_of(facilitator), pair[1], days="7")
    assert level == "success" and "2030" in said
    assert "“Paint” is now due on" in said and "→" in said


def test_both_sides_of_a_wait_are_told(
    pair: tuple[Action, Action], facilitator: User, client_of: ClientOf
) -> None:
    choose, paint = pair
    client = client_of(facilitator)
    _done, (level, said) = moved(client, paint, days="-7")
    assert level == "warning" and "“Paint” starts on" in said and "“Choose”, which it" in said
    assert Action.objects.get(pk=paint.pk).start_on == date(2030, 1, 25)
    assert "too early" in client.get(PLAN + "timeline/").content.decode()
    assert len(moved(client, paint, days="7")) == 1
    assert "too early" not in client.get(PLAN + "timeline/").content.decode()
    _done, (level, said) = moved(client, choose, days="3")
    assert level == "warning" and "“Paint” starts on" in said
    _done, (level, said) = moved(client, paint, start_on="", due_on="2030-01-15")
    assert level == "warning" and "“Paint” is due on" in said


def test_what_is_finished_keeps_nobody(
    pair: tuple[Action, Action], facilitator: User, client_of: ClientOf
) -> None:
    choose, paint = pair
    Action.objects.filter(pk=choose.pk).update(status="done")
    client = client_of(facilitator)
    assert len(moved(client, paint, days="-20")) == 1
    assert len(moved(client, choose, days="20")) == 1


def test_a_month_without_a_date_leads_to_the_next(
    pair: tuple[Action, Action], facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    for month, leads_to in (("2029-11", "2030-01"), ("2031-05", "2030-02")):
        page = client.get(f"{PLAN}calendar/?month={month}&status=todo").content.decode()
        assert f"?status=todo&amp;month={leads_to}" in page and "Nothing is due" in page
    assert "Nothing is due" not in client.get(PLAN + "calendar/?month=2030-01").content.decode()
