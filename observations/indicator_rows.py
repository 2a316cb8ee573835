"""The readings that a figure of an indicator was added up from."""

from __future__ import annotations

from journeys.access import Access
from observations.indicator_querysets import IndicatorReadingQuerySet
from observations.indicators import IndicatorFigure
from observations.models import IndicatorReading
from observations.selection import Selection


def readings_behind(
    one: IndicatorFigure, selection: Selection, access: Access
) -> IndicatorReadingQuerySet:
    """Those that this person may read under the selection that the figure was read with, by month."""
    rows = IndicatorReading.objects.visible_to(access).filter(definition=one.definition)
    if selection.locations is not None:
        rows = rows.filter(location__code__in=selection.locations)
    if selection.channel:
        rows = rows.filter(channel__key=selection.channel)
    if one.all_segments:
        rows = rows.filter(segment=None)
    elif selection.segment:
        rows = rows.filter(segment__key=selection.segment)
    if selection.first_month:
        rows = rows.filter(month__gte=selection.first_month)
    if selection.last_month:
        rows = rows.filter(month__lte=selection.last_month)
    found: IndicatorReadingQuerySet = rows.order_by("month", "pk")
    return found
