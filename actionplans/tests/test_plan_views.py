"""The plan as a table, a board, a timeline and a calendar: one set of rows and of filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans import board
from actionplans.action_parts import add_dependency, add_task
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey, Stage

ClientOf = Callable[[User], Client]
PLAN = "/programmes/casa-nord/actions/"
VIEWS = ("", "board/", "timeline/", "calendar/")


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


def soon() -> Any:
    """A day of this month's sheet, whatever day it is."""
    return timezone.localdate()


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_the_same_rows_and_keeps_the_filters(
    stage: Stage, facilitator: User, client_of: ClientOf, view: str
) -> None:
    make_action(stage, facilitator, title="Ours", due_on=soon(), department="Stores")
    make_action(stage, facilitator, title="A project", due_on=soon(), is_existing=True)
    client = client_of(facilitator)
    page = client.get(PLAN + view).content.decode()
    assert "Ours" in page and "A project" in page
    page = client.get(PLAN + view + "?origin=existing&month=2026-01&page=1").content.decode()
    for other in VIEWS:
        assert f'href="{PLAN}{other}?origin=existing"' in page
    page = client.get(PLAN + view + "?origin=existing").content.decode()
    assert "Ours" not in page and "A project" in page
    page = client.get(PLAN + view + f"?department=Stores&stage={stage.pk}").content.decode()
    assert "Ours" in page and "A project" not in page


@pytest.mark.parametrize("view", VIEWS)
def test_a_filter_that_can_not_be_read_answers_422_and_shows_all(
    stage: Stage, facilitator: User, client_of: ClientOf, view: str
) -> None:
    make_action(stage, facilitator, title="Ours", due_on=soon())
    answer = client_of(facilitator).get(PLAN + view + "?status=lost&stage=x")
    assert answer.status_code == 422
    assert "Ours" in answer.content.decode()


@pytest.mark.parametrize("view", VIEWS)
def test_a_contributor_sees_those_with_a_part_in(
    stage: Stage, facilitator: User, contributor: User, client_of: ClientOf, view: str
) -> None:
    make_action(stage, facilitator, title="Somebody else's", due_on=soon(), department="Secret")
    make_action(stage, contributor, title="Mine", due_on=soon())
    page = client_of(contributor).get(PLAN + view).content.decode()
    assert "Mine" in page and "Somebody else" not in page and "Secret" not in page


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_plan_leads_to_the_gaps(
    stage: Stage, facilitator: User, client_of: ClientOf, view: str
) -> None:
    page = client_of(facilitator).get(PLAN + view).content.decode()
    assert "/plan/" in page
    if view != "timeline/":
        assert "No action yet" in page


def test_cards_say_what_keeps_them(stage: Stage, facilitator: User, client_of: ClientOf) -> None:
    first = make_action(stage, facilitator, title="Choose a supplier")
    late = make_action(
        stage,
        facilitator,
        status="blocked",
        blocked_reason="No money",
        due_on=soon() - timedelta(days=1),
    )
    add_dependency(action=late, needs=first, actor=facilitator)
    add_task(action=late, text="Measure", owner=None, actor=facilitator)
    page = client_of(facilitator).get(PLAN + "board/")
    html = page.content.decode()
    for words in ("No money", "waiting for “Choose a supplier”", "0 of 1 sub-tasks", "is-late"):
        assert words in html
    assert [column.total for column in page.context["columns"]] == [1, 0, 1, 0, 0]


def test_a_column_is_bounded_and_says_how_many_more(
    stage: Stage, facilitator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "MOST_CARDS", 2)
    for number in range(5):
        make_action(stage, facilitator, title=f"A{number}")
    page = client_of(facilitator).get(PLAN + "board/?origin=plan").content.decode()
    assert "3 more" in page and "?origin=plan&amp;status=todo" in page


def test_the_timeline_shows_stages_without_an_action_unless_filtered(
    stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    make_action(stage, facilitator)
    client = client_of(facilitator)
    rows = client.get(PLAN + "timeline/").context["rows"]
    assert [row.stage.key for row in rows] == ["S1", "S2", "S3"]
    assert client.get(PLAN + "timeline/").content.decode().count("nothing planned") == 2
    rows = client.get(PLAN + "timeline/?status=todo").context["rows"]
    assert [row.stage.key for row in rows] == ["S1"]


def test_only_who_may_move_is_offered_it(
    stage: Stage, facilitator: User, executive: User, contributor: User, client_of: ClientOf
) -> None:
    make_action(stage, contributor)
    for person, board_moves, date_moves in (
        (facilitator, True, True),
        (contributor, True, False),
        (executive, False, False),
    ):
        client = client_of(person)
        assert ("data-move" in client.get(PLAN + "board/").content.decode()) is board_moves
        assert ("data-bar" in client.get(PLAN + "timeline/").content.decode()) is date_moves
        assert ("data-end" in client.get(PLAN + "timeline/").content.decode()) is date_moves
        assert ("data-day" in client.get(PLAN + "calendar/").content.decode()) is date_moves
        assert ('id="bulk"' in client.get(PLAN).content.decode()) is date_moves


def test_the_calendar_turns_its_pages(stage: Stage, facilitator: User, client_of: ClientOf) -> None:
    make_action(
        stage, facilitator, title="In May", due_on=soon().replace(year=2031, month=5, day=9)
    )
    client = client_of(facilitator)
    assert "In May" not in client.get(PLAN + "calendar/").content.decode()
    page = client.get(PLAN + "calendar/?month=2031-05&status=todo").content.decode()
    assert "In May" in page
    assert "?status=todo&amp;month=2031-04" in page and "?status=todo&amp;month=2031-06" in page


def test_an_archived_plan_can_not_be_moved(
    stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    action = make_action(stage, facilitator)
    programme = action.programme
    programme.archived_at = timezone.now()
    programme.save()
    client = client_of(facilitator)
    assert "data-move" not in client.get(PLAN + "board/").content.decode()
    data = {"status": "done", "version": 0}
    assert client.post(f"{PLAN}{action.pk}/move/", data).status_code == 403
    assert Action.objects.get().status == "todo"
