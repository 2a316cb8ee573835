"""The documents that the dashboard hands out, made by a worker from what the page was showing.

What the reader may see is asked again when the document is made: scores at least; the plan, and
single answers, only with the rights to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from actionplans.gaps import journey_at
from dashboards.documents.chart_tables import curve_csv, heat_csv, trend_csv
from dashboards.documents.contents import Contents, read_contents
from dashboards.documents.heat_parts import HeatParts, read_heat_parts
from dashboards.documents.pictures.sheets import curve_png, heat_png, trend_png
from dashboards.documents.report import build_report
from dashboards.filters import filter_form
from dashboards.heat_map import By, read_dimension
from journeys.access import Access
from journeys.documents import DocumentKind, MadeFile, ReportProgress, reader_of, register
from journeys.models import Document
from journeys.rights import Right
from observations.scores import ScoreSheet, read_scores
from observations.selection import read_selection

PREFIX: Final = "dashboard-"
READ: Final = 10  # percent of the way: the figures are read
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


class Export(models.TextChoices):
    SLIDES = "slides", _("Slides (PPTX), with charts to edit")
    REPORT = "report", _("Report (PDF, A4)")
    WORKBOOK = "workbook", _("Workbook (XLSX), with formulas and raw rows")
    CURVE_PNG = "curve-png", _("Experience curve, picture (PNG)")
    CURVE_CSV = "curve-csv", _("Experience curve, figures (CSV)")
    HEAT_PNG = "heat-png", _("Heat map, picture (PNG)")
    HEAT_CSV = "heat-csv", _("Heat map, figures (CSV)")
    TREND_PNG = "trend-png", _("Trend by wave, picture (PNG)")
    TREND_CSV = "trend-csv", _("Trend by wave, figures (CSV)")


# These have rows to choose: locations, regions, channels, waves or segments.
HEAT_MAPS: Final = frozenset({Export.HEAT_PNG.value, Export.HEAT_CSV.value})
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a document is made of."""

    access: Access
    sheet: ScoreSheet
    filters: tuple[str, ...]
    asked: Mapping[str, str]
    report: Report
    by: By

    def contents(self, *, with_places: bool = True) -> Contents:
        return read_contents(
            self.access, self.sheet, self.filters, self.asked, with_places=with_places
        )

    def heat(self) -> tuple[Contents, HeatParts]:
        return self.contents(with_places=False), read_heat_parts(self.sheet, self.access, self.by)


Made = tuple[bytes, str]  # the content, and the ending of its name


def _slides(asked: _Asked) -> Made:
    from dashboards.documents.slides.build import build_slides

    return build_slides(asked.contents(), asked.report), "pptx"


def _report(asked: _Asked) -> Made:
    return build_report(asked.contents(), asked.report), "pdf"


def _workbook(asked: _Asked) -> Made:
    from dashboards.documents.workbook.build import build_workbook

    made = build_workbook(asked.sheet, asked.access, asked.filters, asked.report)
    return made.content, made.kind


def _picture(draw: Callable[[Contents], bytes], asked: _Asked) -> Made:
    return draw(asked.contents()), "png"


def _curve_table(asked: _Asked) -> Made:
    return curve_csv(asked.contents().stages), "csv"


def _heat_picture(asked: _Asked) -> Made:
    return heat_png(*asked.heat()), "png"


def _heat_table(asked: _Asked) -> Made:
    contents, heat = asked.heat()
    return heat_csv(contents.stages, heat), "csv"


def _trend_table(asked: _Asked) -> Made:
    return trend_csv(asked.contents().waves), "csv"


MAKERS: Final[Mapping[str, Callable[[_Asked], Made]]] = {
    Export.SLIDES: _slides,
    Export.REPORT: _report,
    Export.WORKBOOK: _workbook,
    Export.CURVE_PNG: partial(_picture, curve_png),
    Export.CURVE_CSV: _curve_table,
    Export.HEAT_PNG: _heat_picture,
    Export.HEAT_CSV: _heat_table,
    Export.TREND_PNG: partial(_picture, trend_png),
    Export.TREND_CSV: _trend_table,
}


def register_documents() -> None:
    """Called once, by `DashboardsConfig.ready()`."""
    for export in Export:
        register(DocumentKind(kind_of(export.value), partial(_make, export.value)))


def kind_of(export: str) -> str:
    return PREFIX + export


def _make(export: str, document: Document, report: ReportProgress) -> MadeFile:
    """Raises PermissionError, Http404 or BadSelection where what was asked for is out of reach by now."""
    asked = read_asked(reader_of_scores(document), document.parameters, report)
    content, ending = MAKERS[export](asked)
    journey = slugify(asked.sheet.journey.name)[:60] or "journey"
    parts = [journey, export.removesuffix(f"-{ending}")]
    if export in HEAT_MAPS:
        parts.append(asked.by.value)
    return MadeFile(content, f"{'-'.join(parts)}.{ending}", TYPES[ending])


def reader_of_scores(document: Document) -> Access:
    """Raises PermissionError for whoever may not see them any more."""
    access = reader_of(document)
    if not access.may(Right.SEE_SCORES):
        raise PermissionError("whoever asked may not see the scores any more")
    return access


def read_asked(access: Access, parameters: Mapping[str, Any], report: ReportProgress) -> _Asked:
    """`parameters` are the key of the journey and the filters, as in the URL; of heat maps `by`."""
    journey = journey_at(access, parameters["journey"])
    query = parameters["filters"]
    selection = read_selection(query, journey=journey, access=access)
    form = filter_form(query, access, journey)
    report(READ)
    sheet = read_scores(journey, selection)
    by = read_dimension(parameters)
    return _Asked(access, sheet, tuple(form.words), form.asked, _percent(report), by)


def _percent(report: ReportProgress) -> Report:
    """From what is done of how much to the percent of the bar; each is said once."""
    said = READ

    def tell(done: int, whole: int) -> None:
        nonlocal said
        percent = READ + (99 - READ) * min(done, whole) // max(1, whole)
        if percent > said:
            said = percent
            report(percent)

    return tell
