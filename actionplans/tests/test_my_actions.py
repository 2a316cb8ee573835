"""My actions over all programmes, and the calendar that reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from actionplans.action_models import ActionPerson, CalendarFeed, LetterChoice
from actionplans.action_parts import add_task
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey, Stage
from journeys.tests.factories import make_journey, make_member, make_programme

ClientOf = Callable[[User], Client]
MINE = "/my/actions/"


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


def groups(client: Client) -> dict[str, list[str]]:
    found = client.get(MINE).context["groups"]
    return {group.key: [action.title for action in group.actions] for group in found}


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def test_they_are_grouped_by_what_to_do_first(
    stage: Stage, facilitator: User, contributor: User, client_of: ClientOf
) -> None:
    make_action(stage, contributor, title="late", due_on=in_days(-1))
    make_action(stage, contributor, title="today", due_on=in_days(0))
    make_action(stage, contributor, title="stuck", due_on=in_days(-2), status="blocked")
    make_action(stage, contributor, title="next", due_on=in_days(9))
    make_action(stage, contributor, title="finished", status="done")
    theirs = make_action(stage, facilitator, title="helping")
    make_action(stage, facilitator, title="not mine")
    ActionPerson.objects.create(action=theirs, person=contributor, part="R")
    told = make_action(stage, facilitator, title="told only")
    ActionPerson.objects.create(action=told, person=contributor, part="I")
    assert groups(client_of(contributor)) == {
        "late": ["late"],
        "today": ["today"],
        "blocked": ["stuck"],
        "next": ["next", "helping"],
    }


def test_over_programmes_and_only_where_they_still_have_access(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    other = make_programme("other")
    membership_of = make_member(other, "contributor", contributor)
    elsewhere = make_journey(other, "j", stages=1).stages.get()
    make_action(stage, contributor, title="here")
    make_action(elsewhere, contributor, title="there")
    client = client_of(contributor)
    assert groups(client) == {"next": ["here", "there"]}
    other.memberships.filter(user=membership_of).delete()
    assert groups(client) == {"next": ["here"]}
    stage.journey.programme.archived_at = timezone.now()
    stage.journey.programme.save()
    assert groups(client) == {}


def test_one_tap_changes_the_status_ticks_and_comes_back(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    action = make_action(stage, contributor)
    task = add_task(action=action, text="Measure", owner=None, actor=contributor)
    client = client_of(contributor)
    url = f"/programmes/casa-nord/actions/{action.pk}/"
    for page, data in (
        (f"tasks/{task.pk}/tick/", {"done": "1"}),
        ("comments/new/", {"text": "Nearly"}),
        ("move/", {"status": "done", "version": 0}),
    ):
        answer = client.post(url + page, data | {"next": MINE})
        assert (answer.status_code, answer["Location"]) == (302, MINE)
    task.refresh_from_db()
    assert task.done_at and action.comments.get().text == "Nearly"
    assert Action.objects.get().status == "done"


def test_who_only_reads_the_plan_gets_no_buttons(
    stage: Stage, executive: User, client_of: ClientOf
) -> None:
    make_action(stage, executive, title="Theirs")
    page = client_of(executive).get(MINE).content.decode()
    assert "Theirs" in page and 'value="done"' not in page


def test_the_page_does_not_ask_more_for_more(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    def one_more() -> None:
        add_task(action=make_action(stage, contributor), text="x", owner=None, actor=contributor)

    client = client_of(contributor)
    counts = []
    for more in (2, 6):
        for _number in range(more):
            one_more()
        client.get(MINE)
        with CaptureQueriesContext(connection) as captured:
            client.get(MINE)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def feed_of(client: Client) -> str:
    address = client.post(MINE + "calendar/new/").context["feed_address"]
    return str(address).removeprefix("http://testserver")


def test_the_calendar_is_one_and_says_what_is_due(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    contributor.language = "fr"
    contributor.save()
    action = make_action(
        stage, contributor, title="Signs; floors, \n walls é", due_on=date(2031, 5, 9), version=3
    )
    make_action(stage, contributor, status="done")
    address = feed_of(client_of(contributor))
    answer = Client().get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
    calendar: Any = Calendar.from_ical(answer.content)
    assert calendar.errors == []
    [event] = calendar.walk("VEVENT")
    assert event.errors == []
    assert event["SUMMARY"] == "Signs; floors, \n walls é"
    assert event.decoded("DTSTART") == date(2031, 5, 9)
    assert event.decoded("DTEND") == date(2031, 5, 10)
    assert event["UID"].startswith(f"action-{action.pk}@") and event["SEQUENCE"] == 3
    assert "À faire" in event["DESCRIPTION"]
    assert event["URL"].endswith(action.get_absolute_url())
    assert calendar["X-WR-CALNAME"] == "Mes actions"


def test_an_event_keeps_its_uid_when_it_moves(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    make_action(stage, contributor)
    address = feed_of(client_of(contributor))
    before: Any = Calendar.from_ical(Client().get(address).content).walk("VEVENT")[0]
    Action.objects.update(due_on=date(2032, 1, 1), title="Other words", version=1)
    after: Any = Calendar.from_ical(Client().get(address).content).walk("VEVENT")[0]
    assert before["UID"] == after["UID"] and after["SEQUENCE"] > before["SEQUENCE"]


def test_the_address_is_private_replaced_and_revoked(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    client = client_of(contributor)
    first = feed_of(client)
    assert first not in client.get(MINE).content.decode()
    assert first.split("/")[-1] not in str(list(CalendarFeed.objects.values()))
    second = feed_of(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(MINE + "calendar/revoke/")
    assert Client().get(second).status_code == 404
    third = feed_of(client)
    contributor.is_active = False
    contributor.save()
    assert Client().get(third).status_code == 404


def test_the_calendar_of_who_lost_access_is_empty(
    stage: Stage, contributor: User, client_of: ClientOf
) -> None:
    make_action(stage, contributor)
    address = feed_of(client_of(contributor))
    contributor.memberships.all().delete()
    assert Calendar.from_ical(Client().get(address).content).walk("VEVENT") == []


def test_letters_can_be_declined(contributor: User, client_of: ClientOf) -> None:
    client = client_of(contributor)
    assert client.get(MINE).context["before_due"] is True
    client.post(MINE + "letters/", {})
    assert client.get(MINE).context["before_due"] is False
    client.post(MINE + "letters/", {"before_due": "on"})
    assert LetterChoice.objects.get().before_due is True
