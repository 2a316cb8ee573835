"""The workbook of a journey: raw rows, and every figure of the product as a formula over them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from actionplans.gaps import gaps_of
from dashboards.documents.raw_csv import write_raw_csv
from dashboards.documents.raw_rows import (
    folded_revisions,
    raw_count,
    read_settled,
    sees_observations,
    visits_of,
)
from dashboards.documents.workbook.cells import (
    cells_table,
    methods_table,
    write_cells,
    write_methods,
)
from dashboards.documents.workbook.facts import Facts, write_facts
from dashboards.documents.workbook.reading_guide import write_guide
from dashboards.documents.workbook.scores import (
    cells_of_needed,
    journey_table,
    stages_table,
    write_journey,
    write_stages,
)
from dashboards.documents.workbook.sources import (
    Sources,
    read_months,
    write_answers,
    write_months,
)
from dashboards.documents.workbook.tables import Book
from journeys.access import Access
from observations.scores import ScoreSheet
from scoring.vector import Vector

RAW_ROWS: Final = 100_000  # beyond, a spreadsheet gets slow: the cells, and the answers as a CSV

Report = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its bytes, and the ending of its name."""

    content: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the figures are added up from: revisions with their answers, else sums by month."""

    folded: frozenset[int] | None
    months: Mapping[tuple[str, ...], Vector]
    has_csv: bool


def build_workbook(
    sheet: ScoreSheet, access: Access, filters: Sequence[str], report: Report
) -> Made:
    """An XLSX; with more than 100,000 answers a ZIP of it and of the answers as CSV.

    Whoever may not read observations gets sums, never answers.
    """
    sheet, basis = read_settled(sheet, partial(_basis, access))
    with NamedTemporaryFile(suffix=".xlsx") as file:
        book = Book(file.name)
        has_answers = basis.folded is not None
        write_guide(book, sheet, filters, has_answers=has_answers, has_csv=basis.has_csv)
        if sheet.framework is not None and sheet.stages:
            _write_figures(book, sheet, basis, report)
        book.file.close()
        if basis.has_csv:
            return Made(_zipped(Path(file.name), sheet, report), "zip")
        return Made(Path(file.name).read_bytes(), "xlsx")


def _basis(access: Access, sheet: ScoreSheet) -> _Basis:
    if not sees_observations(access, sheet.selection):
        return _Basis(None, read_months(sheet), has_csv=False)
    if raw_count(sheet) > RAW_ROWS:
        return _Basis(None, read_months(sheet), has_csv=True)
    return _Basis(folded_revisions(sheet), {}, has_csv=False)


def _zipped(workbook: Path, sheet: ScoreSheet, report: Report) -> bytes:
    rows, into = raw_count(sheet), BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(workbook, f"{sheet.journey.key}.xlsx")
        with archive.open(f"{sheet.journey.key}-answers.csv", "w", force_zip64=True) as part:
            write_raw_csv(part, visits_of(sheet), lambda done: report(done, rows))
    return into.getvalue()


def _write_figures(book: Book, sheet: ScoreSheet, basis: _Basis, report: Report) -> None:
    """Sheets stand in the order in which they are begun: what is read first comes first."""
    journey, stages = journey_table(book), stages_table(book)
    methods, cells = methods_table(book), cells_table(book)
    facts = write_facts(book, sheet)
    sources = _sources(book, sheet, facts, basis, report)
    cell_rows = write_cells(cells, sheet, facts, sources)
    needed = cells_of_needed(stages, sheet)
    method_rows = write_methods(methods, sheet, facts, cell_rows, needed)
    by_stage = {gap.stage.pk: gap for gap in gaps_of(sheet)}
    in_order = [by_stage[stage.pk] for stage in sheet.stages]
    write_stages(stages, sheet, in_order, facts, method_rows)
    write_journey(journey, sheet, stages, method_rows, sources)


def _sources(book: Book, sheet: ScoreSheet, facts: Facts, basis: _Basis, report: Report) -> Sources:
    if basis.folded is None:
        return write_months(book, sheet, basis.months)
    whole = sum(method.n for stage in sheet.reading.stages for method in stage.methods)
    return write_answers(
        book, sheet, facts, visits_of(sheet, basis.folded), lambda done: report(done, whole)
    )
