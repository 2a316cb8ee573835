"""Geometry of the experience curve: figures in, coordinates of an SVG out. No ORM, no words.

All coordinates are whole units of the view box, so that no locale writes a comma into them. The
view box is as wide as the columns of the map together: a point stands in the middle of its stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from journeys.lanes import Figure

WIDTH: Final = 1040  # of few stages; more than eight make the view box wider
COLUMN: Final = 130
PLOT: Final = 220  # height of what is drawn
ROOM: Final = 5  # score points above the highest and below the lowest
MARGIN: Final = 44  # above and below, for the words of a point at the very top or bottom
HEIGHT: Final = PLOT + 2 * MARGIN
LABEL_WIDTH: Final = 48
WORD_WIDTH: Final = 96
HOLE_WIDTH: Final = 116

XY = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stop:
    """A stage as the curve sees it."""

    name: str
    figure: Figure | None
    is_moment_of_truth: bool = False
    in_perimeter: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Point:
    """A score on the curve; `text_x`, `text_y` is the middle of its printed value, `n` below it."""

    stop: Stop
    figure: Figure
    x: int
    y: int
    text_x: int
    text_y: int

    @property
    def n_y(self) -> int:
        return self.text_y + 13

    @property
    def diamond(self) -> str:
        return _path(
            [(self.x, self.y - 9), (self.x + 9, self.y), (self.x, self.y + 9), (self.x - 9, self.y)]
        )

    @property
    def box(self) -> Box:
        """What value and n cover."""
        half = LABEL_WIDTH / 2
        return Box(self.text_x - half, self.text_y - 12, self.text_x + half, self.text_y + 16)


@dataclass(frozen=True, slots=True)
class Hole:
    """A column without a score; its reason is written at (`x`, `text_y`), clear of the target."""

    stop: Stop
    x: int
    text_y: int
    left: int
    width: int
    reason: Literal["too_few", "no_data", "outside"]

    @property
    def box(self) -> Box:
        """What its words cover."""
        half = HOLE_WIDTH / 2
        return Box(self.x - half, self.text_y - 28, self.x + half, self.text_y + 6)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A line across the columns with its word at (`word_x`, `word_y`), away from points and lines."""

    y: int
    word_x: int
    word_y: int


@dataclass(frozen=True, slots=True)
class Curve:
    width: int
    height: int
    stops: tuple[Stop, ...]
    zero_y: int
    columns: tuple[int, ...]
    points: tuple[Point, ...]
    holes: tuple[Hole, ...]
    typical: tuple[str, ...]
    bands: tuple[str, ...]
    targets: tuple[str, ...]
    low: Threshold | None
    high: Threshold | None

    @property
    def neutral_height(self) -> int:
        """Of the pale strip between the two thresholds."""
        return self.low.y - self.high.y if self.low and self.high else 0


@dataclass(frozen=True, slots=True)
class Scale:
    """From the lowest to the highest score that the plot has room for."""

    lowest: float = -100.0
    highest: float = 100.0

    def height_of(self, score: float) -> int:
        """The y of a score; a score beyond the ends (an interval's) stops there."""
        inside = max(self.lowest, min(self.highest, score))
        return round(MARGIN + PLOT * (self.highest - inside) / (self.highest - self.lowest))


def scale_of(figures: Iterable[Figure]) -> Scale:
    """As high as what is drawn; zero and both thresholds always are."""
    drawn = [0.0]
    for figure in figures:
        drawn += [
            score
            for score in (figure.value, figure.low, figure.high, figure.target)
            if score is not None
        ]
        drawn += figure.thresholds or ()
    if min(drawn) == max(drawn):
        return Scale()
    return Scale(max(-100.0, min(drawn) - ROOM), min(100.0, max(drawn) + ROOM))


