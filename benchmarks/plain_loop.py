"""The other side of the ratio: psycopg writing an observation's rows, nothing checked or computed.

The rows are copies of one observation that the server has stored: same tables, same columns, same
values, same indexes and foreign keys. One transaction per observation.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

JSON_COLUMNS = ("answers", "details")

# The columns that the loop writes: neither the key nor what the database makes itself.
_WRITTEN = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s
        AND column_name <> 'id' AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""


@dataclass(frozen=True)
class Rows:
    """One stored observation: the values of its rows without the keys that tie them together."""

    observation: dict[str, Any]
    revision: dict[str, Any]
    results: list[dict[str, Any]]
    pending: dict[str, Any]


def rows_of_one(dsn: str) -> Rows:
    """Any observation that stands in the database."""
    with psycopg.connect(dsn, row_factory=dict_row) as connection:

        def read(table: str, where: str, value: int) -> list[dict[str, Any]]:
            names = [row["column_name"] for row in connection.execute(_WRITTEN, [table])]
            query = sql.SQL("SELECT {} FROM {} WHERE {} = %s").format(
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.Identifier(table),
                sql.Identifier(where),
            )
            return connection.execute(query, [value]).fetchall()

        found = connection.execute("SELECT max(id) AS id FROM observations_revision").fetchone()
        assert found is not None
        (revision,) = read("observations_revision", "id", found["id"])
        (observation,) = read("observations_observation", "id", revision["observation_id"])
        results = read("observations_stageresult", "revision_id", found["id"])
        (pending,) = read("observations_pendingfold", "revision_id", found["id"])
    revision |= {name: Jsonb(revision[name]) for name in JSON_COLUMNS}
    return Rows(observation, revision, results, pending)


def _insert(table: str, row: dict[str, Any], *, rows: int = 1) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    places = sql.SQL("({})").format(sql.SQL(", ").join(sql.Placeholder() * len(row)))
    return sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
        sql.Identifier(table), names, sql.SQL(", ").join([places] * rows)
    )


def write_plainly(dsn: str, rows: Rows, count: int) -> float:
    """Seconds for `count` observations over one connection, opened beforehand."""
    with psycopg.connect(dsn) as connection:
        started = time.perf_counter()
        _write(connection, rows, count)
        return time.perf_counter() - started


def _write(connection: psycopg.Connection[Any], rows: Rows, count: int) -> None:
    connection.autocommit = True  # each `transaction()` below is one of its own
    returning = sql.SQL(" RETURNING id")
    insert_observation = _insert("observations_observation", rows.observation) + returning
    insert_revision = _insert("observations_revision", rows.revision) + returning
    insert_results = _insert("observations_stageresult", rows.results[0], rows=len(rows.results))
    insert_pending = _insert("observations_pendingfold", rows.pending)
    for _ in range(count):
        with connection.transaction(), connection.cursor() as cursor:
            observation = rows.observation | {"uuid": uuid.uuid4()}
            cursor.execute(insert_observation, list(observation.values()))
            made = {"observation_id": _returned(cursor)}
            cursor.execute(insert_revision, list((rows.revision | made).values()))
            under = {"revision_id": _returned(cursor)}
            results = [value for row in rows.results for value in (row | under).values()]
            cursor.execute(insert_results, results)
            cursor.execute(insert_pending, list((rows.pending | under).values()))


def _returned(cursor: psycopg.Cursor[Any]) -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])
