"""Months as people say them; stored, sent and sorted they are "2026-03"."""

from __future__ import annotations

from datetime import date

from django.utils import formats


def month_text(month: str) -> str:
    """ "2026-03" is "March 2026" in the reader's language; what is no month stays as it is."""
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return formats.date_format(day, "YEAR_MONTH_FORMAT")


def period_text(first: str, last: str) -> str:
    """Both ends included: "March 2026", a dash, "May 2026"; one month alone by its name."""
    if first == last:
        return month_text(first)
    return f"{month_text(first)} \N{EN DASH} {month_text(last)}"
