"""Adds the sums of pending revisions to the cells, and rebuilds or checks the cells from scratch.

Everything is summed in SQL that runs on PostgreSQL and on SQLite; no row passes through Python.
The contributions of a set of signed revisions are one SELECT, grouped by the cells' key. A fold
takes its set from the outbox; a rebuild and a check from all current revisions, less what is still
in the outbox, so that cells + outbox = rebuilt holds at any moment.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from observations.models import PendingFold
from scoring.models import Framework, LevelCount, StageCell
from scoring.vector import VECTOR_FIELDS

# A fold writes each of its cells once: of a long queue, the more it takes the less it writes.
BATCH = 20_000

# Every set gives (revision_id, sign).
_TAKEN = "SELECT revision_id, sign FROM observations_pendingfold WHERE batch = %s"
_EXPECTED = """
    SELECT r.id AS revision_id, 1 AS sign
    FROM observations_revision r JOIN observations_observation o ON o.id = r.observation_id
    WHERE r.is_current AND o.is_counted AND r.framework_id = %s
    UNION ALL
    SELECT revision_id, -sign FROM observations_pendingfold WHERE framework_id = %s
"""

_VECTOR = {
    "n": "1",
    "S": 's."S"',
    "raw": "s.raw",
    "P": 's."P"',
    "Q": 's."Q"',
    "SS": 's."S" * s."S"',
    "SP": 's."S" * s."P"',
    "SQ": 's."S" * s."Q"',
    "PP": 's."P" * s."P"',
    "QQ": 's."Q" * s."Q"',
    "nD": "CASE WHEN s.customer_class = 'D' THEN 1 ELSE 0 END",
    "nN": "CASE WHEN s.customer_class = 'N' THEN 1 ELSE 0 END",
    "nE": "CASE WHEN s.customer_class = 'E' THEN 1 ELSE 0 END",
    "nU": "CASE WHEN s.customer_class = 'U' THEN 1 ELSE 0 END",
    "nb": "CASE WHEN s.basic_seen THEN 1 ELSE 0 END",
    "nb_ok": "CASE WHEN s.basics_ok THEN 1 ELSE 0 END",
}
_CELL_KEY = ("framework_id", "method", "month", "stage_id", "channel_id", "location_id")
_COUNT_KEY = ("framework_id", "method", "month", "interaction", "answer", "location_id")
_NULLABLE = frozenset(("stage_id", "channel_id", "location_id"))


def fold_pending() -> int:
    """Folds until the outbox is empty of rows nobody else is folding; the number of rows folded."""
    folded = 0
    while taken := _fold_batch():
        folded += taken
    return folded


@transaction.atomic
def _fold_batch() -> int:
    batch = uuid.uuid4().hex
    waiting = PendingFold.objects.select_for_update(skip_locked=True).filter(batch="")
    taken = PendingFold.objects.filter(
        pk__in=list(waiting.order_by("pk").values_list("pk", flat=True)[:BATCH])
    ).update(batch=batch)
    if not taken:
        return 0
    mine = PendingFold.objects.filter(batch=batch)
    framework_ids = sorted(set(mine.values_list("framework", flat=True)))
    for framework_id in framework_ids:
        # Taken in id order and before any cell: folds and rebuilds of one framework queue up here.
        _begin(framework_id)
    retracts = mine.filter(sign=-1).exists()
    with connection.cursor() as cursor:
        cursor.execute(_upsert(StageCell, _cell_select(_TAKEN), _CELL_KEY, VECTOR_FIELDS), [batch])
        cursor.execute(_upsert(LevelCount, _count_select(_TAKEN), _COUNT_KEY, ("count",)), [batch])
    mine.delete()
    if retracts:
        _drop_empty(framework_ids)
    return taken


def _begin(framework_id: int) -> None:
    """Locks the framework until the end of the transaction; its cells are others from now on."""
    Framework.objects.filter(pk=framework_id).update(
        cells_revision=F("cells_revision") + 1, cells_stamp=uuid.uuid4()
    )


def _drop_empty(framework_ids: Sequence[int]) -> None:
    """A cell goes only when all its sums are 0: n = 0 alone may be two folds passing each other."""
    empty: dict[str, int] = dict.fromkeys(VECTOR_FIELDS, 0)
    StageCell.objects.filter(framework__in=framework_ids, **empty).delete()
    LevelCount.objects.filter(framework__in=framework_ids, count=0).delete()


def _key(columns: Sequence[str], alias: str = "") -> str:
    """The key as its unique index has it, nulls written 0; also the order in which rows are locked."""
    return ", ".join(
        f"COALESCE({alias}{column}, 0)" if column in _NULLABLE else f"{alias}{column}"
        for column in columns
    )


def _cell_select(source: str) -> str:
    """Signed sums by cell key. Sums are made in 64 bits: two 16-bit sums multiplied need more."""
    sums = ", ".join(
        f'CAST(SUM(CAST(p.sign AS bigint) * ({_wide(term)})) AS bigint) AS "{name}"'
        for name, term in _VECTOR.items()
    )
    return f"""
        SELECT r.framework_id, r.method, r.month, s.stage_id, s.channel_id, r.location_id, {sums}
        FROM ({source}) p
        JOIN observations_revision r ON r.id = p.revision_id
        JOIN observations_stageresult s ON s.revision_id = p.revision_id
        GROUP BY r.framework_id, r.method, r.month, s.stage_id, s.channel_id, r.location_id
    """


def _wide(term: str) -> str:
    return term.replace(" * ", " * CAST(1 AS bigint) * ")


def _count_select(source: str) -> str:
    """Signed counts by answer: the one fragment that differs between the two engines."""
    answers = (
        "CROSS JOIN LATERAL jsonb_each_text(r.answers) AS a(key, value)"
        if connection.vendor == "postgresql"
        else "JOIN json_each(r.answers) AS a"
    )
    return f"""
        SELECT r.framework_id, r.method, r.month, a.key AS interaction,
            CAST(a.value AS varchar(2)) AS answer, r.location_id,
            CAST(SUM(p.sign) AS bigint) AS "count"
        FROM ({source}) p
        JOIN observations_revision r ON r.id = p.revision_id
        {answers}
        GROUP BY r.framework_id, r.method, r.month, a.key, CAST(a.value AS varchar(2)), r.location_id
    """


def _upsert(
    model: type[StageCell | LevelCount], select: str, key: Sequence[str], sums: Sequence[str]
) -> str:
    """Adds (Django's own upsert replaces), row after row in key order, so that no two folds deadlock."""
    table = model._meta.db_table
    columns = ", ".join([*key, *(f'"{name}"' for name in sums)])
    added = ", ".join(f'"{name}" = {table}."{name}" + excluded."{name}"' for name in sums)
    return f"""
        INSERT INTO {table} ({columns})
        SELECT {columns} FROM ({select}) t WHERE true ORDER BY {_key(key, "t.")}
        ON CONFLICT ({_key(key)}) DO UPDATE SET {added}
    """


@transaction.atomic
def rebuild_cells(framework: Framework) -> None:
    """Recomputes every cell of a framework version, while observations go on arriving.

    The framework's lock keeps folds out. What is still in the outbox is left out of the cells,
    in the same statement that reads the revisions: a later fold adds it.
    """
    _begin(framework.pk)
    StageCell.objects.filter(framework=framework).delete()
    LevelCount.objects.filter(framework=framework).delete()
    source = [framework.pk, framework.pk]
    cells = _upsert(StageCell, _cell_select(_EXPECTED), _CELL_KEY, VECTOR_FIELDS)
    counts = _upsert(LevelCount, _count_select(_EXPECTED), _COUNT_KEY, ("count",))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Room to hash a million revisions at once; by default they go through files in parts.
            cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(cells, source)
        cursor.execute(counts, source)
    _drop_empty([framework.pk])


def differing_cells(framework: Framework) -> list[dict[str, Any]]:
    """Cells and counts that differ from what a rebuild would give; each with its key and the excess.

    One statement a table, hence one snapshot: folds under way can't show as a difference.
    """
    cells = _difference(StageCell, _cell_select(_EXPECTED), _CELL_KEY, VECTOR_FIELDS)
    counts = _difference(LevelCount, _count_select(_EXPECTED), _COUNT_KEY, ("count",))
    found: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for sql in (cells, counts):
            cursor.execute(sql, [framework.pk, framework.pk, framework.pk])
            names = [column[0] for column in cursor.description]
            found += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def _difference(
    model: type[StageCell | LevelCount], select: str, key: Sequence[str], sums: Sequence[str]
) -> str:
    table = model._meta.db_table
    keys = ", ".join(key)
    quoted = [f'"{name}"' for name in sums]
    there = ", ".join([keys, *quoted])
    wanted = ", ".join([keys, *(f"-{name} AS {name}" for name in quoted)])
    excess = ", ".join(f"SUM(d.{name}) AS {name}" for name in quoted)
    wrong = " OR ".join(f"SUM(d.{name}) <> 0" for name in quoted)
    return f"""
        SELECT {keys}, {excess} FROM (
            SELECT {there} FROM {table} WHERE framework_id = %s
            UNION ALL
            SELECT {wanted} FROM ({select}) t
        ) d GROUP BY {keys} HAVING {wrong} ORDER BY {_key(key)}
    """
