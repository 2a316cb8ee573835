"""Pages of step 5 ask as many questions for many rows as for a few; the stepper counts them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from actionplans.action_parts import add_dependency, add_task
from actionplans.lanes import action_cells
from actionplans.models import Action
from actionplans.steps import step_states
from actionplans.tests.factories import make_action
from journeys.access import access_of
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import make_stage, make_user
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


VIEWS = ("actions/", "actions/board/", "actions/timeline/", "actions/calendar/")


@pytest.mark.parametrize("url", ["plan/", *VIEWS, "journeys/family-store/"])
@pytest.mark.usefixtures("nothing_kept")
def test_query_counts_do_not_grow(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    facilitator: User,
    client_of: ClientOf,
    url: str,
) -> None:
    client = client_of(facilitator)
    url = f"/programmes/{programme.slug}/{url}"
    for stage in journey.stages.all():
        _one_of_each(stage, facilitator)
    submit(programme)
    fold_pending()
    client.get(url)
    few = queries(client, url)
    for number in range(4, 8):
        make_action(make_stage(journey, f"S{number}"), facilitator)
    for stage in journey.stages.all():
        _one_of_each(stage, facilitator)
        _one_of_each(stage, facilitator)
    submit(programme)
    fold_pending()
    assert queries(client, url) == few


def _one_of_each(stage: Stage, owner: User) -> None:
    """Of every status, with a sub-task, and waiting for the one before."""
    before = None
    for status in Action.Status.values:
        action = make_action(stage, owner, status=status, due_on=timezone.localdate())
        add_task(action=action, text="Measure", owner=None, actor=owner)
        if before is not None:
            add_dependency(action=action, needs=before, actor=owner)
        before = action


def test_the_stepper_counts_actions_and_late_ones(
    programme: Programme, journey: Journey, facilitator: User, contributor: User, observer: User
) -> None:
    stage = journey.stages.get(key="S1")
    [step] = step_states(access_of(facilitator, programme))
    assert (step.summary, step.state) == ("no action yet", "empty")
    make_action(stage, contributor, due_on=timezone.localdate() - timedelta(days=1))
    make_action(stage, facilitator)
    [step] = step_states(access_of(facilitator, programme))
    assert (step.summary, step.state) == ("2 actions, 1 late", "started")
    [own] = step_states(access_of(contributor, programme))
    assert own.summary == "1 action, 1 late"
    assert step_states(access_of(observer, programme)) == []
    programme.actions.update(status="done")
    [step] = step_states(access_of(facilitator, programme))
    assert (step.summary, step.state) == ("2 actions", "done")


def test_the_lane_shows_actions_and_where_one_is_missing(
    programme: Programme, journey: Journey, framework: Framework, facilitator: User
) -> None:
    for _number in range(5):
        submit(programme)
    fold_pending()
    access = access_of(facilitator, programme)
    stage = journey.stages.get(key="S1")
    make_action(stage, make_user(), title="Late", due_on=timezone.localdate() - timedelta(days=1))
    cells = action_cells(journey, access)
    [late] = cells["S1"]  # type: ignore[misc]  # entries
    [missing] = cells["S2"]  # type: ignore[misc]
    assert (late.text, late.tone, late.detail) == ("Late", "late", "late")
    assert missing.text == "No action yet" and missing.url.endswith("/S2/action/new/")
