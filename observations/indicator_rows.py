"""The readings that a figure of an indicator was added up from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from journeys.access import Access
from observations.indicators import IndicatorFigure, in_months, readings_at
from observations.selection import Selection


def readings_behind(
    one: IndicatorFigure, selection: Selection, access: Access
) -> QuerySet[Any, Any]:
    """Those that this person may read under the selection that the figure was read with, by month."""
    places = replace(selection, segment=None) if one.all_segments else selection
    rows = readings_at(access, places).filter(
        in_months(selection.first_month, selection.last_month), definition=one.definition
    )
    return (rows.filter(segment=None) if one.all_segments else rows).order_by("month", "pk")
