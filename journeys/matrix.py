"""Score by criticality: figures in, places of an SVG out. No ORM, no words.

Three columns from ordinary to moment of truth; the height of a mark is its score. Coordinates are
whole units of the view box, so that no locale writes a comma into them. Words stand beside the
marks, pushed apart where scores are near, with a line from each mark to its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from journeys.lanes import Figure

AXIS: Final = 46  # for the scores at the left
COLUMN: Final = 244
WIDTH: Final = AXIS + 3 * COLUMN
HEAD: Final = 14  # room above the highest score
PLOT: Final = 460
WORDS: Final = 34  # two lines of words
WORDS_X: Final = 58  # from the left of a column
MARK_X: Final = 16
ASIDE: Final = 14  # a mark beside others of about the same score, three at most
STRIP_HEAD: Final = 26
TICKS: Final = (-100, -50, 0, 50, 100)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage as the matrix sees it; `row` is its number."""

    row: int
    name: str
    criticality: int
    figure: Figure | None
    in_perimeter: bool = True

    @property
    def value(self) -> float | None:
        return self.figure.value if self.figure and self.in_perimeter else None


@dataclass(frozen=True, slots=True)
class Mark:
    standing: Standing
    figure: Figure
    x: int
    y: int
    words_x: int
    words_y: int  # base line of the first of two lines

    @property
    def facts_y(self) -> int:
        return self.words_y + 14

    @property
    def line(self) -> str:
        """From the mark to its words."""
        return f"{self.x},{self.y} {self.words_x - 5},{self.words_y + 2}"

    @property
    def diamond(self) -> str:
        corners = ((0, -8), (8, 0), (0, 8), (-8, 0))
        return " ".join(f"{self.x + across},{self.y + down}" for across, down in corners)


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Words in the strip below: a stage of which nothing, or too little, is known."""

    standing: Standing
    x: int
    y: int

    @property
    def facts_y(self) -> int:
        return self.y + 14


@dataclass(frozen=True, slots=True)
class Band:
    """From one height to another: a class of the framework."""

    label: str
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Matrix:
    height: int
    plot_bottom: int
    columns: tuple[tuple[int, int], ...]  # (criticality, x of its left edge)
    ticks: tuple[tuple[int, int], ...]  # (score, y)
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]
    unmeasured: tuple[Unmeasured, ...]
    standings: tuple[Standing, ...]
    width: int = WIDTH
    axis: int = AXIS

    @property
    def strip_height(self) -> int:
        return self.height - self.plot_bottom


def draw_matrix(standings: Sequence[Standing]) -> Matrix:
    """The picture, and the same standings for a table: worst first, moments of truth before all."""
    columns = tuple((criticality, AXIS + COLUMN * (criticality - 1)) for criticality in (1, 2, 3))
    inside = [each for each in standings if each.in_perimeter]
    fullest = max((_count(inside, criticality) for criticality, _x in columns), default=0)
    plot = max(PLOT, fullest * WORDS)
    marks: list[Mark] = []
    unmeasured: list[Unmeasured] = []
    for criticality, left in columns:
        column = [each for each in inside if each.criticality == criticality]
        marks += _marks(column, left, plot)
        unmeasured += _unmeasured(column, left, HEAD + plot)
    bottom = HEAD + plot + 10
    lowest = max((each.facts_y for each in unmeasured), default=0)
    return Matrix(
        height=max(bottom, lowest + 14) if unmeasured else bottom,
        plot_bottom=bottom,
        columns=columns,
        ticks=tuple((score, _height_of(score, plot)) for score in TICKS),
        bands=_bands(standings, plot),
        marks=tuple(marks),
        unmeasured=tuple(unmeasured),
        standings=tuple(sorted(standings, key=_urgency)),
    )


def _urgency(standing: Standing) -> tuple[bool, int, bool, float]:
    known = standing.value
    return (not standing.in_perimeter, -standing.criticality, known is None, known or 0.0)


def _count(standings: Sequence[Standing], criticality: int) -> int:
    return sum(1 for each in standings if each.criticality == criticality)


def _height_of(score: float, plot: int) -> int:
    return round(HEAD + plot * (100 - score) / 200)


def _marks(column: Sequence[Standing], left: int, plot: int) -> list[Mark]:
    scored = sorted(
        (
            (_height_of(each.figure.value, plot), each, each.figure)
            for each in column
            if each.figure is not None and each.figure.value is not None
        ),
        key=lambda one: one[0],
    )
    words = _apart([y - 2 for y, _standing, _figure in scored], HEAD + 10, HEAD + plot - 16)
    marks: list[Mark] = []
    for (y, standing, figure), words_y in zip(scored, words, strict=True):
        is_near = bool(marks) and y - marks[-1].y < ASIDE
        x = marks[-1].x + ASIDE if is_near else left + MARK_X
        if x > left + MARK_X + 2 * ASIDE:
            x = left + MARK_X
        marks.append(Mark(standing, figure, x, y, left + WORDS_X, words_y))
    return marks


def _apart(heights: list[int], top: int, bottom: int) -> list[int]:
    """Sorted heights moved as little as it takes to leave room for the words of each."""
    placed: list[int] = []
    for height in heights:
        placed.append(max(height, top, placed[-1] + WORDS if placed else top))
    for number in range(len(placed) - 1, -1, -1):
        highest = bottom if number == len(placed) - 1 else placed[number + 1] - WORDS
        placed[number] = min(placed[number], highest)
    return placed


def _unmeasured(column: Sequence[Standing], left: int, plot_bottom: int) -> list[Unmeasured]:
    first = plot_bottom + 10 + STRIP_HEAD + 16
    unknown = [each for each in column if each.value is None]
    return [
        Unmeasured(standing, left + MARK_X, first + number * WORDS)
        for number, standing in enumerate(unknown)
    ]


def _bands(standings: Sequence[Standing], plot: int) -> tuple[Band, ...]:
    """The framework's three classes; none where no figure says its thresholds."""
    known = next((s.figure.thresholds for s in standings if s.figure and s.figure.thresholds), None)
    if known is None:
        return ()
    edges = [HEAD, _height_of(known[1], plot), _height_of(known[0], plot), HEAD + plot]
    labels = ("enchantment", "neutral", "disappointing")
    return tuple(
        Band(label, edges[number], edges[number + 1] - edges[number])
        for number, label in enumerate(labels)
    )
