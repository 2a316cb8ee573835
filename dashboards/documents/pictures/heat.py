"""The heat map of the page as a drawing: typical minus target, with its journey and its legend."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.looks import HEAT, INK, QUIET, STRONG
from dashboards.documents.messages import short
from dashboards.documents.pictures.charts import draw_phases
from dashboards.documents.pictures.drawing import XY, Drawing
from dashboards.heat_map import NO_CELL, HeatCell, HeatRow

SIDE: Final = 160  # the names of the rows
CELL: Final = 84
ROW: Final = 30
HEADING: Final = 26
PHASE: Final = 24
NAME: Final = 16  # letters on a line of the name of a stage
LINES: Final = 4
LEGEND: Final = 46
CHIP: Final = 128
BOLD: Final = ("below-3", "above-3")


def draw_heat_map(stages: Sequence[Gap], rows: Sequence[HeatRow], heat: HeatParts) -> Drawing:
    """Columns in the order of the page; a row for each part, all of them."""
    top = HEADING + PHASE + 20 + 14 * _most_lines(stages)
    chips = _legend(rows)
    width = SIDE + CELL * (len(stages) + heat.has_journey)
    drawing = Drawing(max(width, CHIP * len(chips)), top + ROW * len(rows) + LEGEND)
    drawing.text((0, 14), _("Typical minus target"), size=13, anchor="start", bold=True)
    _heads(drawing, stages, heat)
    for number, row in enumerate(rows):
        foot = top + ROW * number
        drawing.text((0, foot + 19), short(row.name, 28), size=12, anchor="start", bold=True)
        cells = [*row.cells, *([row.journey or NO_CELL] if heat.has_journey else [])]
        for column, cell in enumerate(cells):
            _cell(drawing, (SIDE + CELL * column, foot), CELL, cell)
    for number, chip in enumerate(chips):
        _cell(drawing, (CHIP * number, drawing.height - ROW), CHIP, chip, is_legend=True)
    return drawing


def _heads(drawing: Drawing, stages: Sequence[Gap], heat: HeatParts) -> None:
    phases = Drawing(CELL * len(stages), PHASE)
    draw_phases(phases, stages, CELL)
    drawing.place(phases, (SIDE, HEADING))
    first = HEADING + PHASE + 24
    drawing.text((0, first), str(heat.by.label), size=12, colour=QUIET, anchor="start")
    names = [(gap.stage.name, gap.stage.is_moment_of_truth) for gap in stages]
    if heat.has_journey:
        names.append((_("Journey"), False))
    for column, (name, is_moment_of_truth) in enumerate(names):
        middle = SIDE + CELL * (column + 0.5)
        if is_moment_of_truth:
            drawing.diamond((middle, first - 15), 5, fill=INK)
        drawing.wrapped((middle, first), name, width=NAME, lines=LINES, size=11)


def _most_lines(stages: Sequence[Gap]) -> int:
    return min(LINES, max(len(textwrap.wrap(gap.stage.name, NAME)) for gap in stages))


def _cell(
    drawing: Drawing, at: XY, width: float, cell: HeatCell, *, is_legend: bool = False
) -> None:
    left, top, width, height = at[0] + 1, at[1] + 1, width - 2, ROW - 2
    if cell.tone == "hatched":
        drawing.hatched(left, top, width, height)
    elif cell.tone == "untargeted":
        right, foot = left + width - 1, top + height - 1
        edges = [(left + 1, top + 1), (right, top + 1), (right, foot), (left + 1, foot)]
        drawing.path([*edges, edges[0]], colour=STRONG, dash="3 3")
    elif cell.tone in HEAT:
        drawing.rect(left, top, width, height, fill=HEAT[cell.tone], round_by=4)
    is_figure = cell.tone not in ("hatched", "none")
    drawing.text(
        (left + width / 2, top + 18),
        cell.text,
        size=13 if is_figure and not is_legend else 11,
        colour=INK if is_figure else QUIET,
        bold=cell.tone in BOLD and not is_legend,
        halo=cell.tone == "hatched",
    )


def _legend(rows: Iterable[HeatRow]) -> list[HeatCell]:
    """That of the page; with what a score in a dashed frame is, where there is one."""
    words = {
        "below-3": _("far below"),
        "below-1": _("below"),
        "at": _("at target"),
        "above-1": _("above"),
        "above-3": _("far above"),
        "hatched": _("too few observations"),
    }
    cells = (cell for row in rows for cell in (*row.cells, row.journey))
    if any(cell is not None and cell.tone == "untargeted" for cell in cells):
        words["untargeted"] = _("score, no target")
    return [HeatCell(text, "", tone, "", "") for tone, text in words.items()]
