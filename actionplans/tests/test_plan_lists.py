"""The plan's lists, its baseline, the bricks that a priority lacks, and what its index is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from actionplans.bricks import factors_of, index_of, missing_bricks
from actionplans.gaps import Gap, actions_of, gaps_of, journey_at, whole_sheet
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.access import access_of
from journeys.models import Journey, Programme, Stage
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
PLAN = "/programmes/casa-nord/plan/"


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Programme:
    for _number in range(5):
        submit(programme)
    fold_pending()
    return programme


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S2")


def gap_of(user: User, stage: Stage) -> Gap:
    access = access_of(user, stage.journey.programme)
    journey = journey_at(access, stage.journey.key)
    actions = actions_of(access, [journey])
    gaps = gaps_of(whole_sheet(journey, access), actions=actions)
    return next(gap for gap in gaps if gap.stage.pk == stage.pk)


def test_a_priority_says_which_bricks_it_lacks(
    measured: Programme, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    assert gap_of(facilitator, stage).asks_for_action
    assert missing_bricks(gap_of(facilitator, stage)) == []  # there is no action at all
    make_action(stage, facilitator, dimension="process")
    make_action(stage, facilitator, dimension="tool", status="dropped")
    assert missing_bricks(gap_of(facilitator, stage)) == ["tool", "skill"]
    page = client_of(facilitator).get(PLAN).content.decode()
    assert "no tool" in page and "no skill" in page and "no process" not in page
    for dimension in ("tool", "skill"):
        make_action(stage, facilitator, dimension=dimension)
    assert missing_bricks(gap_of(facilitator, stage)) == []
    assert "no-brick" not in client_of(facilitator).get(PLAN).content.decode()


def test_the_lists_divide_the_stages(
    measured: Programme, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    whole = client.get(PLAN).context
    counts = {one["key"]: one["count"] for one in whole["lists"]}
    assert counts[""] == 3 and sum(counts.values()) - 3 <= 3
    for key in ("remove", "create", "measure"):
        context: Any = client.get(PLAN + f"?list={key}").context
        shown = [line["gap"].stage.key for part in context["journeys"] for line in part["gaps"]]
        assert len(shown) == counts[key]
    assert stage.key in [
        line["gap"].stage.key
        for part in client.get(PLAN + "?list=remove").context["journeys"]
        for line in part["gaps"]
    ]
    unknown = client.get(PLAN + "?list=nonsense")
    assert unknown.status_code == 200 and unknown.context["chosen"] == ""


def test_the_index_shows_its_factors(
    measured: Programme, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    gap = gap_of(facilitator, stage)
    assert [name for name, _value in factors_of(gap)] == [
        "criticality",
        "customers",
        "gap",
        "confidence",
    ]
    assert gap.priority.index is not None and index_of(gap)
    page = client_of(facilitator).get(PLAN).content.decode()
    assert f"Index <b>{index_of(gap)}</b>" in page


def test_without_any_measure_the_plan_says_baseline_first(
    programme: Programme, framework: Framework, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    assert "Baseline first" in client.get(PLAN).content.decode()
    for _number in range(5):
        submit(programme)
    fold_pending()
    assert "Baseline first" not in client.get(PLAN).content.decode()


def test_an_enchantment_on_an_uncovered_basic_is_marked(
    measured: Programme, stage: Stage, facilitator: User, client_of: ClientOf
) -> None:
    make_action(stage, facilitator, kind=Action.Kind.IMPROVEMENT)
    client = client_of(facilitator)
    assert "basics first" not in client.get(PLAN).content.decode()
    make_action(stage, facilitator, kind=Action.Kind.INNOVATION)
    assert "basics first" in client.get(PLAN).content.decode()
