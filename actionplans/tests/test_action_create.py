"""From a gap to an action: what is kept, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from actionplans.models import Action, Priority, Recommendation
from actionplans.planning import PlanRefused, plan_action
from actionplans.tests.factories import create_data, create_url, make_action
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import make_programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S2")


def measure(programme: Programme, times: int = 5) -> None:
    for _number in range(times):
        submit(programme)
    fold_pending()


def test_the_gap_is_kept_with_its_figures(
    programme: Programme,
    framework: Framework,
    stage: Stage,
    facilitator: User,
    contributor: User,
    client_of: ClientOf,
) -> None:
    measure(programme)
    answer = client_of(facilitator).post(create_url(stage), create_data(contributor))
    action = Action.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == action.get_absolute_url()
    assert (action.owner, action.status) == (contributor, "todo")
    assert action.recommendation is not None and action.recommendation.priority is not None
    figures = action.recommendation.priority.figures
    assert figures["measured"] is True
    assert (figures["n"], figures["score_exact"], figures["framework_version"]) == (5, "0", 1)
    assert figures["gap_exact"] and figures["tier"] == "2" and figures["interval"]
    assert [update.status for update in action.updates.all()] == ["todo"]
    assert action.updates.get().author == facilitator


def test_without_a_baseline_the_page_says_so_and_the_action_is_kept(
    framework: Framework, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    assert "Not measured yet" in client.get(create_url(stage)).content.decode()
    client.post(create_url(stage), create_data(facilitator))
    assert Priority.objects.get().figures["measured"] is False


def test_basics_come_first_in_a_stage_of_tier_2(
    programme: Programme,
    framework: Framework,
    stage: Stage,
    facilitator: User,
    client_of: ClientOf,
) -> None:
    measure(programme)
    client = client_of(facilitator)
    assert "basics first" in client.get(create_url(stage)).content.decode()
    make_action(stage, facilitator, kind="innovation")
    plan = client.get(f"/programmes/{programme.slug}/plan/").content.decode()
    assert plan.count("basics first") == 1
    Action.objects.update(kind="improvement")
    plan = client.get(f"/programmes/{programme.slug}/plan/").content.decode()
    assert "basics first" not in plan


def test_an_action_joins_a_recommendation_that_exists(
    framework: Framework, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    first = make_action(stage, facilitator)
    data = create_data(facilitator, recommendation_text="", recommendation=first.recommendation_id)
    assert client_of(facilitator).post(create_url(stage), data).status_code == 302
    assert Recommendation.objects.count() == 1
    assert Action.objects.filter(recommendation=first.recommendation).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recommendation_text", "  "),
        ("recommendation_text", "x" * 2001),
        ("title", ""),
        ("title", "x" * 201),
        ("owner", ""),
        ("owner", "999999"),
        ("owner", "nobody"),
        ("due_on", ""),
        ("due_on", "31/31/2030"),
        ("due_on", (timezone.localdate() - timedelta(days=1)).isoformat()),
        ("dimension", "money"),
        ("kind", "magic"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    stage: Stage, facilitator: User, client_of: ClientOf, field: str, value: str
) -> None:
    data = create_data(facilitator) | {field: value}
    answer = client_of(facilitator).post(create_url(stage), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Action.objects.exists()
    assert not Priority.objects.exists()


def test_the_owner_is_a_member(
    stage: Stage, facilitator: User, outsider: User, client_of: ClientOf
) -> None:
    answer = client_of(facilitator).post(create_url(stage), create_data(outsider))
    assert answer.status_code == 422
    assert "must be a member" in answer.content.decode()


def test_a_recommendation_of_another_stage_or_both_kinds_at_once(
    journey: Journey, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    other = make_action(journey.stages.get(key="S1"), facilitator).recommendation
    own = make_action(stage, facilitator).recommendation
    assert other is not None and own is not None
    client = client_of(facilitator)
    data = create_data(facilitator, recommendation=other.pk, recommendation_text="")
    assert "recommendation" in client.post(create_url(stage), data).context["form"].errors
    data = create_data(facilitator, recommendation=own.pk)
    assert "recommendation_text" in client.post(create_url(stage), data).context["form"].errors
    assert Action.objects.count() == 2


def test_the_use_case_itself_refuses(
    programme: Programme, stage: Stage, facilitator: User, outsider: User
) -> None:
    def plan(programme: Programme) -> Action:
        return plan_action(
            programme=programme,
            stage=stage,
            actor=facilitator,
            figures={},
            title="x",
            owner=outsider,
            due_on=timezone.localdate() - timedelta(days=1),
            dimension="tool",
            kind="improvement",
        )

    with pytest.raises(PlanRefused) as refused:
        plan(programme)
    assert set(refused.value.errors) == {"owner", "due_on", "recommendation_text"}
    with pytest.raises(ValueError, match="another programme"):
        plan(make_programme("elsewhere"))
    assert not Priority.objects.exists()


def test_who_may_plan(
    stage: Stage,
    consultant: User,
    executive: User,
    contributor: User,
    observer: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    people = (consultant, executive, contributor, observer, outsider)
    answers = [client_of(one).get(create_url(stage)).status_code for one in people]
    assert answers == [200, 403, 403, 404, 404]


def test_a_stage_of_another_journey_is_not_there(
    programme: Programme, facilitator: User, client_of: ClientOf
) -> None:
    url = f"/programmes/{programme.slug}/plan/journeys/family-store/stages/S9/action/new/"
    assert client_of(facilitator).get(url).status_code == 404
