"""The list of actions, and the life of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import AuditEntry, Journey, Programme, Stage
from journeys.tests.factories import make_member

ClientOf = Callable[[User], Client]
LIST = "/programmes/casa-nord/actions/"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


@pytest.fixture
def action(stage: Stage, contributor: User) -> Action:
    return make_action(stage, contributor, title="Redo the signs")


def url_of(action: Action, page: str = "") -> str:
    return f"{LIST}{action.pk}/{page}"


def titles(client: Client, query: str = "") -> list[str]:
    return [one.title for one in client.get(LIST + query).context["page"].object_list]


def test_the_list_by_due_date_and_its_filters(
    stage: Stage, facilitator: User, contributor: User, client_of: ClientOf
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_action(stage, contributor, title="later")
    make_action(stage, facilitator, title="late", due_on=yesterday)
    make_action(stage, facilitator, title="done", due_on=yesterday, status="done")
    client = client_of(facilitator)
    assert titles(client) == ["late", "done", "later"]
    assert titles(client, "?late=on") == ["late"]
    assert titles(client, "?status=done") == ["done"]
    assert titles(client, "?status=open") == ["late", "later"]
    assert titles(client, f"?owner={contributor.pk}") == ["later"]
    assert len(titles(client, "?journey=family-store")) == 3


@pytest.mark.parametrize("query", ["?status=lost", "?owner=x", "?journey=none"])
def test_a_filter_that_cannot_be_read(
    action: Action, facilitator: User, client_of: ClientOf, query: str
) -> None:
    answer = client_of(facilitator).get(LIST + query)
    assert answer.status_code == 422
    assert "Redo the signs" in answer.content.decode()


def test_a_contributor_sees_own_actions_only(
    action: Action, stage: Stage, facilitator: User, contributor: User, client_of: ClientOf
) -> None:
    other = make_action(stage, facilitator, title="somebody else's")
    client = client_of(contributor)
    assert titles(client) == ["Redo the signs"]
    assert client.get(url_of(action)).status_code == 200
    assert client.get(url_of(other)).status_code == 404
    assert client.post(url_of(other, "update/"), {"status": "done"}).status_code == 404
    assert client.get("/programmes/casa-nord/plan/")["Location"] == LIST


def test_the_owner_says_how_it_goes(action: Action, contributor: User, client_of: ClientOf) -> None:
    data = {"status": "blocked", "note": "No budget"}
    answer = client_of(contributor).post(url_of(action, "update/"), data)
    assert answer.status_code == 302
    action.refresh_from_db()
    update = action.updates.first()
    assert update is not None
    assert (action.status, action.version) == ("blocked", 1)
    assert (update.status, update.note, update.author) == ("blocked", "No budget", contributor)
    assert AuditEntry.objects.get(verb="updated").changes == {"status": ["todo", "blocked"]}
    page = client_of(contributor).get(url_of(action)).content.decode()
    assert "No budget" in page and "Carla Contributor" in page


@pytest.mark.parametrize(
    "data", [{"status": "todo"}, {"status": "asleep"}, {"status": "done", "note": "x" * 2001}, {}]
)
def test_an_update_that_says_nothing_or_nonsense(
    action: Action, contributor: User, client_of: ClientOf, data: dict[str, str]
) -> None:
    answer = client_of(contributor).post(url_of(action, "update/"), data)
    assert answer.status_code == 422
    assert not action.updates.exists()


def test_readers_read(action: Action, executive: User, client_of: ClientOf) -> None:
    client = client_of(executive)
    assert client.get(url_of(action)).status_code == 200
    for page in ("update/", "edit/", "delete/"):
        assert client.post(url_of(action, page), {"status": "done"}).status_code == 403


def test_who_sees_all_and_updates_own_updates_own_only(
    action: Action, executive: User, programme: Programme, client_of: ClientOf
) -> None:
    make_member(programme, "contributor", executive)
    answer = client_of(executive).post(url_of(action, "update/"), {"status": "done"})
    assert answer.status_code == 403
    action.refresh_from_db()
    assert action.status == "todo"


def test_edit_and_its_bad_input(
    action: Action, facilitator: User, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    data = {
        "title": "Redo all the signs",
        "owner": facilitator.pk,
        "due_on": "2030-01-31",
        "dimension": "tool",
        "kind": "innovation",
        "version": 0,
    }
    bad = client.post(url_of(action, "edit/"), data | {"owner": outsider.pk, "title": ""})
    assert bad.status_code == 422
    assert set(bad.context["form"].errors) == {"owner", "title"}
    assert client.post(url_of(action, "edit/"), data).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.owner, action.version) == ("Redo all the signs", facilitator, 1)
    stale = client.post(url_of(action, "edit/"), data | {"title": "Mine"})
    assert stale.status_code == 409
    assert "Mine" in stale.content.decode() and "Redo all the signs" in stale.content.decode()


def test_delete_asks_first_and_keeps_the_recommendation(
    action: Action, facilitator: User, programme: Programme, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    assert client.get(url_of(action, "delete/")).status_code == 200
    assert Action.objects.exists()
    assert client.post(url_of(action, "delete/")).status_code == 302
    assert not Action.objects.exists()
    assert programme.recommendations.count() == 1


def test_an_archived_plan_is_read_only(
    action: Action, contributor: User, programme: Programme, client_of: ClientOf
) -> None:
    programme.archived_at = timezone.now()
    programme.save()
    client = client_of(contributor)
    assert client.post(url_of(action, "update/"), {"status": "done"}).status_code == 403
    assert "How it goes" not in client.get(url_of(action)).content.decode()
