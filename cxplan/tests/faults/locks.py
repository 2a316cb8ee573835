"""Holds a row so that a worker's fold stops in the middle, and says where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model

from accounts.tests.waiting import wait_until


@contextmanager
def held(row: Model, *, strength: str = "NO KEY UPDATE") -> Iterator[None]:
    """Locked by a connection of its own, as an UPDATE elsewhere would.

    Rows that refer to it can be written meanwhile, unless the strength is UPDATE.
    """
    with psycopg.connect(**_parameters()) as holder:
        query = f'SELECT 1 FROM "{row._meta.db_table}" WHERE id = %s FOR {strength}'  # noqa: S608
        holder.execute(query.encode(), [row.pk])
        yield


def _parameters() -> dict[str, Any]:
    parameters = connection.get_connection_params()
    return {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if name in parameters
    }


def statements_waiting() -> list[str]:
    """The statements that wait for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT query FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return [query for (query,) in cursor.fetchall()]


def stands_at(beginning: str) -> bool:
    """Whether one connection comes to wait, at a statement that begins like this."""
    wait_until(lambda: bool(statements_waiting()))
    waiting = [query.strip() for query in statements_waiting()]
    return len(waiting) == 1 and waiting[0].startswith(beginning)
