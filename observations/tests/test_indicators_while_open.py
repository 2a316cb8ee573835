"""No verdict before the wave after is over, and days that have not come yet count nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme
from journeys.tests.factories import make_wave
from observations.indicators import Compared, read_facet, read_indicators
from observations.models import IndicatorDefinition
from observations.selection import Selection
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.indicators import Change, Trend

LAST_DAY, DAY_AFTER = date(2026, 8, 31), date(2026, 9, 1)


@pytest.fixture
def better(programme: Programme) -> IndicatorDefinition:
    """Two waves, the second of them better beyond doubt."""
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    definition = make_indicator(programme)
    count_nps(definition, 30, 40, month="2026-03")
    count_nps(definition, 70, 10, month="2026-06")
    return definition


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)


def compared(definition: IndicatorDefinition, user: User, selection: Selection) -> Compared:
    access = access_of(user, definition.programme)
    [one] = read_indicators([definition], selection, access)
    assert one.compared is not None
    return one.compared


def of_the_waves(definition: IndicatorDefinition, user: User) -> Change:
    access = access_of(user, definition.programme)
    _first, second = read_facet(definition, Selection(), access, "wave")
    assert second.change is not None
    return second.change


@pytest.mark.parametrize(
    "selection", [Selection(), Selection("2026-06", "2026-08", wave="W2")], ids=["latest", "chosen"]
)
def test_no_trend_until_the_last_month_is_over(
    better: IndicatorDefinition,
    executive: User,
    selection: Selection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on(monkeypatch, LAST_DAY)
    peeked = compared(better, executive, selection).change
    assert peeked.change == 70
    assert (peeked.trend, peeked.is_open, peeked.is_real) == (None, True, False)
    assert peeked.interval is not None
    assert peeked == of_the_waves(better, executive)
    on(monkeypatch, DAY_AFTER)
    told = compared(better, executive, selection).change
    assert (told.change, told.interval) == (peeked.change, peeked.interval)
    assert (told.trend, told.is_open) == (Trend.BETTER, False)
    assert told == of_the_waves(better, executive)


def test_a_wave_that_is_over_keeps_its_verdict_while_the_next_is_open(
    better: IndicatorDefinition, executive: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, date(2026, 9, 20))
    make_wave(better.programme, "W3", first_month="2026-09", last_month="2026-11")
    count_nps(better, 10, 80, month="2026-09")
    access = access_of(executive, better.programme)
    rows = read_facet(better, Selection(), access, "wave")
    assert [row.change and row.change.trend for row in rows] == [None, Trend.BETTER, None]
    assert compared(better, executive, Selection()).change.is_open


@pytest.mark.parametrize(
    ("today", "days"),
    [(date(2026, 6, 10), 31 + 10), (date(2026, 6, 30), 61), (date(2026, 7, 1), 61)],
)
def test_a_speed_has_no_days_that_have_not_come(
    programme: Programme,
    executive: User,
    today: date,
    days: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    on(monkeypatch, today)
    definition = make_indicator(programme, "recruitment")
    count(definition, "2026-05", "PAR1", new=50, end=500)
    count(definition, "2026-06", "PAR1", new=20, end=500)
    access = access_of(executive, programme)
    [one] = read_indicators([definition], Selection(), access)
    assert (one.days, one.figure.value) == (days, Fraction(30 * 70, days))
    [row] = read_facet(definition, Selection(), access, "location")
    assert row.figure.value == Fraction(30 * 70, days)


def test_a_change_of_speed_is_that_of_the_days_that_have_come(
    programme: Programme, executive: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30 in 30 days, then 10 in the first ten: as fast as before."""
    on(monkeypatch, date(2026, 5, 10))
    make_wave(programme, "W1", first_month="2026-04", last_month="2026-04")
    make_wave(programme, "W2", first_month="2026-05", last_month="2026-05")
    definition = make_indicator(programme, "recruitment")
    count(definition, "2026-04", "PAR1", new=30, end=500)
    count(definition, "2026-05", "PAR1", new=10, end=500)
    assert compared(definition, executive, Selection()).change.change == 0
    assert of_the_waves(definition, executive).change == 0
