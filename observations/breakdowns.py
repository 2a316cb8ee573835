"""The typical journey in parts: by location, region, channel or wave, each read as its filter reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from journeys.models import Location
from observations.cells import (
    cells_by_wave,
    cells_in,
    facts_of,
    grouped_readings,
    shares_in,
    wave_of,
    within,
)
from observations.channels import read_channels
from observations.models import Reading
from observations.scores import ScoreSheet
from scoring.classify import (
    CellRow,
    JourneyReading,
    JourneyScore,
    LocationShare,
    ReadingRow,
    StageFacts,
    StageScore,
    score_journey,
)
from scoring.models import StageCell


class Dimension(models.TextChoices):
    """What the typical journey is broken down by; the values are the filters' names in the URL."""

    LOCATION = "location", _("Location")
    REGION = "region", _("Region")
    CHANNEL = "channel", _("Channel")
    WAVE = "wave", _("Wave")


@dataclass(frozen=True, slots=True)
class Part:
    """One value of the dimension's filter, and its scores by stage key.

    A stage that the part has nothing to do with is missing. A channel has no journey score.
    """

    key: str
    name: str
    stages: Mapping[str, StageScore]
    journey: JourneyScore | None


def read_breakdown(
    sheet: ScoreSheet, dimension: Dimension, *, most: int | None = None
) -> list[Part]:
    """The parts in their own order, also those without data; none where nothing can be scored.

    With `most`, places after so many are named and not scored: scoring takes its time where there are
    hundreds. A wave is read whatever months the sheet was read for. The number of queries is fixed, and none
    of them touches an observation.
    """
    if sheet.framework is None or not sheet.stages:
        return []
    if dimension is Dimension.CHANNEL:
        return _by_channel(sheet)
    facts = facts_of(sheet.journey, sheet.stages, sheet.items)
    if dimension is Dimension.WAVE:
        return _by_wave(sheet, facts)
    return _by_place(sheet, facts, dimension, most)


def observed_in(sheet: ScoreSheet, dimension: Dimension) -> dict[str, int]:
    """{key of a part by place: the observations of the version shown}; none of what nothing was seen in."""
    if sheet.framework is None:
        return {}
    key = f"location__{'region' if dimension is Dimension.REGION else 'code'}"
    cells = StageCell.objects.filter(
        within(sheet.selection), framework=sheet.framework, stage=None
    ).exclude(location=None)
    rows = cells.order_by().values_list(key).annotate(total=Sum("n"))
    return {place: int(total) for place, total in rows}


def _part(key: str, name: str, read: JourneyReading) -> Part:
    return Part(key, name, {one.stage: one for one in read.stages}, read.journey)


def _score(
    sheet: ScoreSheet,
    facts: Sequence[StageFacts],
    cells: Sequence[CellRow],
    readings: Sequence[ReadingRow],
    shares: Sequence[LocationShare],
) -> JourneyReading:
    assert sheet.framework is not None
    return score_journey(
        stages=facts,
        cells=cells,
        pools=sheet.pools,
        shares=shares,
        method_weights=sheet.journey.programme.method_weights,
        thresholds=sheet.framework.thresholds,
        readings=readings,
    )


def _by_place(
    sheet: ScoreSheet, facts: Sequence[StageFacts], dimension: Dimension, most: int | None
) -> list[Part]:
    """Of the selection's locations; a location without a region is in no region."""
    assert sheet.framework is not None
    rows = Location.objects.filter(programme=sheet.journey.programme)
    if sheet.selection.locations is not None:
        rows = rows.filter(code__in=sheet.selection.locations)
    groups: dict[str, list[Location]] = {}
    for location in rows:
        place = location.region if dimension is Dimension.REGION else location.code
        if place:
            groups.setdefault(place, []).append(location)
    cells: dict[str | None, list[CellRow]] = {}
    for cell in cells_in(sheet.framework, sheet.selection):
        cells.setdefault(cell.location, []).append(cell)
    counted = Reading.objects.filter(within(sheet.selection), framework=sheet.framework)
    key = f"location__{'region' if dimension is Dimension.REGION else 'code'}"
    readings = grouped_readings(counted.exclude(location=None), [key], sheet.stages, sheet.items)
    parts = []
    ordered = sorted(groups) if dimension is Dimension.REGION else list(groups)
    for place in ordered[:most]:
        locations = groups[place]
        own = [cell for location in locations for cell in cells.get(location.code, ())]
        shares = [LocationShare(location.code, location.share_bp) for location in locations]
        name = place if dimension is Dimension.REGION else locations[0].name
        read = _score(sheet, facts, own, readings.get((place,), []), shares)
        parts.append(_part(place, name, read))
    rest = [] if most is None else ordered[most:]
    return parts + [Part(place, place, {}, None) for place in rest]


def _by_wave(sheet: ScoreSheet, facts: Sequence[StageFacts]) -> list[Part]:
    """In the order of time: the trend."""
    framework = sheet.framework
    assert framework is not None
    always = replace(sheet.selection, first_month=None, last_month=None, wave=None)
    cells = cells_by_wave(framework, always)
    counted = Reading.objects.filter(within(always), framework=framework)
    counted = counted.annotate(wave=wave_of(framework))
    readings = grouped_readings(counted, ["wave"], sheet.stages, sheet.items)
    shares = shares_in(sheet.journey, always)
    return [
        _part(
            wave.key,
            wave.name,
            _score(sheet, facts, cells.get(wave.pk, []), readings.get((wave.pk,), []), shares),
        )
        for wave in framework.journey.programme.waves.all()
    ]


def _by_channel(sheet: ScoreSheet) -> list[Part]:
    read = read_channels(sheet)
    stages: dict[str, dict[str, StageScore]] = {}
    for spread in read.spreads:
        for one in spread.channels:
            stages.setdefault(one.channel, {})[spread.stage] = one.score
    return [
        Part(key, channel.name, stages.get(key, {}), None)
        for key, channel in sorted(read.channels.items(), key=lambda found: found[1].position)
    ]
