"""Late is not blocked; an old page overwrites nothing; what the edit form changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey, Stage

ClientOf = Callable[[User], Client]


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


@pytest.fixture
def action(stage: Stage, facilitator: User) -> Action:
    return make_action(stage, facilitator, title="Redo the signs")


def url_of(action: Action, page: str = "") -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/{page}"


def test_late_and_blocked_are_two_things(
    action: Action, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    refused = client.post(url_of(action, "update/"), {"status": "blocked"})
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"note": ["Say what blocks it."]}
    client.post(url_of(action, "update/"), {"status": "blocked", "note": "No budget"})
    Action.objects.filter(pk=action.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    now = Action.objects.get(pk=action.pk)
    assert (now.is_late, now.is_blocked, now.blocked_on) == (True, True, timezone.localdate())
    page = client.get(url_of(action)).content.decode()
    assert "is-late" in page and "is-blocked" in page and "No budget" in page
    client.post(url_of(action, "update/"), {"status": "doing"})
    now = Action.objects.get(pk=action.pk)
    assert (now.is_late, now.is_blocked, now.blocked_reason, now.blocked_on) == (
        True,
        False,
        "",
        None,
    )


def test_an_update_from_a_page_that_is_old(
    action: Action, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    client.post(url_of(action, "update/"), {"status": "doing", "note": "Began"})
    stale = client.post(url_of(action, "update/"), {"status": "done", "note": "Mine", "version": 0})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "In progress" in page and "Mine" in page and str(facilitator) in page
    action.refresh_from_db()
    assert action.status == "doing"
    version = stale.context["form"]["version"].value()
    data = {"status": "done", "note": "Mine", "version": version}
    assert client.post(url_of(action, "update/"), data).status_code == 302


def test_the_edit_form_has_department_channel_and_dates(
    action: Action, facilitator: User, client_of: ClientOf
) -> None:
    channel = action.programme.channels.get()
    data = {
        "title": action.title,
        "owner": facilitator.pk,
        "department": "Stores",
        "channel": channel.pk,
        "start_on": "2030-02-01",
        "due_on": "2030-01-31",
        "dimension": "tool",
        "kind": "improvement",
        "is_existing": "on",
        "version": 0,
    }
    client = client_of(facilitator)
    bad = client.post(url_of(action, "edit/"), data)
    assert bad.status_code == 422 and set(bad.context["form"].errors) >= {"start_on"}
    data["start_on"] = "2030-01-01"
    assert client.post(url_of(action, "edit/"), data).status_code == 302
    now = Action.objects.get(pk=action.pk)
    assert (now.department, now.channel, now.is_existing) == ("Stores", channel, True)
    page = client.get(url_of(action)).content.decode()
    assert "Stores" in page and channel.name in page and "existing project" in page
