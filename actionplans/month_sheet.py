"""The plan on a sheet of one month: weeks from Monday, each day with what is due on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from actionplans.models import Action
from actionplans.timeline import month_of, next_month

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    in_month: bool
    is_today: bool
    due: list[Action]

    @property
    def first(self) -> list[Action]:
        return self.due[:SHOWN]

    @property
    def rest(self) -> list[Action]:
        return self.due[SHOWN:]


@dataclass(frozen=True, slots=True)
class Sheet:
    month: date
    weeks: list[list[Day]]

    @property
    def before(self) -> str:
        return f"{month_of(self.month - timedelta(days=1)):%Y-%m}"

    @property
    def after(self) -> str:
        return f"{next_month(self.month):%Y-%m}"


def read_month(text: str, today: date) -> date:
    """ "2026-11" as its first day; the month of today for what is no month."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return month_of(today)
    return month if 1990 <= month.year <= 2200 else month_of(today)


def span_of(month: date) -> tuple[date, date]:
    """The Monday on or before the first day, and the Sunday on or after the last."""
    first = month - timedelta(days=month.weekday())
    last = next_month(month) - timedelta(days=1)
    return first, last + timedelta(days=6 - last.weekday())


def sheet_of(month: date, actions: Iterable[Action], today: date) -> Sheet:
    by_day: dict[date, list[Action]] = {}
    for action in actions:
        by_day.setdefault(action.due_on, []).append(action)
    first, last = span_of(month)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    sheet = [Day(day, month_of(day) == month, day == today, by_day.get(day, [])) for day in days]
    return Sheet(month, [sheet[start : start + 7] for start in range(0, len(sheet), 7)])
