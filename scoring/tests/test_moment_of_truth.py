"""A moment of truth may need more observations (R45): a threshold of the version, asked on read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from journeys.models import Journey
from scoring.bundle import find_errors, framework_parts
from scoring.classify import Exclusion, JourneyReading, Label, StageScore, score_journey
from scoring.drafting import start_draft
from scoring.figures import CellRow, LocationShare, ReadingRow, StageFacts
from scoring.models import Framework
from scoring.publishing import publication_errors
from scoring.scale import ReadingSums, Thresholds
from scoring.tests.factories import make_framework
from scoring.tests.golden_cases import METHOD, cells_1, facts_1, pool_1, reading_1

STRICTER = Thresholds(min_observations_moment_of_truth=8)


def read(thresholds: Thresholds, facts: list[StageFacts] | None = None) -> JourneyReading:
    """Golden example 1, whose S2 alone is a moment of truth, n = 6."""
    return score_journey(
        stages=facts_1() if facts is None else facts,
        cells=[CellRow(stage, METHOD, "PAR1", vector) for stage, vector in cells_1().items()],
        pools={METHOD: pool_1()},
        shares=[LocationShare("PAR1", 10_000)],
        method_weights={METHOD: 3},
        thresholds=thresholds,
    )


def stage(reading: JourneyReading, key: str) -> StageScore:
    return next(one for one in reading.stages if one.stage == key)


def test_none_is_as_many_as_anywhere() -> None:
    assert read(Thresholds()) == reading_1()
    assert read(Thresholds(min_observations_moment_of_truth=5)) == reading_1()
    assert read(Thresholds(min_observations_moment_of_truth=6)) == reading_1()


def test_a_moment_of_truth_without_enough_has_no_label_and_leaves_j() -> None:
    reading, usual = read(STRICTER), reading_1()
    held = stage(reading, "S2")
    assert (held.label, held.evidence, held.missing) == (Label.INSUFFICIENT, "D", 2)
    assert [one.excluded_because for one in held.methods] == [Exclusion.TOO_FEW]
    assert held.score == stage(usual, "S2").score
    assert stage(reading, "S1") == stage(usual, "S1")
    assert stage(reading, "S3") == stage(usual, "S3")
    assert reading.journey.coverage == (4, 7)


def test_criticality_is_asked_on_read() -> None:
    facts = [replace(one, criticality=2) for one in facts_1()]
    assert stage(read(STRICTER, facts), "S2").label is Label.NEUTRAL
    facts = [replace(one, criticality=3) for one in facts_1()]
    assert {one.label for one in read(STRICTER, facts).stages} == {Label.INSUFFICIENT}


def test_the_floor_of_first_and_last_is_no_moment_of_truth() -> None:
    first = stage(read(STRICTER), "S1")
    assert (first.criticality, first.label) == (2, Label.NEUTRAL)


def test_it_holds_for_aggregated_readings_too() -> None:
    facts = [one for one in facts_1() if one.key == "S2"]
    reading = score_journey(
        stages=facts,
        cells=[],
        pools={},
        shares=[],
        method_weights={},
        thresholds=STRICTER,
        readings=[ReadingRow("S2", "web_analytics", ReadingSums(7, 1, 7, 7))],
    )
    assert stage(reading, "S2").methods[0].excluded_because is Exclusion.TOO_FEW


def test_the_database_refuses_fewer_than_anywhere(journey: Journey) -> None:
    framework = make_framework(journey, status="draft", min_observations=5)
    framework.min_observations_moment_of_truth = 5
    framework.save()
    framework.min_observations_moment_of_truth = 4
    with (
        pytest.raises(IntegrityError, match="framework_moment_of_truth_needs_no_fewer"),
        transaction.atomic(),
    ):
        framework.save()
    assert [one.code for one in publication_errors(framework)] == ["thresholds_contradict"]


def test_the_next_draft_begins_with_it(journey: Journey, consultant: User) -> None:
    published = make_framework(journey, min_observations_moment_of_truth=8)
    draft = start_draft(journey=journey, copy_of=published, actor=consultant)
    assert draft.min_observations_moment_of_truth == 8
    assert Framework.objects.get(pk=draft.pk).thresholds == published.thresholds == STRICTER


def test_a_bundle_that_asks_less_is_refused_at_its_place(journey: Journey) -> None:
    make_framework(journey)
    [part] = framework_parts(journey.programme)[journey.key]
    part["thresholds"]["min_observations_moment_of_truth"] = 4
    stages = [{"key": one.key, "touchpoints": []} for one in journey.stages.all()]
    for interaction in part["interactions"]:
        interaction["touchpoint"] = None
    bundle: dict[str, Any] = {"journeys": [{"stages": stages, "frameworks": [part]}]}
    assert [error.path for error in find_errors(bundle)] == [
        "/journeys/0/frameworks/0/thresholds/min_observations_moment_of_truth"
    ]
