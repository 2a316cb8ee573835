"""A few shapes as SVG, and SVG as PNG. Signs are drawn, because no font is sure to have them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Any, Final, Literal

import fontpkg_fira_sans_condensed
import resvg_py
from django.utils.html import escape

from dashboards.documents.looks import CLASSES, INK, QUIET
from journeys.plain_text import plain_text
from scoring.classify import Label

# Typst counts the condensed faces to the family without the word.
FONTS: Final = "Fira Sans Condensed, Fira Sans, DejaVu Sans, sans-serif"
PIXELS: Final = 6_000_000
ZOOM: Final = 2.0
EDGE, CAPTION = 24, 76

XY = tuple[float, float]


class Drawing:
    """Shapes in the order in which they are drawn; every word is escaped.

    `letters` makes all words larger, for a drawing that will be shown smaller than it is drawn.
    """

    def __init__(self, width: float, height: float, letters: float = 1) -> None:
        self.width, self.height, self.letters = width, height, letters
        self._shapes: list[str] = []

    def rect(
        self, left: float, top: float, width: float, height: float, *, fill: str, round_by: int = 0
    ) -> None:
        self._add(
            "rect", x=left, y=top, width=width, height=height, fill=_colour(fill), rx=round_by
        )

    def line(self, start: XY, end: XY, *, colour: str, width: float = 1, dash: str = "") -> None:
        self.path([start, end], colour=colour, width=width, dash=dash)

    def path(self, points: Sequence[XY], *, colour: str, width: float = 1, dash: str = "") -> None:
        self._add(
            "polyline",
            points=_points(points),
            fill="none",
            stroke=_colour(colour),
            stroke_width=width,
            stroke_dasharray=dash or None,
            stroke_linecap="round" if dash else None,
            stroke_linejoin="round",
        )

    def polygon(
        self, points: Sequence[XY], *, fill: str, edge: str | None = None, width: float = 1.5
    ) -> None:
        self._add(
            "polygon",
            points=_points(points),
            fill=_colour(fill),
            stroke=_colour(edge) if edge else None,
            stroke_width=width if edge else None,
        )

    def circle(self, at: XY, radius: float, *, fill: str, edge: str | None = None) -> None:
        self._add(
            "circle",
            cx=at[0],
            cy=at[1],
            r=radius,
            fill=_colour(fill),
            stroke=_colour(edge) if edge else None,
            stroke_width=1.5 if edge else None,
        )

    def hatched(self, left: float, top: float, width: float, height: float) -> None:
        """Not enough data."""
        self._add("rect", x=left, y=top, width=width, height=height, fill="url(#hatch)")

    def text(
        self,
        at: XY,
        words: str,
        *,
        size: float = 12,
        colour: str = INK,
        anchor: Literal["start", "middle", "end"] = "middle",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """`at` is the foot of the words; a halo keeps lines behind from running through them."""
        looks = {
            "x": at[0],
            "y": at[1],
            "font_size": float(size * self.letters),
            "fill": _colour(colour),
            "text_anchor": anchor,
            "font_weight": "700" if bold else None,
        }
        inside = escape(plain_text(words))
        if halo:
            around = {"stroke": "#FFFFFF", "stroke_width": 3, "stroke_linejoin": "round"}
            self._add("text", inside, **{**looks, **around})
        self._add("text", inside, **looks)

    def wrapped(
        self, at: XY, words: str, *, width: int, lines: int, size: float, **looks: Any
    ) -> None:
        """So many characters a line and so many lines; what is longer ends in dots."""
        width = max(3, int(width / self.letters))
        found = textwrap.wrap(words, width, max_lines=lines, placeholder=" …") or [words[:width]]
        for number, line in enumerate(found):
            down = number * size * self.letters * 1.2
            self.text((at[0], at[1] + down), line, size=size, **looks)

    def sign(self, label: Label, at: XY, size: float) -> None:
        """▼, ● or ✦ of a class, about its middle."""
        x, y, half = at[0], at[1], size / 2
        fill = CLASSES[label]
        if label is Label.DISAPPOINTING:
            self.polygon([(x - half, y - half), (x + half, y - half), (x, y + half)], fill=fill)
        elif label is Label.NEUTRAL:
            self.circle((x, y), half * 0.8, fill=fill)
        elif label is Label.ENCHANTMENT:
            self.polygon(list(_star(x, y, half * 1.2)), fill=fill)

    def diamond(self, at: XY, half: float, *, fill: str, edge: str | None = None) -> None:
        x, y = at
        self.polygon(
            [(x, y - half), (x + half, y), (x, y + half), (x - half, y)], fill=fill, edge=edge
        )

    def place(self, other: Drawing, at: XY) -> None:
        """Another drawing inside this one."""
        left, top = (_number(one) for one in at)
        inside = "".join(other._shapes)
        self._shapes.append(f'<g transform="translate({left} {top})">{inside}</g>')

    def svg(self) -> str:
        hatch = (
            '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse">'
            '<path d="M0 7 L7 0" stroke="#D8D5CC" stroke-width="1"/></pattern>'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_number(self.width)}"'
            f' height="{_number(self.height)}" viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
            f' font-family="{FONTS}" font-stretch="condensed"><defs>{hatch}</defs>'
            + "".join(self._shapes)
            + "</svg>"
        )

    def _add(self, name: str, inside: str = "", **attributes: object) -> None:
        written = "".join(
            f' {key.replace("_", "-")}="{_number(value) if isinstance(value, float) else value}"'
            for key, value in attributes.items()
            if value is not None
        )
        self._shapes.append(f"<{name}{written}>{inside}</{name}>")


def _star(x: float, y: float, size: float) -> Iterable[XY]:
    inner = size * 0.35
    for across, down in ((0, -1), (1, 0), (0, 1), (-1, 0)):
        yield x + across * size, y + down * size
        yield x + (across - down) * inner, y + (down + across) * inner


def _colour(colour: str) -> str:
    return f"#{colour}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(points: Iterable[XY]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def captioned(drawing: Drawing, title: str, note: str) -> Drawing:
    """On a sheet of its own, with what it says and what it was read from."""
    width = max(drawing.width, 640)
    sheet = Drawing(width + 2 * EDGE, drawing.height + 2 * EDGE + CAPTION)
    letters = int(width / 9)
    sheet.wrapped(
        (EDGE, EDGE + 14), title, width=letters, lines=2, size=18, bold=True, anchor="start"
    )
    foot = textwrap.shorten(note, int(width / 5), placeholder=" …")
    sheet.text((EDGE, EDGE + CAPTION - 16), foot, size=11, colour=QUIET, anchor="start")
    sheet.place(drawing, (EDGE, EDGE + CAPTION))
    return sheet


def as_png(drawing: Drawing) -> bytes:
    """Twice as fine as a screen, at most 6 million pixels; the fonts of the libraries come first."""
    zoom = min(ZOOM, sqrt(PIXELS / (drawing.width * drawing.height)))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing.svg(),
            background="white",
            zoom=zoom,
            font_dirs=[str(fontpkg_fira_sans_condensed.ROOT / "files")],
        )
    )
