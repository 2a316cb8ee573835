"""A deck of 16:9 slides: one message a slide, in its title; native text, tables and shapes only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboards.documents.looks import INK, QUIET, STRIP, WHITE
from journeys.plain_text import plain_text

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.55)
TOP: Final = Inches(1.45)
BOTTOM: Final = Inches(6.95)
INSIDE: Final = WIDTH - 2 * MARGIN
FONT: Final = "Arial"  # on every machine, with the same widths
TITLE_ONLY: Final = 5  # of the library's own template
NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Words:
    """A run of text: its size in points, and its colour as RRGGBB."""

    text: str
    size: float = 12
    colour: str = INK
    bold: bool = False


Line = Sequence[Words]


@dataclass(frozen=True, slots=True)
class Box:
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TableCell:
    lines: Sequence[Line]
    fill: str = WHITE


class Deck:
    def __init__(self, *, title: str, footer: str) -> None:
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = WIDTH, HEIGHT
        self._file.core_properties.title = plain_text(title)[:NAME_LENGTH]
        self._file.core_properties.author = "cxplan"
        self._footer = footer

    def slide(self, message: str) -> Any:
        """A slide with its message as title, and the footer with n and freshness."""
        slide = self._file.slides.add_slide(self._file.slide_layouts[TITLE_ONLY])
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = (
            MARGIN,
            Inches(0.35),
            INSIDE,
            Inches(0.95),
        )
        frame = title.text_frame
        _without_margins(frame, MSO_ANCHOR.MIDDLE)
        size = 26 if len(message) <= 75 else 22 if len(message) <= 120 else 18
        write(frame, [[Words(message, size, INK, bold=True)]])
        number = len(self._file.slides)
        foot = Box(MARGIN, Inches(7.05), INSIDE - Inches(0.6), Inches(0.3))
        self.text(slide, foot, [[Words(self._footer, 9, QUIET)]])
        page = Box(WIDTH - MARGIN - Inches(0.6), Inches(7.05), Inches(0.6), Inches(0.3))
        self.text(slide, page, [[Words(str(number), 9, QUIET)]], align=PP_ALIGN.RIGHT)
        return slide

    def text(
        self,
        slide: Any,
        box: Box,
        lines: Iterable[Line],
        *,
        align: Any = PP_ALIGN.LEFT,
        anchor: Any = MSO_ANCHOR.TOP,
        spacing: float = 0,
    ) -> Any:
        """`spacing` are the points after each paragraph."""
        shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
        _without_margins(shape.text_frame, anchor)
        write(shape.text_frame, lines, align=align)
        for paragraph in shape.text_frame.paragraphs:
            paragraph.space_after = Pt(spacing)
        return shape

    def shape(
        self,
        slide: Any,
        box: Box,
        *,
        kind: Any = MSO_SHAPE.RECTANGLE,
        fill: str | None = None,
        edge: str | None = None,
        lines: Iterable[Line] = (),
        align: Any = PP_ALIGN.CENTER,
        anchor: Any = MSO_ANCHOR.MIDDLE,
    ) -> Any:
        """A native shape with its words inside."""
        shape = slide.shapes.add_shape(kind, box.left, box.top, box.width, box.height)
        # Without the template's style: it casts shadows.
        style = shape._element.find(qn("p:style"))
        shape._element.remove(style)
        if fill is None:
            shape.fill.background()
        else:
            shape.fill.solid()
            shape.fill.fore_color.rgb = rgb(fill)
        if edge is None:
            shape.line.fill.background()
        else:
            shape.line.color.rgb, shape.line.width = rgb(edge), Pt(1.5)
        _without_margins(shape.text_frame, anchor, inset=Inches(0.06))
        write(shape.text_frame, lines, align=align)
        return shape

    def table(
        self,
        slide: Any,
        top: int,
        widths: Sequence[float],
        headings: Sequence[str],
        rows: Sequence[Sequence[TableCell]],
        *,
        row_height: int = Inches(0.3),
        size: float = 11,
    ) -> None:
        """A native table over the whole width; `widths` are parts of it."""
        made = slide.shapes.add_table(
            len(rows) + 1, len(widths), MARGIN, top, INSIDE, row_height * (len(rows) + 1)
        ).table
        made.horz_banding = False
        for number, width in enumerate(widths):
            made.columns[number].width = Emu(int(INSIDE * width / sum(widths)))
        for row in made.rows:
            row.height = row_height
        for number, heading in enumerate(headings):
            head = TableCell([[Words(heading, size, INK, bold=True)]], STRIP)
            _fill(made.cell(0, number), head)
        for place, cells in enumerate(rows, start=1):
            for number, cell in enumerate(cells):
                _fill(made.cell(place, number), cell)

    def content(self) -> bytes:
        into = BytesIO()
        self._file.save(into)
        return into.getvalue()


def rgb(colour: str) -> RGBColor:
    """ "3F4FB5" as the library wants it."""
    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call]


def write(frame: Any, lines: Iterable[Line], *, align: Any = PP_ALIGN.LEFT) -> None:
    """A paragraph a line, every run with its own font: nothing is left to the template."""
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = align
        for words in line:
            run = paragraph.add_run()
            run.text = plain_text(words.text)
            run.font.name, run.font.size, run.font.bold = FONT, Pt(words.size), words.bold
            run.font.color.rgb = rgb(words.colour)


def _without_margins(frame: Any, anchor: Any, inset: int = 0) -> None:
    frame.word_wrap, frame.vertical_anchor = True, anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = inset


def _fill(cell: Any, wanted: TableCell) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = rgb(wanted.fill)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(0.06)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    write(cell.text_frame, wanted.lines)
