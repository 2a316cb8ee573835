"""What is odd about an observation is told beside it; the door takes it all the same."""

from __future__ import annotations

import uuid
from datetime import date, time
from typing import Any

import pytest

from accounts.models import User
from journeys.models import Closure, OpeningHours, Programme
from observations.fulfilling import seen_of
from observations.models import Observation, Revision, Visit, VisitRules
from observations.tests.factories import make_visit, submit, submit_for
from observations.visit_flags import flags_of, read_flag_facts

pytestmark = pytest.mark.usefixtures("framework", "observer")


def flags(row: Observation) -> list[str]:
    revisions = list(Revision.objects.filter(observation=row, is_current=True))
    [seen] = seen_of(revisions)
    return flags_of(seen, read_flag_facts(row.programme, [seen]))


@pytest.fixture
def visit(programme: Programme) -> Visit:
    return make_visit(programme, observer="OBS-1")


def test_what_went_as_planned_has_no_flag(visit: Visit) -> None:
    assert flags(submit_for(visit)) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"location": "LYO1"}, "It does not count for its visit"),
        ({"method": "store_team"}, "It does not count for its visit"),
        ({"observed_at": "2026-11-01T10:00:00+01:00"}, "outside the days planned"),
        ({"observer": "OBS-2"}, "It was made by OBS-2, planned for OBS-1."),
    ],
)
def test_what_went_otherwise_is_told(visit: Visit, change: dict[str, Any], words: str) -> None:
    assert words in flags(submit_for(visit, **change))[0]


def test_a_visit_that_is_cancelled_or_unknown(programme: Programme, visit: Visit) -> None:
    row = submit_for(visit)
    Visit.objects.update(cancelled_at="2026-10-01T00:00Z")
    assert flags(row) == ["Its visit is cancelled."]
    one = submit(programme, visit=str(uuid.uuid4()), method="store_team").id
    unknown = Observation.objects.get(uuid=one or "")
    assert flags(unknown) == ["It names a planned visit that is not known here."]


def test_hours_and_closures_by_the_hour_as_written(visit: Visit) -> None:
    hours: dict[str, Any] = {"opens_at": time(9), "closes_at": time(19)}
    for weekday in range(5):
        OpeningHours.objects.create(location=visit.location, weekday=weekday, **hours)
    late = submit_for(visit, observed_at="2026-10-01T19:01:00+09:00", method="store_team")
    assert "outside the opening hours of PAR1" in flags(late)[-1]
    still = submit_for(visit, observed_at="2026-10-01T19:00:59+09:00")
    assert flags(still) == []
    saturday = submit_for(visit, observed_at="2026-10-31T10:00:00+01:00")
    assert flags(saturday) == ["PAR1 is closed on that day of the week."]
    day = date(2026, 10, 1)
    Closure.objects.create(location=visit.location, first_on=day, last_on=day, reason="Works")
    assert flags(still) == ["PAR1 was closed that day: Works."]


def test_the_same_observer_too_soon_again(programme: Programme, visit: Visit) -> None:
    first = submit_for(visit, observed_at="2026-10-01T10:00:00+02:00")
    second = submit_for(visit, observed_at="2026-10-30T10:00:00+01:00")
    assert flags(first) == []
    assert flags(second) == ["OBS-1 made a mystery visit there 29 days before: 30 are asked."]
    VisitRules.objects.create(programme=programme, lockout_days=29)
    assert flags(second) == []


def test_an_observer_away_from_own_locations(programme: Programme, observer: User) -> None:
    one = submit(programme, location="LYO1", method="store_team").id
    away = flags(Observation.objects.get(uuid=one or ""))
    assert away == ["LYO1 is not among the locations of OBS-1."]
