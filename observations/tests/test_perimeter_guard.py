"""Once observations are summed, what they were summed by stays."""

from __future__ import annotations

from typing import Any

from journeys.guards import blocking_reasons
from journeys.models import Journey, Programme
from journeys.tests.factories import make_segment, make_stage
from observations.excluding import exclude_observer, readmit_observer
from observations.folding import fold_pending
from observations.models import Observation
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, StageCell
from scoring.tests.factories import make_framework

SUMS = ("n", "S", "raw", "P", "Q", "SS", "SP", "SQ", "PP", "QQ", "nD", "nN", "nE", "nU", "nb")


def sum_something(framework: Framework) -> None:
    sums: dict[str, Any] = dict.fromkeys((*SUMS, "nb_ok"), 1)
    StageCell.objects.create(framework=framework, method="survey", month="2026-03", **sums)


def test_nothing_is_guarded_before_the_first_observation(framework: Framework) -> None:
    stage = framework.journey.stages.all()[0]
    assert blocking_reasons(stage, ["in_perimeter"]) == []


def test_what_was_summed_stays(framework: Framework) -> None:
    sum_something(framework)
    journey = framework.journey
    stage = journey.stages.all()[0]
    touchpoint = stage.touchpoints.get()
    for row in (stage, journey.segment, touchpoint.channel):
        [reason] = blocking_reasons(row, ["in_perimeter"])
        assert "Family store, version 1" in reason
        assert blocking_reasons(row, ["name"]) == []
    assert len(blocking_reasons(touchpoint, ["channel"])) == 1
    assert blocking_reasons(touchpoint, ["name"]) == []


def test_others_are_free(framework: Framework) -> None:
    sum_something(framework)
    programme = framework.journey.programme
    assert blocking_reasons(make_segment(programme, "pro"), ["in_perimeter"]) == []
    assert blocking_reasons(make_stage(framework.journey, "new"), ["in_perimeter"]) == []


def test_a_draft_guards_nothing(journey: Journey) -> None:
    sum_something(make_framework(journey, status="draft"))
    assert blocking_reasons(journey.stages.all()[0], ["in_perimeter"]) == []


def test_what_waits_to_be_summed_stays_too(programme: Programme, framework: Framework) -> None:
    submit(programme)
    assert not StageCell.objects.exists()
    assert blocking_reasons(framework.journey.stages.all()[0], ["in_perimeter"]) != []


def test_what_may_count_again_stays_too(programme: Programme, framework: Framework) -> None:
    """Restored or readmitted, an observation adds what it scored in the perimeter of its day."""
    submit(programme)
    stage = framework.journey.stages.all()[0]
    exclusion = exclude_observer(programme=programme, observer="OBS-1", reason="Why", user=None)
    fold_pending()
    assert not StageCell.objects.exists()
    assert blocking_reasons(stage, ["in_perimeter"]) != []
    readmit_observer(exclusion=exclusion, user=None)
    withdraw_observation(observation=Observation.objects.get())
    fold_pending()
    assert not StageCell.objects.exists()
    assert blocking_reasons(stage, ["in_perimeter"]) != []
