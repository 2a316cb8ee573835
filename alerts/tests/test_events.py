"""What is found of the past, by the code that finds it live."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from actionplans.models import ActionUpdate
from actionplans.tests.factories import make_action
from alerts.events import allowed_kinds, find_events, months_until
from alerts.models import Kind
from alerts.rules import try_rule
from alerts.tests.past import BAD, GOOD, TODAY, live_through, observe
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_member, make_user
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import read_selection
from scoring.figures import Label

pytestmark = pytest.mark.usefixtures("framework")


def test_the_months_looked_at_cross_a_year() -> None:
    assert months_until(date(2026, 2, 3)) == [
        "2025-08",
        "2025-09",
        "2025-10",
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_a_confirmed_class_that_changed_is_found_in_its_month(
    programme: Programme, executive: User
) -> None:
    live_through(programme)
    [event] = find_events(access_of(executive, programme), [Kind.CLASS_CHANGE], TODAY)
    assert (event.stage.key, event.on, event.was) == ("S1", "2026-09", Label.ENCHANTMENT)
    assert event.score is not None
    assert event.score.label is Label.DISAPPOINTING


def test_what_may_be_chance_is_not_told(programme: Programme, executive: User) -> None:
    observe(programme, "2026-07", GOOD, 6)
    observe(programme, "2026-09", BAD, 4)
    fold_pending()
    assert find_events(access_of(executive, programme), [Kind.CLASS_CHANGE], TODAY) == []


def test_basics_missed_are_found_where_they_begin(programme: Programme, executive: User) -> None:
    live_through(programme)
    found = find_events(access_of(executive, programme), [Kind.BROKEN_GATE], TODAY)
    # S2 misses its basic from its first observation on, in July.
    assert [(event.stage.key, event.on) for event in found] == [
        ("S2", "2026-07"),
        ("S1", "2026-09"),
    ]


def test_the_event_holds_the_figures_of_the_dashboard(
    programme: Programme, journey: Journey, executive: User
) -> None:
    live_through(programme)
    access = access_of(executive, programme)
    [event] = find_events(access, [Kind.CLASS_CHANGE], date(2026, 9, 30))
    selection = read_selection({}, journey=journey, access=access)
    assert event.score == read_scores(journey, selection).reading.stages[0]


def test_a_location_manager_is_told_of_own_locations_only(programme: Programme) -> None:
    live_through(programme)  # all of it in Paris
    lyon = programme.locations.filter(code="LYO1")
    manager = make_member(programme, "location_manager", make_user("Luc"), lyon)
    access = access_of(manager, programme)
    assert find_events(access, list(Kind), TODAY) == []
    assert Kind.LATE_ACTION not in allowed_kinds(access)


def test_who_sees_no_scores_and_an_archived_programme_have_no_events(
    programme: Programme, observer: User, executive: User
) -> None:
    live_through(programme)
    assert find_events(access_of(observer, programme), list(Kind), TODAY) == []
    programme.archived_at = datetime(2026, 10, 1, tzinfo=ZoneInfo("UTC"))
    assert find_events(access_of(executive, programme), list(Kind), TODAY) == []


def test_an_action_was_late_on_the_day_after_its_date_unless_it_was_done(
    programme: Programme, journey: Journey, executive: User
) -> None:
    born = datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/Paris"))
    stage = journey.stages.get(key="S1")
    due = date(2026, 9, 10)
    late = make_action(stage, executive, title="Late", due_on=due, created_at=born)
    in_time = make_action(stage, executive, title="In time", due_on=due, created_at=born)
    done = datetime(2026, 9, 10, 22, tzinfo=ZoneInfo("Europe/Paris"))
    for action, moment in ((late, done + timedelta(days=3)), (in_time, done)):
        action.status = "done"
        action.save()
        ActionUpdate.objects.create(action=action, status="done", created_at=moment)
    access = access_of(executive, programme)
    [event] = find_events(access, [Kind.LATE_ACTION], TODAY)
    assert (event.action, event.on) == (late, "2026-09-11")
    trial = try_rule(access=access, kind=Kind.LATE_ACTION, today=TODAY)
    assert (trial.least, trial.most, trial.events) == (1, 1, (event,))


def test_an_action_in_progress_since_before_its_date_was_late(
    programme: Programme, journey: Journey, executive: User
) -> None:
    born = datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/Paris"))
    action = make_action(
        journey.stages.get(key="S1"), executive, due_on=date(2026, 9, 10), created_at=born
    )
    ActionUpdate.objects.create(action=action, status="doing", created_at=born)
    assert len(find_events(access_of(executive, programme), [Kind.LATE_ACTION], TODAY)) == 1
