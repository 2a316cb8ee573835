"""The answers as CSV, where they are too many for a spreadsheet; keys only, so that nothing is typed text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from typing import IO, Final

from dashboards.documents.raw_rows import Visit

HEADINGS: Final = (
    "observation",
    "observed_on",
    "method",
    "location",
    "stage",
    "interaction",
    "kind",
    "weight",
    "answer",
    "raw_points",
    "gate_closed",
    "counted_points",
    "P",
    "Q",
)
REPORT_EVERY: Final = 1000


def write_raw_csv(into: IO[bytes], visits: Iterable[Visit], report: Callable[[int], None]) -> None:
    """One row an answer, UTF-8 with a mark for spreadsheets; `report` counts rows."""
    file = TextIOWrapper(into, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(file)
    table.writerow(HEADINGS)
    done = 0
    for number, visit in enumerate(visits, start=1):
        table.writerows(_rows(visit))
        done += len(visit.lines)
        if number % REPORT_EVERY == 0:
            report(done)
    file.flush()
    file.detach()


def _rows(visit: Visit) -> Iterable[tuple[object, ...]]:
    for line in visit.lines:
        yield (
            visit.observation,
            visit.observed_on,
            visit.method,
            visit.location,
            visit.stage.key,
            line.item.key,
            line.item.kind.value,
            line.item.weight,
            "" if line.answer is None else line.answer,
            line.raw,
            int(visit.is_gated),
            line.counted,
            line.P,
            line.Q,
        )
