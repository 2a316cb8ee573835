"""A journey as a grid: stages under their phases across, lanes down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from journeys.access import Access
from journeys.curve import Curve, Stop, draw_curve
from journeys.lanes import Cell, Figure, Lane, lanes_for
from journeys.map_edits import next_steps
from journeys.matrix import Standing
from journeys.models import Journey, MapEdit, Stage


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


def map_of(
    journey: Journey,
    access: Access,
    lanes: Sequence[Lane] | None = None,
    *,
    own_lanes: bool = False,
) -> JourneyMap:
    """Lanes over a journey loaded by `for_map()`: those given, else all that this person may see.

    With `own_lanes` only those of the map itself, which what is typed on it may change.
    """
    stages = tuple(journey.stages.all())
    shown = lanes_for(access) if lanes is None else lanes
    shown = [lane for lane in shown if lane.is_own or not own_lanes]
    rows = tuple(_lane_row(lane, stages, journey, access) for lane in shown)
    return JourneyMap(
        stages=stages,
        phases=phases_of(stages),
        lane_rows=rows,
        stage_rows=tuple(
            StageRow(stage, tuple((row.lane, row.cells[number][1]) for row in rows))
            for number, stage in enumerate(stages)
        ),
    )


def phases_of(stages: Sequence[Stage]) -> tuple[PhaseSpan, ...]:
    return tuple(
        PhaseSpan(phase, str(Stage.Phase(phase).label), len(list(neighbours)))
        for phase, neighbours in groupby(stages, key=lambda stage: stage.phase)
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


def standings_of(row: LaneRow) -> list[Standing]:
    """The figures of a lane as the matrix takes them."""
    return [
        Standing(
            stage.pk,
            stage.name,
            stage.criticality,
            cell if isinstance(cell, Figure) else None,
            in_perimeter=stage.in_perimeter,
        )
        for stage, cell in row.cells
    ]


def walks(journey: Journey, access: Access) -> list[tuple[MapEdit | None, str, str]]:
    """What the two buttons above the map would take back and do again: step, way, word."""
    undoable, redoable = next_steps(journey, access.user)
    return [(undoable, "undo", _("Undo")), (redoable, "redo", _("Redo"))]
