"""What fulfils a planned visit, and its state, which is never stored."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from journeys.models import Programme
from journeys.tests.factories import make_journey
from observations.excluding import exclude_observer
from observations.intake import submit_observation
from observations.models import Observation, Revision, Visit, VisitAttachment, VisitRules
from observations.tests.factories import make_document, make_visit, submit, submit_for
from observations.visit_querysets import VisitState, state_of
from observations.withdrawing import restore_observation, withdraw_observation
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.usefixtures("framework")
OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 1)


def done(visit: Visit) -> int:
    return Visit.objects.with_done().get(pk=visit.pk).done


def state(visit: Visit, today: date) -> VisitState:
    """As a page says it; and the database finds it under that state and no other."""
    row = Visit.objects.with_done().get(pk=visit.pk)
    said = state_of(
        cancelled=row.is_cancelled,
        done=row.done,
        quota=row.quota,
        last_on=row.last_on,
        today=today,
    )
    found = [
        one
        for one in VisitState
        if Visit.objects.with_done().in_state(one, today).filter(pk=visit.pk).exists()
    ]
    assert found == [said]
    return said


def test_an_observation_that_names_the_visit_counts_for_it(programme: Programme) -> None:
    visit = make_visit(programme, quota=2)
    assert done(visit) == 0
    submit_for(visit)
    submit(programme)  # names no visit
    submit(programme, visit="a text that is no UUID")
    submit(programme, visit=str(uuid.uuid4()))  # of a visit that nobody planned
    assert done(visit) == 1
    assert Revision.objects.exclude(visit=None).count() == 2


def test_only_what_is_counted_counts(programme: Programme) -> None:
    visit = make_visit(programme)
    row = submit_for(visit)
    withdraw_observation(observation=row)
    assert done(visit) == 0
    restore_observation(observation=row)
    assert done(visit) == 1
    exclude_observer(programme=programme, observer="OBS-1", reason="made up", user=None)
    assert done(visit) == 0


def test_a_correction_may_name_another_visit(programme: Programme) -> None:
    first, second = make_visit(programme), make_visit(programme, observer="OBS-1")
    row = submit_for(first)
    document = make_document(id=str(row.uuid), visit=str(second.uuid), base_revision=1)
    outcome = submit_observation(programme=programme, document=document, user=None)
    assert (outcome.status, done(first), done(second)) == ("revised", 0, 1)


@pytest.mark.parametrize("change", [{"location": "LYO1"}, {"method": "store_team"}])
def test_what_was_seen_elsewhere_or_otherwise_does_not_fulfil_it(
    programme: Programme, change: dict[str, Any]
) -> None:
    visit = make_visit(programme)
    submit_for(visit, **change)
    assert done(visit) == 0


def test_another_journey_does_not_fulfil_it(programme: Programme) -> None:
    other = make_journey(programme, "pro-store", stages=1)
    make_framework(other)
    visit = make_visit(programme)
    row = submit_for(visit, journey="pro-store", answers={})
    assert Observation.objects.get(pk=row.pk).journey == other
    assert done(visit) == 0
    VisitAttachment.objects.create(observation=row, visit=visit)
    assert done(visit) == 0


def test_what_a_person_attached_overrules_the_document(programme: Programme) -> None:
    named, meant = make_visit(programme), make_visit(programme, observer="OBS-1")
    row = submit_for(named)
    VisitAttachment.objects.create(observation=row, visit=meant)
    assert (done(named), done(meant)) == (0, 1)
    withdraw_observation(observation=row)
    assert (done(named), done(meant)) == (0, 0)


def test_the_state_follows_what_was_observed_and_the_day(programme: Programme) -> None:
    visit = make_visit(programme, quota=2)
    assert state(visit, OCTOBER) == VisitState.PLANNED
    assert state(visit, visit.last_on) == VisitState.PLANNED
    assert state(visit, NOVEMBER) == VisitState.MISSED
    submit_for(visit)
    assert state(visit, OCTOBER) == VisitState.UNDER_WAY
    assert state(visit, NOVEMBER) == VisitState.MISSED
    submit_for(visit)
    assert state(visit, NOVEMBER) == VisitState.DONE
    Visit.objects.update(cancelled_at="2026-10-04T00:00Z")
    assert state(visit, NOVEMBER) == VisitState.CANCELLED


@pytest.mark.parametrize(
    "fields",
    [
        {"quota": 0},
        {"first_on": date(2026, 10, 2), "last_on": date(2026, 10, 1)},
        {"note": "the same once more"},
    ],
)
def test_the_database_refuses_what_is_no_plan(programme: Programme, fields: dict[str, Any]) -> None:
    make_visit(programme, method="store_team" if "note" not in fields else "mystery_visit")
    with pytest.raises(IntegrityError):
        make_visit(programme, **fields)


def test_a_cancelled_visit_may_be_planned_again(programme: Programme) -> None:
    make_visit(programme, cancelled_at="2026-10-04T00:00Z")
    assert make_visit(programme).pk


def test_an_observation_is_attached_to_one_visit(programme: Programme) -> None:
    row, visit = submit_for(make_visit(programme)), make_visit(programme, observer="OBS-1")
    VisitAttachment.objects.create(observation=row, visit=visit)
    with pytest.raises(IntegrityError):
        VisitAttachment.objects.create(observation=row, visit=visit)


def test_a_reminder_comes_before_the_end(programme: Programme) -> None:
    with pytest.raises(IntegrityError):
        VisitRules.objects.create(programme=programme, remind_days=0)
