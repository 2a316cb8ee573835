"""The tables of one indicator: wave by wave, segment by segment, and the rows it was counted in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.indicator_words import (
    COUNT_NAMES,
    ChangeWords,
    change_words,
    fixed,
    gap_text,
    interval_text,
    n_text,
    value_text,
)
from journeys.access import Access
from journeys.months import month_text
from observations.indicator_findings import Change
from observations.indicators import FACETS, Facet, FacetRow, read_facet
from observations.models import IndicatorDefinition, IndicatorReading
from observations.selection import Selection
from scoring.indicators import COUNTS

TITLES: Final[dict[Facet, object]] = {
    "wave": gettext_lazy("Wave by wave"),
    "segment": gettext_lazy("By segment"),
    "location": gettext_lazy("By location"),
    "channel": gettext_lazy("By channel"),
}


@dataclass(frozen=True, slots=True)
class FacetLine:
    name: str
    value: str
    interval: str
    n: str
    gap: str
    change: ChangeWords | None
    is_bare: bool


@dataclass(frozen=True, slots=True)
class FacetTable:
    facet: Facet
    title: str
    has_changes: bool
    lines: list[FacetLine]


def facet_tables(
    definition: IndicatorDefinition, selection: Selection, access: Access
) -> list[FacetTable]:
    """Only those that tell something apart."""
    tables = []
    for facet in FACETS:
        rows = read_facet(definition, selection, access, facet)
        if len(rows) > 1:
            lines = [_line(definition, facet, row) for row in rows]
            tables.append(FacetTable(facet, str(TITLES[facet]), facet == "wave", lines))
    return tables


def _line(definition: IndicatorDefinition, facet: Facet, row: FacetRow) -> FacetLine:
    unnamed = _("outside the waves") if facet == "wave" else _("not told")
    return FacetLine(
        name=unnamed if row.row is None else row.row.name,
        value=value_text(definition, row.figure),
        interval=interval_text(definition, row.figure),
        n=n_text(definition, row.figure),
        gap=gap_text(definition, row.figure, row.gap),
        change=change_words(definition, row.change) if row.change else None,
        is_bare=row.figure.value is None,
    )


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One reading with its counts in the order of their headings."""

    reading: IndicatorReading
    month: str
    counts: list[tuple[str, str]]


def reading_rows(
    definition: IndicatorDefinition, readings: Iterable[IndicatorReading]
) -> list[ReadingRow]:
    names = COUNTS[definition.measured]
    return [
        ReadingRow(
            reading,
            month_text(reading.month),
            [
                (str(COUNT_NAMES[name]), shown_count(name, reading.counts.get(name)))
                for name in names
            ],
        )
        for reading in readings
    ]


def shown_count(name: str, count: Any) -> str:
    if count is None:
        return "\N{EN DASH}"
    if name == "revenue":
        return fixed(Fraction(count, 100), 2)
    return str(count)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A place that a table would count anew: what stands there, and what would."""

    row: int
    place: str
    before: str
    after: str


def change_rows(definition: IndicatorDefinition, changes: Iterable[Change]) -> list[ChangeRow]:
    names = COUNTS[definition.measured]
    return [
        ChangeRow(
            one.row,
            " · ".join([month_text(one.month), *one.places]),
            _counts(names, one.before),
            _counts(names, one.after),
        )
        for one in changes
    ]


def _counts(names: Iterable[str], counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{COUNT_NAMES[name]} {shown_count(name, counts[name])}" for name in names if name in counts
    )
