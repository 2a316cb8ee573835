"""The workbook of a journey: raw rows, and every figure of the product as a formula over them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from actionplans.gaps import gaps_of
from dashboards.documents.raw_csv import write_raw_csv
from dashboards.documents.raw_rows import (
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

RAW_ROWS: Final = 100_000  # beyond, a spreadsheet gets slow: the cells, and the answers as a CSV

Report = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Made:
    """A document: its bytes, and the ending of its name."""

    content: bytes
    kind: str


def build_workbook(
    sheet: ScoreSheet, access: Access, filters: Sequence[str], report: Report
) -> Made:
    """An XLSX; with more than 100,000 answers a ZIP of it and of the answers as CSV.

    Whoever may not read observations gets sums, never answers.
    """
    sheet, folded = read_settled(sheet)
    allowed = sees_observations(access, sheet.selection)
    rows = raw_count(sheet)
    with_answers = allowed and rows <= RAW_ROWS
    with NamedTemporaryFile(suffix=".xlsx") as file:
        _write(file.name, sheet, filters, folded if with_answers else None, allowed, report)
        if not allowed or with_answers:
            return Made(Path(file.name).read_bytes(), "xlsx")
        return Made(_zipped(Path(file.name), sheet, report, rows), "zip")


def _zipped(workbook: Path, sheet: ScoreSheet, report: Report, rows: int) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(workbook, f"{sheet.journey.key}.xlsx")
        with archive.open(f"{sheet.journey.key}-answers.csv", "w", force_zip64=True) as part:
            write_raw_csv(part, visits_of(sheet), lambda done: report(done, rows))
    return into.getvalue()


def _write(
    path: str,
    sheet: ScoreSheet,
    filters: Sequence[str],
    folded: frozenset[int] | None,
    allowed: bool,
    report: Report,
) -> None:
    book = Book(path)
    write_guide(book, sheet, filters, has_answers=folded is not None, has_csv=allowed)
    if sheet.framework is not None and sheet.stages:
        _write_figures(book, sheet, folded, report)
    book.file.close()


def _write_figures(
    book: Book, sheet: ScoreSheet, folded: frozenset[int] | None, report: Report
) -> None:
    """Sheets stand in the order in which they are begun: what is read first comes first."""
    journey, stages = journey_table(book), stages_table(book)
    methods, cells = methods_table(book), cells_table(book)
    facts = write_facts(book, sheet)
    sources = _sources(book, sheet, facts, folded, report)
    cell_rows = write_cells(cells, sheet, facts, sources)
    needed = cells_of_needed(stages, sheet)
    method_rows = write_methods(methods, sheet, facts, cell_rows, needed)
    by_stage = {gap.stage.pk: gap for gap in gaps_of(sheet)}
    in_order = [by_stage[stage.pk] for stage in sheet.stages]
    write_stages(stages, sheet, in_order, facts, method_rows)
    write_journey(journey, sheet, stages, method_rows, sources)


def _sources(
    book: Book, sheet: ScoreSheet, facts: Facts, folded: frozenset[int] | None, report: Report
) -> Sources:
    if folded is None:
        return write_months(book, sheet, read_months(sheet))
    whole = sum(method.n for stage in sheet.reading.stages for method in stage.methods)
    return write_answers(
        book, sheet, facts, visits_of(sheet, folded), lambda done: report(done, whole)
    )
