"""A location as a point: the score of one stage across, an indicator up, between round values."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import ceil, floor
from typing import Final, Literal
from unicodedata import east_asian_width

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.documents.looks import ACCENT, INK, LINE, QUIET, STRONG, WHITE
from dashboards.documents.messages import short
from dashboards.documents.pictures.drawing import XY, Drawing
from dashboards.driver_lines import (
    analyse,
    cautions,
    nothing_drawn,
    points_of,
    shown_value,
    signed_text,
)
from dashboards.indicator_words import SCALES, digits_of, fixed, with_unit
from journeys.models import Stage
from observations.driver_rows import DriverSheet
from scoring.indicators import Unit

WIDTH: Final = 860
PLOT: Final = 400  # its height
TOP: Final = 34  # the name of the axis up
FOOT: Final = 62  # ticks and the name of the axis across
INSIDE: Final = 22  # between the outer lines and the edge, so that no point stands on it
LETTER: Final = 0.52  # of the size, the mean width of a letter
RADIUS: Final = 6.5
FEW: Final = 30  # locations that may be named
MOST_LINES: Final = 6  # of the grid, one way
NAME_SIZE: Final = 11
LINE_LENGTH, LINE_HEIGHT = 150, 17  # of the words below

Box = tuple[float, float, float, float]  # left, top, right, bottom
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Grid:
    """Round values around what is drawn, and the decimals they need."""

    ticks: tuple[Fraction, ...]
    digits: int

    def part(self, value: Fraction) -> float:
        """0 at the first line, 1 at the last."""
        first, last = self.ticks[0], self.ticks[-1]
        return float((value - first) / (last - first))


@dataclass(frozen=True, slots=True)
class Name:
    at: XY
    anchor: Anchor
    text: str


def round_grid(values: Sequence[Fraction], digits: int) -> Grid:
    """1, 2 or 5 times a power of ten apart, no finer than so many `digits`: those that are printed."""
    low, high = min(values), max(values)
    step = next(one for one in _steps(digits) if (high - low) / one <= MOST_LINES - 1)
    first, last = floor(low / step), ceil(high / step)
    if first == last:
        first, last = first - 1, last + 1
    needed = next(n for n in range(digits + 1) if (step * 10**n).denominator == 1)
    return Grid(tuple(step * number for number in range(first, last + 1)), needed)


def _steps(digits: int) -> Iterator[Fraction]:
    for power in count(-digits):
        for times in (1, 2, 5):
            yield times * Fraction(10) ** power


def draw_scatter(sheet: DriverSheet, stage: Stage) -> Drawing:
    """Names stand beside points where few are drawn and there is room; below, what n allows to say."""
    rows = points_of(sheet, stage)
    said = _said(sheet)
    if not rows:
        drawing = Drawing(WIDTH, 40 + _height(said))
        drawing.text((0, 20), nothing_drawn(), size=14, colour=QUIET, anchor="start")
        _paragraphs(drawing, 40, said)
        return drawing
    definition = sheet.definition
    unit = rows[0].figure.unit
    values = [(row.scores[stage.key], shown_value(sheet, row)) for row in rows]
    across = round_grid([x for x, _y in values], 0)
    up = round_grid([y for _x, y in values], max(digits_of(row.figure) for row in rows))
    ticks = [
        with_unit(definition, unit, _tick(tick, up.digits, signed=unit is Unit.POINTS))
        for tick in up.ticks
    ]
    left = 14 + max(_wide(text, 12) for text in ticks)
    frame = (left, TOP, WIDTH, TOP + PLOT)
    points = [_at(frame, across.part(x), up.part(y)) for x, y in values]
    names = place_names(points, [short(row.location.name, 26) for row in rows], frame)
    notes = [*said, *_unnamed(names)]
    drawing = Drawing(WIDTH, TOP + PLOT + FOOT + _height(notes))
    _ground(drawing, frame, across, up, ticks)
    _axes(drawing, sheet, stage, len(rows))
    _points(drawing, points, names)
    _paragraphs(drawing, TOP + PLOT + FOOT, notes)
    return drawing


def _said(sheet: DriverSheet) -> list[str]:
    """What so many locations carry comes first."""
    return [analyse(sheet).verdict, *cautions(sheet)]


def _tick(value: Fraction, digits: int, *, signed: bool) -> str:
    return signed_text(value, digits) if signed else fixed(value, digits)


def _wide(text: str, size: float) -> float:
    """About as wide as it will be drawn, rather more than less."""
    return size * sum(1 if east_asian_width(one) in "WF" else LETTER for one in text)


def _at(frame: Box, across: float, up: float) -> XY:
    left, top, right, bottom = frame
    width, height = right - left - 2 * INSIDE, bottom - top - 2 * INSIDE
    return left + INSIDE + across * width, bottom - INSIDE - up * height


def _ground(drawing: Drawing, frame: Box, across: Grid, up: Grid, up_words: Sequence[str]) -> None:
    left, top, right, bottom = frame
    for tick in across.ticks:
        x = _at(frame, across.part(tick), 0)[0]
        drawing.line((x, top), (x, bottom), colour=LINE if tick else STRONG, width=0.8)
        words = signed_text(tick, across.digits)
        drawing.text((x, bottom + 18), words, size=12, colour=QUIET)
    for tick, words in zip(up.ticks, up_words, strict=True):
        y = _at(frame, 0, up.part(tick))[1]
        drawing.line((left, y), (right, y), colour=LINE if tick else STRONG, width=0.8)
        drawing.text((left - 8, y + 4), words, size=12, colour=QUIET, anchor="end")


def _axes(drawing: Drawing, sheet: DriverSheet, stage: Stage, n: int) -> None:
    definition = sheet.definition
    counted = n_locations(n)
    room = int((WIDTH - _wide(counted, 12) - 20) / (12 * LETTER))
    name = f"{definition.name} ({SCALES[definition.measured]})"
    drawing.text((0, 16), short(name, room), size=12, anchor="start", bold=True)
    drawing.text((WIDTH, 16), counted, size=12, colour=QUIET, anchor="end")
    across = _("Score of “%(stage)s”") % {"stage": stage.name}
    foot = TOP + PLOT + 40
    drawing.text((WIDTH, foot), short(across, 130), size=12, anchor="end", bold=True)


def n_locations(n: int) -> str:
    return ngettext("n = %(n)d location", "n = %(n)d locations", n) % {"n": n}


def _points(drawing: Drawing, points: Sequence[XY], names: Sequence[Name | None]) -> None:
    for point in points:
        drawing.circle(point, RADIUS, fill=ACCENT, edge=WHITE)
    for name in names:
        if name is not None:
            drawing.text(name.at, name.text, size=NAME_SIZE, anchor=name.anchor, halo=True)


def place_names(points: Sequence[XY], texts: Sequence[str], frame: Box) -> list[Name | None]:
    """Each beside its point and over nothing else; None where there is no room, or there are too many."""
    if len(points) > FEW:
        return [None] * len(points)
    taken = [_around(point) for point in points]
    found: list[Name | None] = []
    for point, text in zip(points, texts, strict=True):
        free = (
            (name, box)
            for name, box in _places(point, text)
            if _within(box, frame) and not any(_cross(box, other) for other in taken)
        )
        name, box = next(free, (None, None))
        found.append(name)
        if box is not None:
            taken.append(box)
    return found


def _around(point: XY) -> Box:
    x, y = point
    return x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS


def _places(point: XY, text: str) -> Iterator[tuple[Name, Box]]:
    """On the right, on the left, above, below, then aslant."""
    x, y = point
    wide = _wide(text, NAME_SIZE)
    aside, up, down = RADIUS + 3, RADIUS + 4, RADIUS + 12
    tries: list[tuple[float, float, Anchor]] = [
        (aside, 4, "start"),
        (-aside, 4, "end"),
        (0, -up, "middle"),
        (0, down, "middle"),
        (4, -up, "start"),
        (4, down, "start"),
        (-4, -up, "end"),
        (-4, down, "end"),
    ]
    for across, below, anchor in tries:
        at = x + across, y + below
        left = at[0] - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        yield Name(at, anchor, text), (left, at[1] - 9, left + wide, at[1] + 3)


def _cross(one: Box, other: Box) -> bool:
    beside = one[2] <= other[0] or other[2] <= one[0]
    return not beside and one[3] > other[1] and other[3] > one[1]


def _within(box: Box, frame: Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _unnamed(names: Sequence[Name | None]) -> list[str]:
    """Whoever reads the picture is told where the names are."""
    without = sum(name is None for name in names)
    if not without:
        return []
    return [
        ngettext(
            "%(n)d point stands without its name for want of room: the figures (CSV) name it.",
            "%(n)d points stand without their names for want of room: the figures (CSV) name them.",
            without,
        )
        % {"n": without}
    ]


def _lines(paragraphs: Iterable[str]) -> list[str]:
    return [line for words in paragraphs for line in textwrap.wrap(words, LINE_LENGTH)]


def _height(paragraphs: Sequence[str]) -> int:
    return 10 + LINE_HEIGHT * len(_lines(paragraphs))


def _paragraphs(drawing: Drawing, top: float, paragraphs: Sequence[str]) -> None:
    """The first, what may be said at all, stands out."""
    foot = top + 14
    for number, words in enumerate(paragraphs):
        colour = QUIET if number else INK
        for line in _lines([words]):
            drawing.text((0, foot), line, size=12, colour=colour, anchor="start", bold=not number)
            foot += LINE_HEIGHT
