"""What the indicators of the executives' page were added up from: readings, else sums by month."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from typing import IO, Any, Final, NamedTuple

from dashboards.documents.chart_tables import safe
from dashboards.documents.raw_rows import ATTEMPTS, ScoresKeepMoving
from dashboards.executive_indicators import executive_indicators, selection_of
from dashboards.indicator_words import IndicatorLine
from journeys.access import Access
from observations.indicator_querysets import SUMS
from observations.indicator_rows import readings_behind
from observations.scores import ScoreSheet
from scoring.indicators import COUNTS, Kind, Sums, added, sums_of

PLACE: Final = ("month", "segment", "location", "channel")
_FIELDS: Final = ("month", "segment__key", "location__code", "channel__key", "counts")
READ_AT_ONCE: Final = 2000


class ReadingRow(NamedTuple):
    """One reading: what was counted in a month, by the keys of its place; empty is "not told"."""

    month: str
    segment: str | None
    location: str | None
    channel: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class IndicatorRows:
    """One indicator of the page with what its figure is the sum of; `readings` None where too many."""

    line: IndicatorLine
    readings: tuple[ReadingRow, ...] | None
    months: Mapping[str, Sums]

    @property
    def kind(self) -> Kind:
        return self.line.figure.definition.measured

    @property
    def total(self) -> Sums:
        if self.readings is None:
            return added(self.months.values())
        return added(sums_of(self.kind, row.counts) for row in self.readings)


def read_indicator_rows(sheet: ScoreSheet, access: Access, most: int) -> tuple[IndicatorRows, ...]:
    """The indicators under the filters of the sheet, in the order of the page.

    With more than `most` readings in all, none is read but their sums by month. Raises
    ScoresKeepMoving where something is counted anew each time between a figure and its rows.
    """
    for _attempt in range(ATTEMPTS):
        lines = executive_indicators(access, sheet.journey, sheet.selection, {})
        is_long = sum(_behind(line, sheet, access).count() for line in lines) > most
        found = tuple(_rows(line, sheet, access, is_long=is_long) for line in lines)
        if all(one.total == one.line.figure.sums for one in found):
            return found
    raise ScoresKeepMoving


def are_too_many(found: Sequence[IndicatorRows]) -> bool:
    return any(one.readings is None for one in found)


def _behind(line: IndicatorLine, sheet: ScoreSheet, access: Access) -> Any:
    own = selection_of(sheet.journey, sheet.selection)
    return readings_behind(line.figure, own, access)


def _rows(
    line: IndicatorLine, sheet: ScoreSheet, access: Access, *, is_long: bool
) -> IndicatorRows:
    readings = _behind(line, sheet, access)
    if not is_long:
        return IndicatorRows(line, tuple(_each(readings)), {})
    by_month = readings.order_by().values("month").annotate(**SUMS).order_by("month")
    months = {month: Sums(*sums) for month, *sums in by_month.values_list("month", *SUMS)}
    return IndicatorRows(line, None, months)


def _each(readings: Any) -> Iterator[ReadingRow]:
    for row in readings.values_list(*_FIELDS).iterator(chunk_size=READ_AT_ONCE):
        yield ReadingRow(*row)


def counts_of(found: Iterable[IndicatorRows]) -> tuple[str, ...]:
    """The names of what is counted for any of them, each once."""
    return tuple(dict.fromkeys(name for one in found for name in COUNTS[one.kind]))


def write_readings_csv(
    into: IO[bytes], found: Sequence[IndicatorRows], sheet: ScoreSheet, access: Access
) -> None:
    """One row a reading, UTF-8 with a mark for spreadsheets; what a kind does not count stays empty."""
    names = counts_of(found)
    file = TextIOWrapper(into, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(file)
    table.writerow(("indicator", *PLACE, *names))
    for one in found:
        key = one.line.figure.definition.key
        for row in _each(_behind(one.line, sheet, access)):
            place = (safe(str(part or "")) for part in row[: len(PLACE)])
            table.writerow((key, *place, *(row.counts.get(name, "") for name in names)))
    file.flush()
    file.detach()
