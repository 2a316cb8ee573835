"""An action moved to another status or other dates, alone or with others; who comes second is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import AuditEntry, Journey, Stage

ClientOf = Callable[[User], Client]
PLAN = "/programmes/casa-nord/actions/"
BOARD = PLAN + "board/?origin=plan"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


@pytest.fixture
def action(stage: Stage, contributor: User) -> Action:
    return make_action(
        stage, contributor, title="Signs", start_on=date(2030, 1, 1), due_on=date(2030, 2, 1)
    )


def now(action: Action) -> Action:
    return Action.objects.get(pk=action.pk)


def test_a_move_goes_back_where_it_was_made(
    action: Action, contributor: User, client_of: ClientOf
) -> None:
    data = {"status": "doing", "version": 0, "next": BOARD}
    answer = client_of(contributor).post(f"{PLAN}{action.pk}/move/", data)
    assert (answer.status_code, answer["Location"]) == (302, BOARD)
    assert (now(action).status, now(action).version) == ("doing", 1)
    data |= {"status": "todo", "version": 1, "next": "https://elsewhere.example/"}
    answer = client_of(contributor).post(f"{PLAN}{action.pk}/move/", data)
    assert answer["Location"] == action.get_absolute_url()


def test_a_stale_move_shows_both_sides_and_counts_when_sent_again(
    action: Action, contributor: User, facilitator: User, client_of: ClientOf
) -> None:
    url = f"{PLAN}{action.pk}/move/"
    client_of(facilitator).post(url, {"status": "doing", "version": 0})
    client = client_of(contributor)
    answer = client.post(url, {"status": "done", "version": 0, "next": BOARD})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "In progress" in page and "Fanny Facilitator" in page
    assert '<option value="done" selected>' in page
    assert now(action).status == "doing"
    again = answer.context["form"]["version"].value()
    assert client.post(url, {"status": "done", "version": again}).status_code == 302
    assert now(action).status == "done"


def test_a_block_is_asked_for_its_reason(
    action: Action, contributor: User, client_of: ClientOf
) -> None:
    client = client_of(contributor)
    url = f"{PLAN}{action.pk}/move/"
    page = client.get(url + "?status=blocked&next=" + BOARD)
    assert page.context["form"]["status"].value() == "blocked"
    refused = client.post(url, {"status": "blocked", "version": 0, "next": BOARD})
    assert refused.status_code == 422 and refused.context["next"] == BOARD
    client.post(url, {"status": "blocked", "version": 0, "note": "No money"})
    assert now(action).blocked_reason == "No money"
    for bad in ({"status": "lost", "version": 1}, {"status": "done"}, {"version": "x"}):
        assert client.post(url, bad).status_code == 422


def test_dates_by_days_and_by_hand(action: Action, facilitator: User, client_of: ClientOf) -> None:
    client = client_of(facilitator)
    url = f"{PLAN}{action.pk}/dates/"
    assert client.post(url, {"days": 7, "version": 0}).status_code == 302
    assert (now(action).start_on, now(action).due_on) == (date(2030, 1, 8), date(2030, 2, 8))
    bad = client.post(url, {"start_on": "2030-03-01", "due_on": "2030-02-01", "version": 1})
    assert bad.status_code == 422 and "start_on" in bad.context["form"].errors
    for data in ({"version": 1}, {"days": 9999, "version": 1}, {"due_on": "soon", "version": 1}):
        assert client.post(url, data).status_code == 422
    assert (
        client.post(url, {"start_on": "", "due_on": "2030-02-01", "version": 1}).status_code == 302
    )
    assert (now(action).start_on, now(action).due_on) == (None, date(2030, 2, 1))
    stale = client.post(url, {"days": 7, "version": 1})
    assert stale.status_code == 409
    assert now(action).due_on == date(2030, 2, 1)
    changes = AuditEntry.objects.filter(verb="edited").last()
    assert changes is not None and "due_on" in changes.changes


def bulk(client: Client, *seen: Action, **typed: Any) -> Any:
    chosen = [f"{one.pk}:{one.version}" for one in seen]
    return client.post(PLAN + "bulk/?origin=plan", {"chosen": chosen} | typed)


def test_many_at_once(action: Action, stage: Stage, facilitator: User, client_of: ClientOf) -> None:
    other = make_action(stage, facilitator)
    beside = make_action(stage, facilitator)
    client = client_of(facilitator)
    answer = bulk(
        client,
        action,
        other,
        status="blocked",
        note="No money",
        owner=facilitator.pk,
        days=10,
        department="Stores",
    )
    assert (answer.status_code, answer["Location"]) == (302, PLAN + "?origin=plan")
    for one in (now(action), now(other)):
        assert (one.status, one.blocked_reason, one.owner) == ("blocked", "No money", facilitator)
        assert (one.department, one.version) == ("Stores", 1)
        assert one.updates.get().note == "No money"
    assert (now(action).start_on, now(action).due_on) == (date(2030, 1, 11), date(2030, 2, 11))
    assert now(other).due_on == other.due_on + timedelta(days=10)
    assert now(beside).version == 0
    assert AuditEntry.objects.filter(verb="edited").count() == 2


def test_one_stale_line_stops_all(
    action: Action, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    other = make_action(stage, facilitator, title="Rota")
    Action.objects.filter(pk=other.pk).update(version=3)
    gone = make_action(stage, facilitator)
    Action.objects.filter(pk=gone.pk).delete()
    client = client_of(facilitator)
    answer = bulk(client, action, other, gone, status="done")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Rota" in page and "1 of them was deleted" in page
    assert f'value="{other.pk}:3"' in page and page.count("checked") == 2
    assert {one.status for one in Action.objects.all()} == {"todo"}


@pytest.mark.parametrize(
    "typed",
    [{}, {"status": "blocked"}, {"status": "lost"}, {"days": "many"}, {"department": "x" * 81}],
)
def test_many_at_once_refused(
    action: Action, facilitator: User, client_of: ClientOf, typed: dict[str, str]
) -> None:
    answer = bulk(client_of(facilitator), action, **typed)
    assert answer.status_code == 422
    assert "checked" in answer.content.decode()
    assert now(action).version == 0


def test_nobody_is_ticked_or_belongs_elsewhere(
    action: Action, facilitator: User, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    assert bulk(client, status="done").status_code == 422
    answer = client.post(PLAN + "bulk/", {"chosen": ["x", "1:y", "²:1"], "status": "done"})
    assert answer.status_code == 422
    assert bulk(client, action, owner=outsider.pk).status_code == 422
