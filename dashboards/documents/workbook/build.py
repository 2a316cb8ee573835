"""The workbook of a journey: raw rows, and every figure of the product as a formula over them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from actionplans.gaps import actions_of, gaps_of
from actionplans.models import Action
from dashboards.documents.indicator_rows import (
    IndicatorRows,
    are_too_many,
    read_indicator_rows,
    write_readings_csv,
)
from dashboards.documents.raw_csv import write_raw_csv
from dashboards.documents.raw_rows import (
    folded_revisions,
    raw_count,
    read_settled,
    sees_observations,
    visits_of,
)
from dashboards.documents.workbook.actions import actions_table, write_actions
from dashboards.documents.workbook.cells import (
    cells_table,
    methods_table,
    write_cells,
    write_methods,
)
from dashboards.documents.workbook.facts import Facts, write_facts
from dashboards.documents.workbook.indicators import indicators_table, write_indicators
from dashboards.documents.workbook.key_figures import action_rows, moment_rows
from dashboards.documents.workbook.reading_guide import Guided, write_guide
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
from journeys.rights import Right
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
    """What the figures are added up from: revisions with their answers, else sums by month.

    With `has_csv` both: the answers stand beside the workbook, and are those of its figures.
    """

    folded: frozenset[int] | None
    months: Mapping[tuple[str, ...], Vector]
    has_csv: bool

    @property
    def has_answers(self) -> bool:
        return self.folded is not None and not self.has_csv


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside the scores: indicators, and the plan where this person may see it."""

    indicators: tuple[IndicatorRows, ...]
    actions: Sequence[Action] | None


def build_workbook(
    sheet: ScoreSheet, access: Access, filters: Sequence[str], report: Report
) -> Made:
    """An XLSX; with more than 100,000 answers, or readings of indicators, a ZIP of it and of the rows as CSV.

    Whoever may not read observations gets sums, never answers.
    """
    sheet, basis = read_settled(sheet, partial(_basis, access))
    beside = _beside(sheet, access)
    guided = Guided(
        has_answers=basis.has_answers,
        has_csv=basis.has_csv,
        has_indicators=bool(beside.indicators),
        has_readings=not are_too_many(beside.indicators),
        has_plan=beside.actions is not None,
    )
    with NamedTemporaryFile(suffix=".xlsx") as file:
        book = Book(file.name)
        write_guide(book, sheet, filters, guided)
        if is_scored(sheet):
            _write_figures(book, sheet, basis, beside, report)
        book.file.close()
        beside_it = _tables(sheet, basis, beside, access, report)
        if beside_it:
            return Made(_zipped(Path(file.name), sheet.journey.key, beside_it), "zip")
        return Made(Path(file.name).read_bytes(), "xlsx")


def _basis(access: Access, sheet: ScoreSheet) -> _Basis:
    if not sees_observations(access, sheet.selection):
        return _Basis(None, read_months(sheet), has_csv=False)
    if raw_count(sheet) > RAW_ROWS:
        return _Basis(folded_revisions(sheet), read_months(sheet), has_csv=True)
    return _Basis(folded_revisions(sheet), {}, has_csv=False)


def _beside(sheet: ScoreSheet, access: Access) -> _Beside:
    """As on the page, which shows nothing where nothing can be scored."""
    if not is_scored(sheet):
        return _Beside((), None)
    actions = actions_of(access, [sheet.journey]) if access.may(Right.SEE_PLAN) else None
    return _Beside(read_indicator_rows(sheet, access, RAW_ROWS), actions)


def is_scored(sheet: ScoreSheet) -> bool:
    return sheet.framework is not None and bool(sheet.stages)


def _tables(
    sheet: ScoreSheet, basis: _Basis, beside: _Beside, access: Access, report: Report
) -> dict[str, Callable[[IO[bytes]], None]]:
    """{what is too long for a sheet: what writes it as CSV}"""
    rows, found = raw_count(sheet), dict[str, Callable[[IO[bytes]], None]]()
    if basis.has_csv:
        found["answers"] = lambda part: write_raw_csv(
            part, visits_of(sheet, basis.folded), lambda done: report(done, rows)
        )
    if are_too_many(beside.indicators):
        found["indicators"] = lambda part: write_readings_csv(
            part, beside.indicators, sheet, access
        )
    return found


def _zipped(workbook: Path, key: str, tables: Mapping[str, Callable[[IO[bytes]], None]]) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(workbook, f"{key}.xlsx")
        for name, write in tables.items():
            with archive.open(f"{key}-{name}.csv", "w", force_zip64=True) as part:
                write(part)
    return into.getvalue()


def _write_figures(
    book: Book, sheet: ScoreSheet, basis: _Basis, beside: _Beside, report: Report
) -> None:
    """Sheets stand in the order in which they are begun: what is read first comes first."""
    journey, stages = journey_table(book), stages_table(book)
    indicators = indicators_table(book) if beside.indicators else None
    plan = None if beside.actions is None else actions_table(book)
    methods, cells = methods_table(book), cells_table(book)
    facts = write_facts(book, sheet)
    sources = _sources(book, sheet, facts, basis, report)
    cell_rows = write_cells(cells, sheet, facts, sources)
    needed = cells_of_needed(stages, sheet)
    method_rows = write_methods(methods, sheet, facts, cell_rows, needed)
    by_stage = {gap.stage.pk: gap for gap in gaps_of(sheet)}
    in_order = [by_stage[stage.pk] for stage in sheet.stages]
    write_stages(stages, sheet, in_order, facts, method_rows)
    key_figures = moment_rows(in_order, stages)
    if plan is not None and beside.actions is not None:
        write_actions(plan, beside.actions)
        key_figures += action_rows(beside.actions, plan)
    write_journey(journey, sheet, stages, method_rows, sources, more=key_figures)
    if indicators is not None:
        write_indicators(book, indicators, beside.indicators)


def _sources(book: Book, sheet: ScoreSheet, facts: Facts, basis: _Basis, report: Report) -> Sources:
    if not basis.has_answers:
        return write_months(book, sheet, basis.months)
    whole = sum(method.n for stage in sheet.reading.stages for method in stage.methods)
    return write_answers(
        book, sheet, facts, visits_of(sheet, basis.folded), lambda done: report(done, whole)
    )
