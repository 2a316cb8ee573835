"""The sheet of what was counted for the indicators, and how each row comes to its sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from dashboards.documents.indicator_rows import (
    IndicatorRows,
    ReadingRow,
    are_too_many,
    counts_of,
)
from dashboards.documents.workbook.sources import as_values
from dashboards.documents.workbook.tables import Book, Column, Formula, Span, Table
from dashboards.indicator_words import COUNT_NAMES
from observations.indicators import days_of
from scoring.indicators import COUNTS, Kind, Sums, sums_of

# What a figure is made of; the squares of amounts serve intervals alone, which are values.
TOTALS: Final = ("n", "hits", "misses", "joined", "total", "days")
EXACT: Final = 2**53  # beyond, a cell of a spreadsheet drops digits
Cells = Mapping[str, str]  # the cell of each count


def write_readings(book: Book, found: Sequence[IndicatorRows]) -> tuple[Table, list[Span]]:
    """The table, and the rows of each indicator in it: one after the other, each by month."""
    is_long = are_too_many(found)
    table = _months_table(book) if is_long else _readings_table(book, counts_of(found))
    spans = []
    for one in found:
        first = table.next_row
        if one.readings is None:
            for month, sums in one.months.items():
                _add_month(table, one, month, sums)
        else:
            before = ""
            for row in one.readings:
                _add_reading(table, one, row, before)
                before = row.month
        spans.append(Span(first, table.next_row - 1))
    return table, spans


def _add_month(table: Table, one: IndicatorRows, month: str, sums: Sums) -> None:
    values = {name: getattr(sums, name) for name in TOTALS if name != "days"}
    named = {"name": one.line.figure.definition.name, "month": month}
    table.add({**named, **values, "days": _days(table, month, "")})


def _add_reading(table: Table, one: IndicatorRows, row: ReadingRow, before: str) -> None:
    names = COUNTS[one.kind]
    cells = {name: table.here(f"count_{name}", table.next_row) for name in names}
    sums = sums_of(one.kind, row.counts)
    parts = SUMMED.get(one.kind, _share)(cells)
    table.add(
        {
            "name": one.line.figure.definition.name,
            "month": row.month,
            "segment": row.segment or "",
            "location": row.location or "",
            "channel": row.channel or "",
            **{f"count_{name}": _exact(row.counts.get(name)) for name in names},
            **{name: Formula(formula, getattr(sums, name)) for name, formula in parts.items()},
            "days": _days(table, row.month, before),
        }
    )


def _exact(count: int | None) -> int | str | None:
    return count if count is None or count <= EXACT else str(count)


def _days(table: Table, month: str, before: str) -> Formula:
    """The days of the month in the first of its rows, which follow one another; 0 in the others."""
    row = table.next_row
    own, above = table.here("month", row), table.here("month", row - 1)
    days = f"DAY(DATE(VALUE(LEFT({own},4)),VALUE(RIGHT({own},2))+1,0))"
    if not before:
        return Formula(days, days_of([month]))
    return Formula(f"IF({own}={above},0,{days})", 0 if month == before else days_of([month]))


def _nps(cells: Cells) -> dict[str, str]:
    return {
        "n": "+".join(cells.values()),
        "hits": cells["promoters"],
        "misses": cells["detractors"],
    }


def _effort(cells: Cells) -> dict[str, str]:
    """Answers by point of the scale; who agrees (5 to 7) counts in CES 2.0."""
    found = {
        "n": "+".join(cells.values()),
        "total": "+".join(f"{name[1:]}*{cell}" for name, cell in cells.items()),
    }
    if "a7" in cells:
        found["hits"] = "+".join(cells[name] for name in ("a5", "a6", "a7"))
    return found


def _retention(cells: Cells) -> dict[str, str]:
    start, end, new = cells.values()
    return {"n": start, "hits": f"{end}-{new}", "joined": new}


def _recruitment(cells: Cells) -> dict[str, str]:
    """Without customers at the end there is a speed and no share of new."""
    new, end = cells.values()
    return {"n": f"N({end})", "hits": f"IF(ISNUMBER({end}),{new},0)", "joined": new}


def _baskets(cells: Cells) -> dict[str, str]:
    return {"n": cells["transactions"], "total": cells["revenue"]}


def _share(cells: Cells) -> dict[str, str]:
    part, whole = cells.values()
    return {"n": whole, "hits": part}


SUMMED: Final[Mapping[Kind, Callable[[Cells], dict[str, str]]]] = {
    Kind.NPS: _nps,
    Kind.CES1: _effort,
    Kind.CES2: _effort,
    Kind.RETENTION: _retention,
    Kind.RECRUITMENT: _recruitment,
    Kind.BASKET: _baskets,
}


def _sum_columns() -> list[Column]:
    titles = {
        "n": _("Base"),
        "hits": _("Part that counts"),
        "misses": _("Part that counts against"),
        "joined": _("New customers counted"),
        "total": _("Sum of answers, or of amounts in cents"),
        "days": _("Days of the month, where it is listed first"),
    }
    return [Column(name, titles[name], "formula", "whole") for name in TOTALS]


def _readings_table(book: Book, names: Sequence[str]) -> Table:
    titles = {name: str(COUNT_NAMES[name]) for name in names}
    titles |= {"revenue": _("Revenue, in cents")} if "revenue" in names else {}
    return Table(
        book,
        _("Indicator readings"),
        [
            Column("name", _("Indicator"), width=30),
            Column("month", _("Month")),
            Column("segment", _("Segment")),
            Column("location", _("Location")),
            Column("channel", _("Channel")),
            *[Column(f"count_{name}", title, form="whole") for name, title in titles.items()],
            *_sum_columns(),
        ],
    )


def _months_table(book: Book) -> Table:
    *sums, days = _sum_columns()
    return Table(
        book,
        _("Indicators by month"),
        [
            Column("name", _("Indicator"), width=30),
            Column("month", _("Month")),
            *as_values(sums),
            days,
        ],
    )
