"""What a wave could show, from what was observed: the spread, the table and the words."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, sqrt

import pytest

from accounts.models import User
from actionplans.plan_words import plan_lines, visits_url
from actionplans.wave_planning import plan_waves
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.pooling import pools_of
from observations.tests.factories import submit
from scoring.models import Framework
from scoring.planning import needed

NOTHING: dict[str, tuple[str, ...]] = {"methods": (), "locations": ()}


@pytest.fixture
def observed(programme: Programme, framework: Framework) -> Journey:
    """Twelve visits that differ, and four verbatims."""
    for number in range(12):
        submit(programme, answers={"S2-b": -2 if number % 3 else 0, "S2-p": number % 3})
    for _number in range(4):
        submit(programme, method="verbatim", answers={"S2-p": 2})
    fold_pending()
    journey: Journey = programme.journeys.select_related("programme").get()
    return journey


def test_the_spread_is_the_pooled_one(observed: Journey) -> None:
    stages = list(observed.stages.all())
    stage = stages[1]
    [plan] = plan_waves(
        observed, [stage], methods=["mystery_visit"], locations=(), with_control=False
    )
    [known] = plan.methods
    v0 = pools_of(Framework.objects.get(), stages)["mystery_visit"].v0
    assert (known.n, known.is_assumed) == (12, False)
    assert plan.sd == pytest.approx(known.sd) and known.sd > 0
    assert known.sd == pytest.approx(100 * sqrt(v0) * _half_range_on_side(observed), rel=1e-9)
    [line] = plan_lines([plan], n=30, delta=Decimal(15))
    assert line.needed == needed(plan.sd, 15)
    assert line.detectable == ceil(plan.detectable(30))
    assert line.counts == tuple(needed(plan.sd, points) for points in (10, 15, 20, 30, 40))


def _half_range_on_side(journey: Journey) -> float:
    """(P + Q) / 2D of the stage's visits."""
    from scoring.models import StageCell

    cell = StageCell.objects.get(stage__key="S2", channel=None, method="mystery_visit")
    side = cell.P if cell.S >= 0 else cell.Q
    return (cell.P + cell.Q) / (2 * side)


def test_a_control_doubles_the_variance(observed: Journey) -> None:
    stage = observed.stages.get(key="S2")
    alone, beside = (
        plan_waves(observed, [stage], **NOTHING, with_control=control)[0]
        for control in (False, True)
    )
    assert {one.method for one in alone.methods} == {"mystery_visit", "verbatim"}
    assert beside.spread == pytest.approx(alone.spread * sqrt(2))
    assert abs(beside.needed(10) - 2 * alone.needed(10)) <= 1


def test_a_method_that_was_never_used_is_assumed(observed: Journey) -> None:
    stage = observed.stages.get(key="S2")
    [plan] = plan_waves(observed, [stage], methods=["survey"], locations=(), with_control=False)
    [line] = plan_lines([plan], n=None, delta=None)
    assert line.is_assumed and line.sd > 0
    assert (line.detectable, line.needed) == (None, None)
    assert (
        plan_waves(observed, [stage], methods=(), locations=("LYO1",), with_control=False) == []
    ), "nothing was observed there"


def test_without_a_published_framework_nothing_can_be_said(journey: Journey) -> None:
    stages = list(journey.stages.all())
    assert plan_waves(journey, stages, **NOTHING, with_control=False) == []


def test_from_a_plan_to_its_visits(observed: Journey, consultant: User, facilitator: User) -> None:
    programme = observed.programme
    typed = {"methods": ["mystery_visit"], "locations": ["PAR1"], "control": ["LYO1"]}
    url = visits_url(access_of(consultant, programme), observed, typed | {"after": "W3"})
    assert url == (
        "/programmes/casa-nord/visits/plan/?journeys=family-store&methods=mystery_visit"
        "&locations=PAR1&locations=LYO1&waves=W3"
    )
    assert visits_url(access_of(facilitator, programme), observed, typed) == ""
