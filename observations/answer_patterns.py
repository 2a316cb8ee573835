"""The answers of counted observations, alike ones counted together by the database.

What a replay needs of the facts: per stage, method and location each combination of answers, and
how often it was given. However many observations there are, only distinct ones leave the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import Count, F, Func, TextField, Value

from observations.cells import within
from observations.models import Revision
from observations.selection import Selection
from scoring.models import Framework
from scoring.replay import Pattern

CHUNK = 2_000
ARGUMENTS = 100  # of one function, on PostgreSQL; SQLite takes a few more

_Sql = tuple[str, tuple[str | int, ...]]


class _Answers(Func):
    """The answers to some interactions in their order, as a JSON array of arrays of up to 100.

    Null stands for one that is missing. A key is never a path: "10" names an interaction, not the
    eleventh of a list.
    """

    output_field = TextField()

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(F("answers"))
        self.keys = tuple(keys)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> _Sql:
        """The operator takes its right side as a key of the document, never as a place in a list."""
        return self._array("jsonb_build_array", "{} -> %s", self.keys, compiler)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> _Sql:
        paths = tuple(f'$."{key}"' for key in self.keys)
        return self._array("json_array", "json_extract({}, %s)", paths, compiler)

    def _array(self, function: str, part: str, params: tuple[str, ...], compiler: Any) -> _Sql:
        column, _none = compiler.compile(self.source_expressions[0])
        one = part.format(column)
        arrays = ", ".join(
            f"{function}({', '.join([one] * len(params[start : start + ARGUMENTS]))})"
            for start in range(0, len(params), ARGUMENTS)
        )
        return f"CAST({function}({arrays}) AS text)", params


def patterns_of(
    framework: Framework, selection: Selection, stages: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Pattern]]:
    """(stage, pattern), streamed by one query; `stages` maps each to its interactions' keys."""
    facts = Revision.objects.counted().filter(within(selection), framework=framework)
    queries = [
        facts.annotate(stage=Value(stage, TextField()), given=_Answers(keys))
        .order_by()
        .values_list("stage", "method", "location__code", "given")
        .annotate(total=Count("pk"))
        for stage, keys in stages.items()
        if keys
    ]
    if not queries:
        return
    rows = queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
    for stage, method, location, given, total in rows.iterator(CHUNK):
        found = zip(stages[stage], chain.from_iterable(json.loads(given)), strict=True)
        answers = {key: answer for key, answer in found if answer is not None}
        yield stage, Pattern(method, location, answers, total)
