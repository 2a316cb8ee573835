"""Queries that every call of the API asks: built by the ORM once, then only run.

Building such a query takes Django several times as long as PostgreSQL needs to answer it, and the
server plans it anew each time. Here the SQL is kept (a thread keeps its own), only the values
change, and on PostgreSQL it runs as a prepared statement. What is read is read anew at each call.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet

Values = Sequence[Any]
# What no constant of a query is.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 2_147_000_000 + place,
    str: lambda place: f"stand-in {place}",
    UUID: lambda place: UUID(int=place),
}
Row = TypeVar("Row", bound=Model)


class Question(Protocol):
    """Something that `ask` puts to the database."""

    def put(self, cursor: CursorWrapper) -> None: ...

    def read(self, cursor: CursorWrapper) -> list[Values]: ...


def prepared_cursor() -> CursorWrapper:
    """A cursor whose statements PostgreSQL plans once a connection; elsewhere the usual one.

    Django's own cursor writes the values into the SQL, hence every statement is a new one.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    import psycopg

    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor: Any = psycopg.Cursor(connection.connection)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


def ask(*questions: Question) -> list[list[Values]]:
    """The rows of each. They are put in this order, each with a snapshot of its own; PostgreSQL gets
    them together and answers them together.
    """
    put = [(question, prepared_cursor()) for question in questions]
    together = len(put) > 1 and connection.vendor == "postgresql"
    with connection.wrap_database_errors, _pipeline() if together else nullcontext():
        for question, cursor in put:
            question.put(cursor)
        return [question.read(cursor) for question, cursor in put]


def _pipeline() -> AbstractContextManager[object]:
    pipeline: AbstractContextManager[object] = connection.connection.pipeline()
    return pipeline


class Statement:
    """SQL of our own, whose answer nobody reads."""

    def __init__(self, sql: str, values: Values) -> None:
        self._sql, self._values = sql, values

    def put(self, cursor: CursorWrapper) -> None:
        cursor.execute(self._sql, self._values)

    def read(self, cursor: CursorWrapper) -> list[Values]:
        return []


class CompiledQuery:
    """`build` gives a `values_list` queryset; it is called once, with a stand-in for each value.

    It may compare its columns with them and nothing else: a slice by them stays as it was built.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self._build = build
        self._stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
        self._of_thread = threading.local()

    def __call__(self, *values: Any) -> _Asked:
        return _Asked(self, values)

    def rows(self, *values: Any) -> list[Values]:
        """The answer to this question alone."""
        (rows,) = ask(self(*values))
        return rows

    def compiled(self) -> Any:
        """The SQL, its parameters with the place of their value, and what turns rows into Python."""
        kept = getattr(self._of_thread, "kept", None)
        if kept is None:
            compiler = self._build(*self._stand_ins).query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            places = [(self._place(param), param) for param in params]
            converters = compiler.get_converters([one[0] for one in compiler.select])
            kept = self._of_thread.kept = (sql, places, compiler, converters)
        return kept

    def _place(self, param: Any) -> int | None:
        sent = [_sent(stand_in) for stand_in in self._stand_ins]
        return sent.index(param) if param in sent else None


class _Asked:
    """A compiled query with its values."""

    def __init__(self, query: CompiledQuery, values: Values) -> None:
        self._query, self._values = query, values

    def put(self, cursor: CursorWrapper) -> None:
        sql, places, _compiler, _converters = self._query.compiled()
        params = [
            constant if place is None else _sent(self._values[place]) for place, constant in places
        ]
        cursor.execute(sql, params)

    def read(self, cursor: CursorWrapper) -> list[Values]:
        _sql, _places, compiler, converters = self._query.compiled()
        found: list[Values] = cursor.fetchall()
        return list(compiler.apply_converters(found, converters)) if converters else found


def _sent(value: Any) -> Any:
    """As the ORM sends it: SQLite has no type for a UUID."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def columns(model: type[Model], prefix: str = "") -> list[str]:
    """The names of all columns of a model, for `values_list`; `as_row` takes their values."""
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]


def as_row(model: type[Row], values: Values) -> Row:
    """The row that those values are."""
    return model.from_db(connection.alias, columns(model), values)
