"""The stepper says where steps 1 and 2 really stand."""

from __future__ import annotations

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Journey, Programme
from journeys.steps import step_states
from journeys.tests.factories import make_member, make_programme, make_segment


def states(user: User, slug: str = "casa-nord") -> list[tuple[str, str]]:
    return [(step.summary, step.state) for step in step_states(enter_as(user, slug))]


def test_a_full_programme_is_done(programme: Programme, executive: User) -> None:
    assert states(executive) == [
        ("1 segment, 2 locations", "done"),
        ("1 journey, 3 stages", "done"),
    ]


def test_a_segment_without_a_journey_is_still_to_do(programme: Programme, executive: User) -> None:
    make_segment(programme, "couples")
    assert [state for _summary, state in states(executive)] == ["done", "started"]
    programme.segments.filter(key="couples").update(in_perimeter=False)
    assert [state for _summary, state in states(executive)] == ["done", "done"]


def test_a_journey_without_a_stage_is_still_to_do(journey: Journey, executive: User) -> None:
    journey.touchpoints.all().delete()
    journey.stages.all().delete()
    assert states(executive)[1] == ("1 journey, 0 stages", "started")


def test_a_new_programme_is_empty(db: None) -> None:
    user = make_member(make_programme("fresh"), "lead")
    assert [state for _summary, state in states(user, "fresh")] == ["empty", "empty"]


def test_an_observer_sees_neither(programme: Programme, observer: User) -> None:
    assert states(observer) == []
