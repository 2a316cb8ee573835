"""Where bars stand, and which days a month's sheet has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import User
from actionplans.models import Action
from actionplans.month_sheet import read_month, sheet_of, span_of
from actionplans.tests.factories import make_action
from actionplans.timeline import Scale, bar_of, rows_of, scale_of
from journeys.models import Journey

TODAY = date(2026, 11, 28)
YEAR = Scale(date(2026, 1, 1), date(2027, 1, 1))


def action(start: date | None, due: date, **fields: object) -> Action:
    return Action(title="x", start_on=start, due_on=due, **fields)


def test_a_bar_reaches_from_its_first_morning_to_its_last_evening() -> None:
    bar = bar_of(action(date(2026, 3, 15), date(2026, 3, 15)), Scale(*span("2026-03-01", 100)))
    assert (bar.at, bar.long) == ("14.000%", "1.000%")
    bar = bar_of(action(date(2026, 3, 1), date(2026, 3, 10)), Scale(*span("2026-03-01", 100)))
    assert (bar.at, bar.long) == ("0.000%", "10.000%")


def span(first: str, days: int) -> tuple[date, date]:
    start = date.fromisoformat(first)
    return start, start + timedelta(days=days)


def test_without_a_start_the_last_week_is_drawn() -> None:
    bar = bar_of(action(None, date(2026, 3, 10)), Scale(*span("2026-03-01", 100)))
    assert (bar.at, bar.long) == ("3.000%", "7.000%")


def test_the_scale_holds_today_and_every_date_in_whole_months() -> None:
    scale = scale_of([action(date(2026, 9, 5), date(2027, 2, 3))], TODAY)
    assert (scale.first, scale.end) == (date(2026, 9, 1), date(2027, 3, 1))
    assert [month.month for month, _place, _named in scale.months] == [9, 10, 11, 12, 1, 2]
    assert all(is_named for _month, _place, is_named in scale.months)
    assert sum(is_named for _month, _place, is_named in YEAR.months) == 6
    empty = scale_of([], TODAY)
    assert empty.first == date(2026, 11, 1) and empty.days >= 90


def test_a_date_of_another_century_does_not_stretch_the_scale() -> None:
    scale = scale_of([action(date(1926, 1, 1), date(2126, 1, 1))], TODAY)
    assert len(scale.months) < 80


def test_rows_keep_the_order_of_stages_and_count_what_is_done(
    journey: Journey, facilitator: User
) -> None:
    stages = list(journey.stages.all())
    make_action(stages[0], facilitator, status="done")
    make_action(stages[0], facilitator, status="dropped")
    for _number in range(3):
        make_action(stages[0], facilitator)
    rows = rows_of(stages, list(Action.objects.order_by("due_on", "pk")), YEAR, shown=2)
    assert [row.stage for row in rows] == stages
    first = rows[0]
    assert (len(first.bars), first.hidden, first.done, first.counted) == (2, 3, 1, 4)
    assert (first.percent, rows[1].counted, rows[1].percent) == (25, 0, 0)


@pytest.mark.parametrize("text", ["", "x", "2026-13", "0001-01", "9999-12", "2026-11-05"])
def test_what_is_no_month_is_this_one(text: str) -> None:
    assert read_month(text, TODAY) == date(2026, 11, 1)


def test_a_sheet_begins_on_a_monday_and_shows_three_a_day() -> None:
    assert span_of(date(2026, 11, 1)) == (date(2026, 10, 26), date(2026, 12, 6))
    due = [action(None, TODAY) for _number in range(5)]
    sheet = sheet_of(date(2026, 11, 1), due, TODAY)
    assert all(len(week) == 7 and week[0].on.weekday() == 0 for week in sheet.weeks)
    [day] = [day for week in sheet.weeks for day in week if day.due]
    assert (day.on, day.is_today, len(day.first), len(day.rest)) == (TODAY, True, 3, 2)
    assert (sheet.before, sheet.after) == ("2026-10", "2026-12")
