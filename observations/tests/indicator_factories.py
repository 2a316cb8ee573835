"""Plain makers of indicators and their counts for tests."""

from __future__ import annotations

from typing import Any

from journeys.models import Channel, Location, Programme, Segment
from observations.indicator_writing import fill
from observations.models import IndicatorDefinition, IndicatorReading
from scoring.indicators import SETTLED, Direction, Kind


def make_indicator(programme: Programme, kind: str = "nps", **fields: Any) -> IndicatorDefinition:
    fields.setdefault("key", kind)
    fields.setdefault("name", kind.upper())
    fields.setdefault("direction", SETTLED.get(Kind(kind), Direction.HIGHER).value)
    if kind == "retention":
        fields.setdefault("active_rule", "Bought within twelve months")
    return IndicatorDefinition.objects.create(programme=programme, kind=kind, **fields)


def count(
    definition: IndicatorDefinition,
    month: str = "2026-03",
    location: str = "",
    segment: str = "",
    channel: str = "",
    **counts: int,
) -> IndicatorReading:
    """One reading, as every door writes it."""
    programme = definition.programme
    reading = IndicatorReading(
        definition=definition,
        month=month,
        location=Location.objects.get(programme=programme, code=location) if location else None,
        segment=Segment.objects.get(programme=programme, key=segment) if segment else None,
        channel=Channel.objects.get(programme=programme, key=channel) if channel else None,
    )
    fill(reading, counts, None)
    reading.save()
    return reading


def count_nps(
    definition: IndicatorDefinition, promoters: int, detractors: int, **where: Any
) -> IndicatorReading:
    """Of 100 answers in all."""
    passives = 100 - promoters - detractors
    return count(definition, **where, promoters=promoters, passives=passives, detractors=detractors)
