"""The days of a wave: it is made of whole months."""

from __future__ import annotations

import calendar
from datetime import date

from journeys.models import Wave


def wave_days(wave: Wave) -> tuple[date, date]:
    """Its first and its last day."""
    first = date.fromisoformat(f"{wave.first_month}-01")
    year, month = int(wave.last_month[:4]), int(wave.last_month[5:])
    return first, date(year, month, calendar.monthrange(year, month)[1])


def shifted(day: date, months: int) -> date:
    """So many months later, on the last day of a month that is too short."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_between(earlier: Wave, later: Wave) -> int:
    """From the start of one to the start of the other; negative where it starts before."""
    return _months(later.first_month) - _months(earlier.first_month)


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])
