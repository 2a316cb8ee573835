"""The heat map by segment: one journey a row, with the numbers of its own page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from actionplans.gaps import perimeter_journeys
from dashboards.heat_map import MOST_ROWS, NO_CELL, HeatRow, heat_cell, journey_cell
from dashboards.links import journey_url, stage_url
from journeys.access import Access
from journeys.models import Journey
from observations.breakdowns import Part
from observations.scores import ScoreSheet, read_all_scores, read_scores
from observations.selection import Selection


@dataclass(frozen=True, slots=True)
class LeftOver:
    """The stages of a row that have no column: the journey of the page has none with their key."""

    name: str
    stages: tuple[str, ...]


def segment_names(journeys: list[Journey]) -> dict[int, str]:
    """The segment of each journey; with the journey's name where one segment has several."""
    segments = [journey.segment_id for journey in journeys]
    return {
        journey.pk: str(journey.segment)
        if segments.count(journey.segment_id) == 1
        else f"{journey.segment} · {journey.name}"
        for journey in journeys
    }


def segment_rows(
    sheet: ScoreSheet, access: Access, asked: Mapping[str, str]
) -> tuple[list[HeatRow], list[LeftOver], list[str]]:
    """The journeys of the perimeter under the filters of the page, a framework version aside.

    Columns are the stages of the page's own journey; another's stage stands in the column that has
    its key. The others are read together: the number of queries is fixed. After MOST_ROWS journeys, of
    which the page's own is always one, those left are named and not read.
    """
    kept = {name: value for name, value in asked.items() if name != "framework"}
    journeys = perimeter_journeys(access)
    names = segment_names(journeys)
    columns = {stage.key for stage in sheet.stages}
    rows, left_over = [], []
    shown = _first(journeys, sheet.journey)
    for own in _sheets(shown, sheet):
        name = names[own.journey.pk]
        rows.append(_row(own, sheet, access, name, dict(asked) if own is sheet else kept))
        others = tuple(stage.name for stage in own.stages if stage.key not in columns)
        if others:
            left_over.append(LeftOver(name, others))
    return rows, left_over, [names[one.pk] for one in journeys if one not in shown]


def segment_parts(sheet: ScoreSheet, access: Access) -> list[Part]:
    """The same rows as scores by stage key, one for each journey of the perimeter."""
    journeys = perimeter_journeys(access)
    names = segment_names(journeys)
    return [
        Part(
            own.journey.key,
            names[own.journey.pk],
            {score.stage: score for score in own.reading.stages},
            own.reading.journey,
        )
        for own in _sheets(journeys, sheet)
    ]


def _first(journeys: list[Journey], own: Journey) -> list[Journey]:
    """As many as are shown, in their order."""
    others = [journey for journey in journeys if journey != own][: MOST_ROWS - 1]
    return [journey for journey in journeys if journey == own or journey in others]


def _sheets(journeys: list[Journey], sheet: ScoreSheet) -> list[ScoreSheet]:
    """In their order; the page's own is read already."""
    others = [journey for journey in journeys if journey != sheet.journey]
    read = {one.journey.pk: one for one in read_all_scores(others, _elsewhere(sheet))}
    return [read.get(journey.pk, sheet) for journey in journeys]


def other_sheet(journey: Journey, sheet: ScoreSheet) -> ScoreSheet:
    """Another journey under the selection of a sheet."""
    return read_scores(journey, _elsewhere(sheet))


def _elsewhere(sheet: ScoreSheet) -> Selection:
    """Versions are those of one journey."""
    return replace(sheet.selection, version=None)


def _row(
    own: ScoreSheet, sheet: ScoreSheet, access: Access, name: str, asked: Mapping[str, str]
) -> HeatRow:
    scores = {score.stage: score for score in own.reading.stages}
    journey = own.journey
    no_stage = replace(NO_CELL, words=_("this segment has no such stage"))
    return HeatRow(
        name=name,
        url=journey_url(access, journey, asked),
        cells=tuple(
            heat_cell(scores[stage.key], stage_url(access, journey, stage.key, asked))
            if stage.key in scores
            else no_stage
            for stage in sheet.stages
        ),
        journey=journey_cell(own.reading.journey, journey_url(access, journey, asked)),
    )
