"""The stages of a journey by location, and the journey by wave, each read as its filter reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from dashboards.boards import JourneyLine, counted, journey_line
from journeys.models import Journey, Location
from journeys.months import period_text
from observations.cells import cells_in, facts_of, reading_counts, within
from observations.changes import ChangeSheet, read_changes
from observations.models import Reading
from observations.scores import ScoreSheet, read_scores
from observations.selection import Comparison, Selection
from scoring.classify import CellRow, LocationShare, ReadingRow, StageScore
from scoring.league import score_locations
from scoring.scale import score_reading


@dataclass(frozen=True, slots=True)
class Place:
    """One location and its stages by key."""

    code: str
    name: str
    stages: Mapping[str, StageScore]


@dataclass(frozen=True, slots=True)
class WavePoint:
    """The journey in one wave; `line` is how it is printed, `sheet` what it was read from."""

    name: str
    period: str
    first_month: str
    last_month: str
    line: JourneyLine
    sheet: ScoreSheet

    @property
    def n(self) -> int:
        return counted(self.sheet)

    @property
    def is_known(self) -> bool:
        return self.sheet.reading.journey.score is not None


def read_places(sheet: ScoreSheet) -> list[Place]:
    """Every location of the selection, also those without data; in a fixed number of queries."""
    framework = sheet.framework
    if framework is None or not sheet.stages:
        return []
    rows = Location.objects.filter(programme=sheet.journey.programme)
    if sheet.selection.locations is not None:
        rows = rows.filter(code__in=sheet.selection.locations)
    locations = list(rows)
    cells: dict[str | None, list[CellRow]] = {}
    for cell in cells_in(framework, sheet.selection):
        cells.setdefault(cell.stage, []).append(cell)
    readings = _readings(sheet)
    found: dict[str, dict[str, StageScore]] = {one.code: {} for one in locations}
    for facts in facts_of(sheet.journey, sheet.stages, sheet.items):
        scores = score_locations(
            facts=facts,
            cells=cells.get(facts.key, []),
            locations=[LocationShare(one.code, one.share_bp) for one in locations],
            pools=sheet.pools,
            method_weights=sheet.journey.programme.method_weights,
            thresholds=framework.thresholds,
            readings=readings.get(facts.key, {}),
        )
        for code, score in scores.items():
            found[code][facts.key] = score
    return [Place(one.code, one.name, found[one.code]) for one in locations]


def _readings(sheet: ScoreSheet) -> dict[str, dict[str, list[ReadingRow]]]:
    """{stage: {location: aggregated counts}}; those of no location belong to none."""
    rows = Reading.objects.filter(within(sheet.selection), framework=sheet.framework)
    counts = reading_counts(rows.exclude(location=None), "location__code", "method")
    found: dict[str, dict[str, list[ReadingRow]]] = {}
    for (code, method), given in sorted(counts.items()):
        for stage in sheet.stages:
            own = [item for item in sheet.items if item.stage == stage.key]
            sums = score_reading(own, given)
            if sums is not None:
                places = found.setdefault(stage.key, {})
                places.setdefault(code, []).append(ReadingRow(stage.key, method, sums))
    return found


def read_waves(sheet: ScoreSheet) -> list[WavePoint]:
    """The journey in each wave that has begun, oldest first, whatever months the sheet was read for."""
    journey = sheet.journey
    waves = sorted(journey.programme.waves.all(), key=lambda wave: wave.first_month)
    this_month = f"{timezone.localdate():%Y-%m}"
    points = []
    for wave in waves:
        if wave.first_month <= this_month:
            months = replace(
                sheet.selection,
                first_month=wave.first_month,
                last_month=wave.last_month,
                wave=wave.key,
            )
            own = read_scores(journey, months)
            points.append(
                WavePoint(
                    wave.name,
                    period_text(wave.first_month, wave.last_month),
                    wave.first_month,
                    wave.last_month,
                    journey_line(own),
                    own,
                )
            )
    return points


def read_last_change(
    journey: Journey, sheet: ScoreSheet, waves: list[WavePoint]
) -> ChangeSheet | None:
    """Between the last two waves with observations; none of a channel, whose change nobody judges."""
    measured = [wave for wave in waves if wave.n]
    if len(measured) < 2 or sheet.selection.channel is not None:
        return None
    before, after = (_window(sheet.selection, wave) for wave in measured[-2:])
    return read_changes(journey, Comparison(before, after))


def _window(selection: Selection, wave: WavePoint) -> Selection:
    return Selection(
        wave.first_month,
        wave.last_month,
        methods=selection.methods,
        locations=selection.locations,
        wave=wave.sheet.selection.wave,
    )
