"""What revisions scored, written past the model layer: 17 rows an observation are most of its cost.

One statement on PostgreSQL, which takes each column as an array; SQLite takes the rows one by one,
in the same process. Both write what `StageResult.objects.bulk_create` would.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from observations.guides import Guide
from scoring.scale import StageSums

# Column and its type as an array's element, in the order of a row.
_COLUMNS = {
    "revision_id": "bigint",
    "stage_id": "bigint",
    "channel_id": "bigint",
    "S": "smallint",
    "raw": "smallint",
    "P": "smallint",
    "Q": "smallint",
    "customer_class": "varchar",
    "basic_seen": "boolean",
    "basics_ok": "boolean",
}
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_INTO = f"INSERT INTO observations_stageresult ({_NAMES})"
_FROM_ARRAYS = f"{_INTO} SELECT * FROM unnest({', '.join(f'%s::{t}[]' for t in _COLUMNS.values())})"
_FROM_VALUES = f"{_INTO} VALUES ({', '.join(['%s'] * len(_COLUMNS))})"

Row = tuple[Any, ...]


def result_rows(revision_id: int, guide: Guide, sums: Iterable[StageSums]) -> Iterator[Row]:
    """One row of values for each of the sums, in the order of the columns."""
    stages, channels = guide.stage_ids, guide.channel_ids
    for one in sums:
        yield (
            revision_id,
            None if one.stage is None else stages[one.stage],
            None if one.channel is None else channels[one.channel],
            one.S,
            one.raw,
            one.P,
            one.Q,
            one.customer_class or "",
            one.basic_seen,
            one.basics_ok,
        )


def insert_results(rows: list[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FROM_ARRAYS, [_array(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(_FROM_VALUES, rows)


def _array(column: tuple[Any, ...]) -> str:
    """PostgreSQL reads what JSON writes between the brackets: numbers, null, true and "text"."""
    return f"{{{json.dumps(column)[1:-1]}}}"
