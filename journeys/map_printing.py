"""The map as a document: an A3 PDF to print, a PNG to paste; vectors until the last step.

It prints a grid that is already made, so whoever may not see a lane does not find it here either.
Fonts come with the libraries, so that every machine prints the same.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from itertools import pairwise
from math import ceil, sqrt
from pathlib import Path
from typing import Any, Final, Literal

import resvg_py

from journeys.map_grid import JourneyMap, phases_of
from journeys.models import Journey, Stage
from journeys.printed import Sheet, document_of
from journeys.typesetting import compiled

TEMPLATE: Final = Path(__file__).parent / "documents" / "map.typ"
STAGES_ON_A_PAGE: Final = 12  # of 31 mm: narrower columns break words into syllables
PIXELS: Final = 6_000_000  # three seconds of one processor
ICON_WIDTH: Final = 16  # of the drawings in journeys/templatetags/icons.py
CSS_DPI: Final = 96  # to resvg; typst counts in points, 72 an inch
ICON: Final = re.compile(
    r'<image xlink:href="data:image/svg\+xml;base64,([^"]+)" width="([\d.]+)"[^>]*/>'
)
POINTS: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def map_pdf(journey: Journey, grid: JourneyMap) -> bytes:
    """One A3 page; more than twelve stages go on by phases, and what is too tall on the next page."""
    return _compiled(document_of(journey, grid, pages_of(grid.stages), "a3"), "pdf")


def map_png(journey: Journey, grid: JourneyMap) -> bytes:
    """All stages side by side on one picture, white behind, at most 6 million pixels."""
    whole = [Sheet(0, len(grid.stages))]
    svg = _compiled(document_of(journey, grid, whole, "poster"), "svg").decode()
    points = POINTS.search(svg)
    assert points is not None, "typst writes the size of a page into its SVG"
    width, height = (float(one) * CSS_DPI / 72 for one in points.groups())
    zoom = min(1.5, sqrt(PIXELS / (width * height)))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=ICON.sub(_drawn_in_place, svg),
            background="white",
            dpi=CSS_DPI,
            zoom=zoom,
            skip_system_fonts=True,
        )
    )


def pages_of(stages: Sequence[Stage]) -> list[Sheet]:
    """Whole phases while they fit on a page; a longer phase in even parts."""
    if len(stages) <= STAGES_ON_A_PAGE:
        return [Sheet(0, len(stages))]
    sheets: list[Sheet] = []
    first = 0
    for count in (span.stage_count for span in phases_of(stages)):
        parts = ceil(count / STAGES_ON_A_PAGE)
        bounds = [first + count * part // parts for part in range(parts + 1)]
        if sheets and bounds[-1] - sheets[-1].first <= STAGES_ON_A_PAGE:
            sheets[-1] = Sheet(sheets[-1].first, bounds[-1])
        else:
            sheets += [Sheet(*pair) for pair in pairwise(bounds)]
        first += count
    return sheets


def _drawn_in_place(icon: re.Match[str]) -> str:
    """A picture within the picture costs resvg a canvas of the whole: a minute for a large map."""
    drawing = b64decode(icon[1]).decode()
    scale = float(icon[2]) / ICON_WIDTH
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ICON_WIDTH} {ICON_WIDTH}"'
    assert drawing.startswith(opening), "icons come from drawing_of()"
    return drawing.replace(opening, f'<g transform="scale({scale})"').replace("</svg>", "</g>")


def _compiled(data: dict[str, Any], kind: Literal["pdf", "svg"]) -> bytes:
    made = compiled(TEMPLATE, data, kind)
    assert isinstance(made, bytes), "a poster is one page"
    return made
