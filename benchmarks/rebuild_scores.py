"""`rebuild_scores` against the plain statements that make the same cells. Prints JSON.

    python benchmarks/rebuild_scores.py [--count 1000000]

The plain side is one `INSERT ... SELECT ... GROUP BY` for the cells and one for the level counts,
into empty tables with the columns, indexes and foreign keys of the product's, in one transaction:
no locks, no outbox to subtract, nothing to take away first. The sides alternate within each round;
the ratio is the median of the rounds' ratios. Afterwards both must have made the same rows, and
`rebuild_scores --check` must find no difference.
"""

from __future__ import annotations

import json
import statistics
import time
from io import StringIO
from typing import Any

import psycopg
from psycopg import sql
from stand import stand
from stored import count_asked_for, make_databases, megabytes, observations, using

ROUNDS = 3

_FACTS = """
    FROM observations_revision r
    JOIN observations_observation o ON o.id = r.observation_id
"""
_COUNTED = "WHERE r.is_current AND o.is_counted"
_CELLS = f"""
    INSERT INTO plain_cell
        (framework_id, method, month, stage_id, channel_id, location_id, n, "S", raw, "P", "Q", "SS",
         "SP", "SQ", "PP", "QQ", "nD", "nN", "nE", "nU", nb, nb_ok)
    SELECT r.framework_id, r.method, r.month, s.stage_id, s.channel_id, r.location_id,
        count(*), sum(s."S"), sum(s.raw), sum(s."P"), sum(s."Q"),
        sum(s."S"::int * s."S"), sum(s."S"::int * s."P"), sum(s."S"::int * s."Q"),
        sum(s."P"::int * s."P"), sum(s."Q"::int * s."Q"),
        count(*) FILTER (WHERE s.customer_class = 'D'),
        count(*) FILTER (WHERE s.customer_class = 'N'),
        count(*) FILTER (WHERE s.customer_class = 'E'),
        count(*) FILTER (WHERE s.customer_class = 'U'),
        count(*) FILTER (WHERE s.basic_seen), count(*) FILTER (WHERE s.basics_ok)
    {_FACTS} JOIN observations_stageresult s ON s.revision_id = r.id {_COUNTED}
    GROUP BY r.framework_id, r.method, r.month, s.stage_id, s.channel_id, r.location_id
"""
_COUNTS = f"""
    INSERT INTO plain_count (framework_id, method, month, interaction, answer, location_id, count)
    SELECT r.framework_id, r.method, r.month, a.key, a.value, r.location_id, count(*)
    {_FACTS} CROSS JOIN LATERAL jsonb_each_text(r.answers) a {_COUNTED}
    GROUP BY r.framework_id, r.method, r.month, a.key, a.value, r.location_id
"""
_PLAIN = {"plain_cell": "scoring_stagecell", "plain_count": "scoring_levelcount"}


def main() -> None:
    count = count_asked_for(__doc__)
    with stand(servers=0) as one:
        (dsn,) = make_databases(one, [count])
        print(json.dumps(measure(dsn), indent=2))


def measure(dsn: str) -> dict[str, object]:
    rounds = [(_rebuild(dsn), _plain(dsn)) for _ in range(ROUNDS)]
    ratios = [rebuilt / plain for rebuilt, plain in rounds]
    return {
        "ratio": round(statistics.median(ratios), 2),
        "goal": 2,
        "ratios": [round(ratio, 2) for ratio in ratios],
        "rebuild_seconds": [round(rebuilt, 1) for rebuilt, _plain in rounds],
        "plain_seconds": [round(plain, 1) for _rebuilt, plain in rounds],
        "observations": observations(dsn),
        "rows_that_differ": _differing(dsn),
        "check": _command(dsn, "--check"),
        "database_mb": megabytes(dsn),
    }


def _rebuild(dsn: str) -> float:
    started = time.perf_counter()
    _command(dsn)
    return time.perf_counter() - started


def _command(dsn: str, *arguments: str) -> str:
    from django.core.management import call_command

    said = StringIO()
    with using(dsn):
        call_command("rebuild_scores", *arguments, stdout=said)
    return said.getvalue().strip()


def _plain(dsn: str) -> float:
    """The tables are made and dropped outside the time that is taken; the commit is inside."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name, like in _PLAIN.items():
            table = sql.Identifier(name)
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
            connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                    table, sql.Identifier(like)
                )
            )
            _add_foreign_keys(connection, name, like)
        started = time.perf_counter()
        with connection.transaction():
            connection.execute(_CELLS)
            connection.execute(_COUNTS)
        return time.perf_counter() - started


def _add_foreign_keys(connection: psycopg.Connection[Any], name: str, like: str) -> None:
    """What `LIKE` leaves behind."""
    found = connection.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = %s::regclass",
        [like],
    )
    for (definition,) in found.fetchall():
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD {}").format(sql.Identifier(name), sql.SQL(definition))
        )


def _differing(dsn: str) -> int:
    """Rows of the product that the plain side has not made, identifiers aside."""
    found = 0
    with psycopg.connect(dsn) as connection:
        for plain, product in _PLAIN.items():
            names = connection.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name <> 'id'",
                [product],
            )
            columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in names)
            row = connection.execute(
                sql.SQL(
                    "SELECT count(*) FROM (SELECT {0} FROM {1} EXCEPT SELECT {0} FROM {2}) d"
                ).format(columns, sql.Identifier(product), sql.Identifier(plain))
            ).fetchone()
            assert row is not None
            found += row[0]
    return found


if __name__ == "__main__":
    main()
