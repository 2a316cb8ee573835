"""What the stepper says of the plan, to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme
from journeys.steps import Step
from observations.steps import step_states
from observations.tests.factories import make_visit, submit_for

pytestmark = pytest.mark.usefixtures("framework")


def step(programme: Programme, user: User) -> Step | None:
    return next(iter(step_states(access_of(user, programme))), None)


def test_what_is_to_come_and_what_was_missed(
    programme: Programme, consultant: User, executive: User, contributor: User
) -> None:
    assert step(programme, executive) is None
    today = timezone.localdate()
    days: dict[str, Any] = {"first_on": today - timedelta(days=20)}
    first = make_visit(programme, quota=3, last_on=today, **days)
    make_visit(programme, quota=2, last_on=today - timedelta(days=1), **days)
    long_ago = today - timedelta(days=200)
    make_visit(programme, first_on=long_ago, last_on=long_ago)
    submit_for(first)
    seen, told = step(programme, consultant), step(programme, executive)
    assert seen is not None
    assert seen.summary.endswith("2 to come, 2 missed")
    assert told is not None
    assert (told.summary, told.url) == (
        "2 to come, 2 missed",
        "/programmes/casa-nord/visits/coverage/",
    )
    assert step(programme, contributor) is None
