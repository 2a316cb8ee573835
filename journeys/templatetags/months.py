"""Months in words, for templates."""

from __future__ import annotations

from typing import Any

from django import template

from journeys.months import month_text, period_text

register = template.Library()

register.filter("month", month_text)


@register.filter
def period(row: Any) -> str:
    """The months of a wave, both ends included."""
    return period_text(row.first_month, row.last_month)
