"""What revisions scored, written past the model layer: 17 rows an observation are most of its cost.

One statement on PostgreSQL, which takes each column as an array; SQLite takes the rows one by one,
in the same process. Both write what `StageResult.objects.bulk_create` would.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from observations.documents import Submission

# Column and its type as an array's element, in the order of a row; before them the revision.
_COLUMNS = {
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
RESULT_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
RESULT_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())
_INTO = f"INSERT INTO observations_stageresult (revision_id, {RESULT_NAMES})"
_FROM_ARRAYS = f"{_INTO} SELECT * FROM unnest(%s::bigint[], {RESULT_ARRAYS})"
_FROM_VALUES = f"{_INTO} VALUES (%s, {', '.join(['%s'] * len(_COLUMNS))})"

Row = tuple[Any, ...]


def result_rows(submission: Submission) -> Iterator[Row]:
    """What the content scores by the framework version it was made with: one row a stage, a channel
    in it, and the journey, in the order of the columns.
    """
    guide = submission.guide
    stages, channels = guide.stage_ids, guide.channel_ids
    for one in guide.sheet.score(
        submission.answers, method=submission.method, thresholds=guide.thresholds
    ):
        yield (
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
    """Rows of results, each behind the key of its revision."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FROM_ARRAYS, arrays(rows))
        else:
            cursor.executemany(_FROM_VALUES, rows)


def arrays(rows: list[Row]) -> list[str]:
    """Each column of such rows as an array, as PostgreSQL reads it."""
    if not rows:
        return ["{}"] * (1 + len(_COLUMNS))
    return [_array(column) for column in zip(*rows, strict=True)]


def _array(column: tuple[Any, ...]) -> str:
    """PostgreSQL reads what JSON writes between the brackets: numbers, null, true and "text"."""
    return f"{{{json.dumps(column)[1:-1]}}}"
