"""One row a location: the scores of the stages of a journey beside an indicator (5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from journeys.access import Access
from journeys.models import Location, Stage
from observations.cells import cells_in, facts_of, reading_counts, within
from observations.indicators import read_facet
from observations.models import IndicatorDefinition, IndicatorReading, Reading
from observations.scores import ScoreSheet
from scoring.classify import Label, LocationShare, ReadingRow
from scoring.drivers import MIN_ANSWERS_HERE, MIN_VISITS
from scoring.indicators import Figure
from scoring.league import score_locations
from scoring.scale import score_reading


@dataclass(frozen=True, slots=True)
class DriverRow:
    """`scores` hold the stages seen in enough visits here; a row is `used` with enough answers."""

    location: Location
    figure: Figure
    scores: Mapping[str, Fraction]
    visits: Mapping[str, int]

    @property
    def used(self) -> bool:
        enough = self.figure.n >= MIN_ANSWERS_HERE
        return self.figure.value is not None and enough and bool(self.scores)

    @property
    def value(self) -> Fraction:
        assert self.figure.value is not None
        return self.figure.value


@dataclass(frozen=True, slots=True)
class DriverSheet:
    """`is_own_segment`: the indicator is that of the journey's segment; else of all customers."""

    sheet: ScoreSheet
    definition: IndicatorDefinition
    rows: tuple[DriverRow, ...]
    is_own_segment: bool

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.sheet.stages

    @property
    def used(self) -> list[DriverRow]:
        return [row for row in self.rows if row.used]


def read_driver_rows(
    sheet: ScoreSheet, definition: IndicatorDefinition, access: Access
) -> DriverSheet:
    """Both sides under the wave, months and locations of the sheet; the number of queries is fixed."""
    segment = sheet.journey.segment
    told = IndicatorReading.objects.filter(definition=definition, segment=segment).exists()
    asked = replace(sheet.selection, channel=None, segment=segment.key if told else None)
    figures = {
        row.row.pk: row.figure
        for row in read_facet(definition, asked, access, "location")
        if row.row is not None
    }
    scores, visits = _scores(sheet)
    locations = [
        one
        for one in Location.objects.filter(programme=access.programme)
        if sheet.selection.locations is None or one.code in sheet.selection.locations
    ]
    rows = [
        DriverRow(one, figures[one.pk], scores.get(one.code, {}), visits.get(one.code, {}))
        for one in locations
        if one.pk in figures
    ]
    return DriverSheet(sheet, definition, tuple(rows), told)


def _scores(
    sheet: ScoreSheet,
) -> tuple[dict[str, dict[str, Fraction]], dict[str, dict[str, int]]]:
    """By location and stage: the score of the location read alone, and the visits it rests on."""
    scores: dict[str, dict[str, Fraction]] = {}
    visits: dict[str, dict[str, int]] = {}
    framework = sheet.framework
    if framework is None or not sheet.stages:
        return scores, visits
    cells = cells_in(framework, sheet.selection)
    shares = [
        LocationShare(one.code, one.share_bp)
        for one in Location.objects.filter(programme=sheet.journey.programme)
    ]
    readings = _readings(sheet)
    for facts in facts_of(sheet.journey, sheet.stages, []):
        found = score_locations(
            facts=facts,
            cells=[cell for cell in cells if cell.stage == facts.key],
            locations=shares,
            pools=sheet.pools,
            method_weights=sheet.journey.programme.method_weights,
            thresholds=framework.thresholds,
            readings=readings.get(facts.key, {}),
        )
        for code, one in found.items():
            visits.setdefault(code, {})[facts.key] = one.n
            if (
                one.n >= MIN_VISITS
                and one.label is not Label.INSUFFICIENT
                and one.score is not None
            ):
                scores.setdefault(code, {})[facts.key] = one.score
    return scores, visits


def _readings(sheet: ScoreSheet) -> dict[str, dict[str, Sequence[ReadingRow]]]:
    """Aggregated counts by stage and location; those of no location belong to none."""
    rows = Reading.objects.filter(within(sheet.selection), framework=sheet.framework)
    counts = reading_counts(rows.exclude(location=None), "location__code", "method")
    found: dict[str, dict[str, Sequence[ReadingRow]]] = {}
    for stage in sheet.stages:
        own = [item for item in sheet.items if item.stage == stage.key]
        for (code, method), given in sorted(counts.items()):
            sums = score_reading(own, given)
            if sums is not None:
                by_location = found.setdefault(stage.key, {})
                rows_here = [*by_location.get(code, ()), ReadingRow(stage.key, method, sums)]
                by_location[code] = rows_here
    return found
