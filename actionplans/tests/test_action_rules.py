"""What the database itself refuses of an action and of what belongs to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from actionplans.action_models import (
    ActionComment,
    ActionDependency,
    ActionFile,
    ActionLetter,
    ActionMention,
    ActionPerson,
    CalendarFeed,
    SubTask,
)
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey

Make = Callable[[Action, User], Any]


def person(action: Action, user: User, part: str = "R") -> ActionPerson:
    return ActionPerson.objects.create(action=action, person=user, part=part)


def letter(action: Action, user: User) -> ActionLetter:
    return ActionLetter.objects.create(
        action=action, person=user, kind="due", about_on=date(2026, 11, 1)
    )


def waiting(action: Action, _user: User) -> ActionDependency:
    other, _new = Action.objects.get_or_create(
        title="First this",
        defaults={
            "programme": action.programme,
            "stage": action.stage,
            "owner": action.owner,
            "due_on": action.due_on,
            "dimension": "tool",
        },
    )
    return ActionDependency.objects.create(action=action, needs=other)


def mention(action: Action, user: User) -> ActionMention:
    comment, _new = ActionComment.objects.get_or_create(action=action, text="Look")
    return ActionMention.objects.create(comment=comment, person=user)


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S1"), contributor)


@pytest.mark.parametrize("make", [person, letter, waiting, mention])
def test_the_same_row_twice(action: Action, facilitator: User, make: Make) -> None:
    make(action, facilitator)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(action, facilitator)


def test_one_open_calendar_a_person(contributor: User) -> None:
    feed = CalendarFeed.objects.create(person=contributor, digest="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeed.objects.create(person=contributor, digest="b" * 64)
    feed.revoked_at = timezone.now()
    feed.save()
    CalendarFeed.objects.create(person=contributor, digest="b" * 64)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda action, user: person(action, user, "A"),
        lambda action, _user: ActionDependency.objects.create(action=action, needs=action),
        lambda action, _user: SubTask.objects.create(action=action, position=1, text=""),
        lambda action, _user: ActionComment.objects.create(action=action, text=""),
        lambda action, _user: ActionFile.objects.create(
            action=action, file="", name="a", content_type="text/plain", size=1
        ),
    ],
    ids=["a second accountable", "waits for itself", "empty task", "empty comment", "no bytes"],
)
def test_rows_that_can_not_be(action: Action, facilitator: User, break_it: Make) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(action, facilitator)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "blocked"},
        {"status": "blocked", "blocked_reason": "No budget"},
        {"status": "blocked", "blocked_on": date(2026, 1, 1)},
        {"blocked_reason": "No budget"},
        {"blocked_on": date(2026, 1, 1)},
        {"start_on": timezone.localdate() + timedelta(days=900)},
    ],
    ids=["no reason", "no day", "a day alone", "reason, not blocked", "day, not blocked", "dates"],
)
def test_columns_that_can_not_be(action: Action, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**values)
