"""The same answers are counted together by the database, whatever the keys are called."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Journey, Programme
from observations.answer_patterns import patterns_of
from observations.models import Observation
from observations.selection import Selection
from observations.tests.factories import submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework
from scoring.replay import Pattern
from scoring.scale import Answer
from scoring.tests.factories import make_interaction

# Keys that a path would read as something else.
ODD = ("10", "a.b", "0")


@pytest.fixture
def odd(framework: Framework, journey: Journey) -> Framework:
    stage = journey.stages.get(key="S1")
    for key in ODD:
        make_interaction(framework, stage, key)
    return framework


def patterns(
    framework: Framework, selection: Selection | None = None, **stages: tuple[str, ...]
) -> list[tuple[str, Pattern]]:
    wanted = stages or {"S1": ODD}
    found = patterns_of(framework, selection or Selection(), wanted)
    return sorted(found, key=lambda one: (one[0], one[1].location or "", str(one[1].answers)))


def test_alike_answers_are_one_pattern(programme: Programme, odd: Framework) -> None:
    same = {"10": -1, "a.b": "NA", "0": "NO", "S2-b": 0}
    for extra in ({}, {"S2-b": -2}, {"S3-b": 0}):
        submit(programme, answers=same | extra)
    submit(programme, answers={"10": 1})
    submit(programme, answers={"10": 1}, location=None)
    submit(programme, answers={"10": 1}, method="verbatim")
    read: dict[str, Answer] = {"10": -1, "a.b": "NA", "0": "NO"}
    assert patterns(odd) == [
        ("S1", Pattern("mystery_visit", None, {"10": 1}, 1)),
        ("S1", Pattern("mystery_visit", "PAR1", read, 3)),
        ("S1", Pattern("mystery_visit", "PAR1", {"10": 1}, 1)),
        ("S1", Pattern("verbatim", "PAR1", {"10": 1}, 1)),
    ]


def test_several_stages_in_one_query(programme: Programme, odd: Framework) -> None:
    submit(programme, answers={"10": 1, "S2-b": -2})
    submit(programme, answers={"10": 1, "S2-b": 0})
    with CaptureQueriesContext(connection) as captured:
        found = patterns(odd, S1=ODD, S2=("S2-b", "S2-p"), S3=())
    assert len(captured) == 1
    assert found == [
        ("S1", Pattern("mystery_visit", "PAR1", {"10": 1}, 2)),
        ("S2", Pattern("mystery_visit", "PAR1", {"S2-b": -2}, 1)),
        ("S2", Pattern("mystery_visit", "PAR1", {"S2-b": 0}, 1)),
    ]
    assert patterns(odd, S3=()) == []


def test_only_what_counts_in_the_window(programme: Programme, odd: Framework) -> None:
    kept = submit(programme, answers={"10": 1}, observed_at="2026-10-03T10:30:00+02:00")
    submit(programme, answers={"10": 0}, observed_at="2026-11-03T10:30:00+02:00")
    october = Selection(first_month="2026-10", last_month="2026-10")
    [(_stage, pattern)] = patterns(odd, october)
    assert (pattern.answers, pattern.n) == ({"10": 1}, 1)
    withdraw_observation(observation=Observation.objects.get(uuid=str(kept.id)))
    assert patterns(odd, october) == []


def test_a_revision_replaces_what_it_corrects(programme: Programme, odd: Framework) -> None:
    first = submit(programme, answers={"10": 1})
    submit(programme, id=str(first.id), base_revision=1, answers={"10": -1})
    [(_stage, pattern)] = patterns(odd)
    assert (pattern.answers, pattern.n) == ({"10": -1}, 1)


def test_more_interactions_than_a_function_takes_arguments(
    programme: Programme, journey: Journey, framework: Framework
) -> None:
    stage = journey.stages.get(key="S1")
    keys = tuple(f"x{number}" for number in range(300))
    for key in keys:
        make_interaction(framework, stage, key)
    read: dict[str, Answer] = {"x0": -1, "x99": 1, "x100": "NA", "x199": 0, "x299": 1}
    submit(programme, answers=read)
    submit(programme, answers=read | {"S2-b": 0})
    submit(programme, answers=read | {"x150": 0})
    found = patterns(framework, S1=keys)
    assert found == [
        ("S1", Pattern("mystery_visit", "PAR1", read | {"x150": 0}, 1)),
        ("S1", Pattern("mystery_visit", "PAR1", read, 2)),
    ]