def draw_curve(stops: Sequence[Stop], scale: Scale | None = None) -> Curve:
    """The curve of a journey, one stop a stage; the line breaks where a stage has no score.

    Of a curve in several parts each is drawn with the `scale` of the whole.
    """
    column = max(COLUMN, WIDTH // max(1, len(stops)))
    middles = [column * number + column // 2 for number in range(len(stops))]
    scale = scale or scale_of(s.figure for s in stops if s.figure and s.in_perimeter)
    values = _runs(stops, middles, scale, lambda figure: figure.value)
    targets = _runs(stops, middles, scale, lambda figure: figure.target)
    lines = [*values, *targets]
    points = tuple(
        _point(stop, (x, scale.height_of(score)), column, values, targets)
        for stop, x in zip(stops, middles, strict=True)
        if (score := _score(stop)) is not None
    )
    holes = tuple(
        Hole(stop, x, _clear_y(x, targets), x - column // 2, column, _reason(stop))
        for stop, x in zip(stops, middles, strict=True)
        if _score(stop) is None
    )
    words = [*(point.box for point in points), *(hole.box for hole in holes)]
    known = next((s.figure.thresholds for s in stops if s.figure and s.figure.thresholds), None)
    return Curve(
        width=column * len(stops),
        height=HEIGHT,
        stops=tuple(stops),
        zero_y=scale.height_of(0),
        columns=tuple(column * number for number in range(1, len(stops))),
        points=points,
        holes=holes,
        typical=tuple(_path(run) for run in values if len(run) > 1),
        bands=tuple(_bands(stops, middles, scale)),
        targets=tuple(_path(_widened(run, column // 4)) for run in targets),
        low=_threshold(scale.height_of(known[0]), 15, middles, words, lines) if known else None,
        high=_threshold(scale.height_of(known[1]), -6, middles, words, lines) if known else None,
    )


def _score(stop: Stop) -> float | None:
    return stop.figure.value if stop.figure and stop.in_perimeter else None


def _reason(stop: Stop) -> Literal["too_few", "no_data", "outside"]:
    if not stop.in_perimeter:
        return "outside"
    return "too_few" if stop.figure and stop.figure.needed else "no_data"


def _path(points: Iterable[XY]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _widened(run: list[XY], by: int) -> list[XY]:
    """A lone target becomes a short line: a single point would not be seen."""
    if len(run) > 1:
        return run
    [(x, y)] = run
    return [(x - by, y), (x + by, y)]


def _runs(
    stops: Sequence[Stop],
    middles: list[int],
    scale: Scale,
    value: Callable[[Figure], float | None],
) -> list[list[XY]]:
    """Unbroken runs of coordinates of one value of the figures."""
    runs: list[list[XY]] = [[]]
    for stop, x in zip(stops, middles, strict=True):
        known = value(stop.figure) if stop.figure and stop.in_perimeter else None
        if known is None:
            runs.append([])
        else:
            runs[-1].append((x, scale.height_of(known)))
    return [run for run in runs if run]


def _bands(stops: Sequence[Stop], middles: list[int], scale: Scale) -> Iterable[str]:
    """One closed outline for each unbroken run of intervals."""
    scored = [stop if _score(stop) is not None else Stop(stop.name, None) for stop in stops]

    def end(one: float | None, other: float | None) -> float | None:
        return one if other is not None else None

    tops = _runs(scored, middles, scale, lambda figure: end(figure.high, figure.low))
    bottoms = _runs(scored, middles, scale, lambda figure: end(figure.low, figure.high))
    for top, bottom in zip(tops, bottoms, strict=True):
        yield _path([*_widened(top, 8), *reversed(_widened(bottom, 8))])


def _y_at(line: list[XY], x: float) -> float | None:
    """The height of a line at `x`, None beside it."""
    for (x1, y1), (x2, y2) in pairwise(line):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return None


def _overlap(one: Box, other: Box) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not beside and one.top < other.bottom and other.top < one.bottom


def _crossings(box: Box, lines: list[list[XY]]) -> int:
    """At how many of nine places a line runs through a box."""
    places = [box.left + (box.right - box.left) * step / 8 for step in range(9)]
    heights = (_y_at(line, place) for line in lines for place in places)
    return sum(1 for y in heights if y is not None and box.top <= y <= box.bottom)


def _point(
    stop: Stop, at: XY, column: int, values: list[list[XY]], targets: list[list[XY]]
) -> Point:
    """The point with its words where the fewest lines cross them: below if it can be."""
    figure = stop.figure
    assert figure is not None
    x, y = at
    aside = min(26, (column - LABEL_WIDTH) // 2 - WORD_WIDTH // 4)
    places = [
        Point(stop, figure, x, y, x + shift, text_y)
        for text_y in (y + 26, y - 28)
        for shift in (0, aside, -aside)
    ]
    return min(
        places,
        key=lambda place: 3 * _crossings(place.box, values) + 2 * _crossings(place.box, targets),
    )


def _clear_y(x: int, lines: list[list[XY]]) -> int:
    """The middle of the plot for two lines of words, or below or above where a line is in the way."""

    def crossings(y: int) -> int:
        return _crossings(Box(x - HOLE_WIDTH / 2, y - 28, x + HOLE_WIDTH / 2, y + 8), lines)

    middle = HEIGHT // 2
    return min((middle - 8, middle + 50, middle - 60, HEIGHT - 20), key=crossings)


def _threshold(
    y: int, offset: int, middles: list[int], words: list[Box], lines: list[list[XY]]
) -> Threshold:
    """The word stands between two columns, where no point can be, far from lines and other words."""
    borders = [(left + right) // 2 for left, right in pairwise(middles)] or [WORD_WIDTH]

    def nearest(border: int) -> float:
        half = WORD_WIDTH / 2
        box = Box(border - half, y + offset - 12, border + half, y + offset + 4)
        if any(_overlap(box, other) for other in words):
            return -1
        places = [border + step * WORD_WIDTH / 8 for step in range(-4, 5)]
        heights = (_y_at(line, place) for line in lines for place in places)
        return min((abs(h - y - offset / 2) for h in heights if h is not None), default=HEIGHT)

    return Threshold(y=y, word_x=max(borders, key=nearest), word_y=y + offset)
