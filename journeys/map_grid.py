"""A journey as a grid: stages under their phases across, lanes down."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from journeys.access import Access
from journeys.curve import Curve, Stop, draw_curve
from journeys.lanes import Cell, Figure, Lane, lanes_for
from journeys.models import Journey, Stage


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """Neighbouring stages of one phase."""

    phase: str
    name: str
    stage_count: int


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A lane with one cell a stage, None where it says nothing; `curve` for a lane of that kind."""

    lane: Lane
    cells: tuple[tuple[Stage, Cell | None], ...]
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class StageRow:
    """The same grid read stage by stage: the table view, and the map on a phone."""

    stage: Stage
    cells: tuple[tuple[Lane, Cell | None], ...]


@dataclass(frozen=True, slots=True)
class JourneyMap:
    stages: tuple[Stage, ...]
    phases: tuple[PhaseSpan, ...]
    lane_rows: tuple[LaneRow, ...]
    stage_rows: tuple[StageRow, ...]


def map_of(journey: Journey, access: Access) -> JourneyMap:
    """The lanes this person may see, over a journey loaded by `for_map()`."""
    stages = tuple(journey.stages.all())
    rows = tuple(_lane_row(lane, stages, journey, access) for lane in lanes_for(access))
    return JourneyMap(
        stages=stages,
        phases=tuple(
            PhaseSpan(phase, str(Stage.Phase(phase).label), len(list(neighbours)))
            for phase, neighbours in groupby(stages, key=lambda stage: stage.phase)
        ),
        lane_rows=rows,
        stage_rows=tuple(
            StageRow(stage, tuple((row.lane, row.cells[number][1]) for row in rows))
            for number, stage in enumerate(stages)
        ),
    )


def _lane_row(lane: Lane, stages: tuple[Stage, ...], journey: Journey, access: Access) -> LaneRow:
    answered = lane.cells(journey, access)
    cells = tuple((stage, answered.get(stage.key)) for stage in stages)
    if lane.kind != "curve":
        return LaneRow(lane, cells, None)
    stops = [
        Stop(
            stage.name,
            cell if isinstance(cell, Figure) else None,
            is_moment_of_truth=stage.is_moment_of_truth,
            in_perimeter=stage.in_perimeter,
        )
        for stage, cell in cells
    ]
    return LaneRow(lane, cells, draw_curve(stops))
