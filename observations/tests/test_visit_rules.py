"""The rules of planning, each broken once, and told in words where it is broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from accounts.models import User
from journeys.models import Closure, OpeningHours, Programme
from journeys.tests.factories import make_wave
from observations.models import VisitRules
from observations.tests.factories import make_visit, submit
from observations.visit_facts import read_facts
from observations.visit_rules import Draft, Problem, problems_of
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def draft(programme: Programme, observer: User) -> Draft:
    """Nothing is wrong with it in October 2026."""
    return Draft(
        journey=programme.journeys.get(),
        method="mystery_visit",
        location=programme.locations.get(code="PAR1"),
        wave=None,
        observer="OBS-1",
        first_on=date(2026, 10, 5),
        last_on=date(2026, 10, 9),
        quota=1,
    )


def problems(draft: Draft) -> list[Problem]:
    facts = read_facts(draft.journey.programme, [draft])
    facts.today = date(2026, 10, 1)
    return problems_of(draft, facts)


def stopped(draft: Draft) -> list[str]:
    return [one.field for one in problems(draft) if one.is_stop]


def minded(draft: Draft) -> list[str]:
    return [one.field for one in problems(draft) if not one.is_stop]


def test_a_good_plan_has_no_problem(draft: Draft) -> None:
    assert problems(draft) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_on": date(2026, 10, 4)}, "last_on"),
        ({"last_on": date(2028, 10, 4)}, "last_on"),
        ({"observer": "OBS-7"}, "observer"),
        ({"quota": 2}, "quota"),  # twice in five days, thirty apart
    ],
)
def test_what_is_no_plan_is_stopped(draft: Draft, change: dict[str, Any], field: str) -> None:
    assert stopped(replace(draft, **change)) == [field]


def test_an_observer_is_planned_at_own_locations(programme: Programme, draft: Draft) -> None:
    elsewhere = replace(draft, location=programme.locations.get(code="LYO1"))
    [problem] = problems(elsewhere)
    assert problem.text == "LYO1 is not among the locations of OBS-1."
    assert stopped(elsewhere) == ["observer"]


def test_a_journey_without_a_published_framework_is_stopped(draft: Draft) -> None:
    Framework.objects.update(status="closing")
    assert stopped(draft) == ["journey"]


def test_days_outside_the_wave_are_stopped(programme: Programme, draft: Draft) -> None:
    wave = make_wave(programme, first_month="2026-10", last_month="2026-10")
    assert stopped(replace(draft, wave=wave)) == []
    assert stopped(replace(draft, wave=wave, first_on=date(2026, 9, 30))) == ["first_on"]
    assert stopped(replace(draft, wave=wave, last_on=date(2026, 11, 1))) == ["last_on"]


def test_a_location_that_is_closed_throughout_is_stopped(draft: Draft) -> None:
    shut: dict[str, Any] = {"location": draft.location, "reason": "Works"}
    Closure.objects.create(first_on=date(2026, 10, 1), last_on=date(2026, 10, 7), **shut)
    [problem] = problems(draft)
    assert not problem.is_stop
    assert problem.text == "PAR1 is closed from 1 Oct 2026 to 7 Oct 2026: Works."
    Closure.objects.create(first_on=date(2026, 10, 8), last_on=date(2026, 10, 9), **shut)
    assert stopped(draft) == ["first_on"]


def test_a_day_off_of_every_week_is_stopped(draft: Draft) -> None:
    hours: dict[str, Any] = {"opens_at": time(9), "closes_at": time(19)}
    OpeningHours.objects.create(location=draft.location, weekday=5, **hours)  # Saturdays only
    assert stopped(draft) == ["first_on"]
    assert stopped(replace(draft, last_on=date(2026, 10, 10))) == []


def test_the_same_visit_is_planned_once(programme: Programme, draft: Draft) -> None:
    days: dict[str, Any] = {"first_on": draft.first_on, "last_on": draft.last_on}
    visit = make_visit(programme, method="store_team", **days)
    again = replace(draft, method="store_team", observer="")
    assert stopped(again) == ["location"]
    assert stopped(replace(again, pk=visit.pk)) == []


def test_days_that_are_over_are_told(draft: Draft) -> None:
    past = replace(draft, first_on=date(2026, 9, 1), last_on=date(2026, 9, 2))
    assert (stopped(past), minded(past)) == ([], ["last_on"])


def test_two_mystery_visits_of_one_observer_lie_apart(programme: Programme, draft: Draft) -> None:
    days: dict[str, Any] = {"first_on": date(2026, 9, 10), "last_on": date(2026, 9, 12)}
    planned = make_visit(programme, observer="OBS-1", **days)
    assert stopped(draft) == ["observer"]
    # 12 October is thirty days after 12 September, 11 October is so after the 11th only.
    later = replace(draft, first_on=date(2026, 10, 10), last_on=date(2026, 10, 11))
    assert (stopped(later), minded(later)) == ([], ["observer"])
    assert problems(replace(later, first_on=date(2026, 10, 12), last_on=date(2026, 10, 13))) == []
    assert problems(replace(draft, method="store_team")) == []
    assert problems(replace(draft, pk=planned.pk)) == []
    VisitRules.objects.create(programme=programme, lockout_days=0)
    assert problems(draft) == []


def test_a_visit_that_was_made_keeps_the_same_observer_away(
    programme: Programme, draft: Draft
) -> None:
    submit(programme, observed_at="2026-09-20T10:30:00+02:00")
    [problem] = problems(draft)
    assert problem.is_stop
    assert problem.text == "OBS-1 was at PAR1 on 20 Sep 2026: not again within 30 days."
    VisitRules.objects.create(programme=programme, lockout_days=15)
    assert problems(draft) == []
