"""Databases with many observations in them, filled in minutes.

500 different observations enter through the door; the rest are copies of their rows, made in SQL,
with identifiers, days and places of their own. What a revision scored follows from its answers and
its method alone, and those come from the template, so every copy has exactly the rows that the door
would have stored. Cells come from the product's own rebuild.
"""

from __future__ import annotations

import argparse
import random
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from stand import Stand, make_document, serve

FEW = 10_000  # of the side that many are held against
TEMPLATES = 500
LOCATIONS = 30
METHODS = ("mystery_visit", "survey", "store_team")
STEP = 20_000
WAVES = ((1, 3), (4, 6), (7, 9), (10, 12))
INDICATORS = 3
ACTIONS = 10

_OBSERVATIONS = """
    INSERT INTO observations_observation
        (id, programme_id, uuid, journey_id, received_at, uploaded_by_id)
    SELECT %(observation)s::bigint + i, t.programme_id, gen_random_uuid(), t.journey_id, now(),
        t.uploaded_by_id
    FROM generate_series(1, %(count)s::bigint) i
    JOIN template t ON t.place = (i / 30) %% %(templates)s::bigint
"""
_REVISIONS = """
    INSERT INTO observations_revision
        (id, observation_id, number, is_current, framework_id, method, location_id, channel_id,
         observed_at, utc_offset, month, observer, customer, answers, details, sha256, created_at)
    SELECT %(revision)s::bigint + i, %(observation)s::bigint + i, 1, true, t.framework_id, t.method,
        (%(locations)s::bigint[])[1 + i %% %(places)s::bigint], t.channel_id,
        d.day + interval '9 hours', 60, to_char(d.day, 'YYYY-MM'), t.observer, t.customer,
        t.answers, t.details, encode(sha256(i::text::bytea), 'hex'), now()
    FROM generate_series(1, %(count)s::bigint) i
    JOIN template t ON t.place = (i / 30) %% %(templates)s::bigint
    CROSS JOIN LATERAL (
        SELECT timestamptz '2026-01-01 00:00Z' + (i * 7919 %% 365) * interval '1 day' AS day
    ) d
"""
_RESULTS = """
    INSERT INTO observations_stageresult
        (revision_id, stage_id, channel_id, "S", raw, "P", "Q", customer_class, basic_seen,
         basics_ok)
    SELECT %(revision)s::bigint + i, s.stage_id, s.channel_id, s."S", s.raw, s."P", s."Q",
        s.customer_class, s.basic_seen, s.basics_ok
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) i
    JOIN template t ON t.place = (i / 30) %% %(templates)s::bigint
    JOIN observations_stageresult s ON s.revision_id = t.id
"""
_TEMPLATE = """
    CREATE TEMPORARY TABLE template AS
    SELECT row_number() OVER (ORDER BY r.id) - 1 AS place, r.*, o.programme_id, o.journey_id,
        o.uploaded_by_id
    FROM observations_revision r JOIN observations_observation o ON o.id = r.observation_id
    ORDER BY r.id LIMIT %s
"""


def count_asked_for(description: str | None) -> int:
    """The `--count` of the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--count", type=int, default=1_000_000)
    count: int = parser.parse_args().count
    return count


def make_templates() -> None:
    """30 locations, and 500 observations through the door, three methods in turn; all folded."""
    from journeys.models import Location, Programme
    from observations.folding import fold_pending
    from observations.intake import submit_observations

    programme = Programme.objects.get()
    Location.objects.bulk_create(
        Location(programme=programme, code=f"L{number:02d}", name=f"Place {number}")
        for number in range(2, LOCATIONS + 1)
    )
    chance = random.Random(3)
    documents = [
        make_document(chance) | {"method": METHODS[n % len(METHODS)]} for n in range(TEMPLATES)
    ]
    outcomes = submit_observations(programme=programme, documents=documents, user=None, hold=False)
    if {outcome.status for outcome in outcomes} != {"created"}:
        raise RuntimeError("the door refused a template")
    fold_pending()


def furnish(dsn: str) -> None:
    """What a page has beside scores: moments of truth, four waves, three indicators, ten actions."""
    from actionplans.tests.factories import make_action
    from journeys.models import Location, Programme
    from journeys.tests import factories
    from observations.indicator_writing import fill
    from observations.models import IndicatorReading
    from observations.tests.indicator_factories import make_indicator

    with using(dsn):
        programme = Programme.objects.get()
        stages = list(programme.journeys.get().stages.all())
        for stage in stages[:3]:
            stage.criticality = 3
            stage.save(update_fields=["criticality"])
        for number, (first, last) in enumerate(WAVES, start=1):
            months = {"first_month": f"2026-{first:02d}", "last_month": f"2026-{last:02d}"}
            factories.make_wave(programme, f"W{number}", **months)
        owner = factories.make_member(programme, "consultant", factories.make_user("Olga Owner"))
        for number in range(ACTIONS):
            make_action(stages[number % 5], owner, title=f"Mend the thing {number}")
        places = list(Location.objects.filter(programme=programme))
        for rank in range(1, INDICATORS + 1):
            counted = make_indicator(programme, key=f"nps-{rank}", codir_rank=rank)
            rows = []
            for place in places:
                for month in range(1, 13):
                    row = IndicatorReading(
                        definition=counted, month=f"2026-{month:02d}", location=place
                    )
                    fill(row, {"promoters": 40 + month, "passives": 30, "detractors": 20}, None)
                    rows.append(row)
            IndicatorReading.objects.bulk_create(rows)


def make_databases(one: Stand, counts: Sequence[int]) -> list[str]:
    """A database for each count of observations; their DSNs. The stand has no servers."""
    from django.db import connection

    make_templates()
    connection.close()
    dsns = []
    for place, count in enumerate(counts):
        name = f"stored_{place}"
        with psycopg.connect(one.dsn, autocommit=True) as keeper:
            # Filling is not measured: fewer checkpoints make it quicker.
            keeper.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
            keeper.execute("SELECT pg_reload_conf()")
            keeper.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(_name(one.dsn))
                )
            )
        dsn = urlunsplit(urlsplit(one.dsn)._replace(path=f"/{name}"))
        add(dsn, count - observations(dsn))
        settle(dsn)
        dsns.append(dsn)
    with psycopg.connect(one.dsn, autocommit=True) as keeper:
        keeper.execute("ALTER SYSTEM RESET max_wal_size")
        keeper.execute("SELECT pg_reload_conf()")
    return dsns


def add(dsn: str, count: int) -> None:
    """So many copies of the templates, in no cell yet."""
    if count < 0:
        raise RuntimeError("more observations are there already")
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")  # no look-up of foreign keys
        (observation,) = _row(connection, "SELECT max(id) FROM observations_observation")
        (revision,) = _row(connection, "SELECT max(id) FROM observations_revision")
        (places,) = _row(connection, "SELECT array_agg(id) FROM journeys_location")
        values: dict[str, Any] = {
            "observation": observation,
            "revision": revision,
            "count": count,
            "locations": places,
            "places": len(places),
            "templates": TEMPLATES,
        }
        connection.execute(_TEMPLATE, [TEMPLATES])
        connection.execute("ANALYZE template")
        connection.execute(_OBSERVATIONS, values)
        connection.execute(_REVISIONS, values)
        for first in range(1, count + 1, STEP):
            last = min(first + STEP - 1, count)
            connection.execute(_RESULTS, values | {"first": first, "last": last})
        for table in ("observation", "revision", "stageresult"):
            _advance(connection, f"observations_{table}")


def settle(dsn: str) -> None:
    """Cells by the product's rebuild; statistics and visibility as autovacuum leaves them."""
    from observations.folding import rebuild_cells
    from scoring.models import Framework

    with using(dsn):
        rebuild_cells(Framework.objects.get())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


@contextmanager
def using(dsn: str) -> Iterator[None]:
    """Django's connection goes to this database."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = _name(dsn)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def observations(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        (found,) = _row(connection, "SELECT count(*) FROM observations_observation")
    return int(found)


def megabytes(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        (size,) = _row(connection, "SELECT pg_database_size(current_database())")
    return int(size) // 10**6


@contextmanager
def serving(dsn: str) -> Iterator[int]:
    """The port of a server process on this database."""
    from cxplan.tests.servers import free_port

    port = free_port()
    server = serve(dsn, port)
    try:
        _wait_until_it_answers(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
            return
        except (URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _name(dsn: str) -> str:
    return urlsplit(dsn).path.lstrip("/")


def _row(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _advance(connection: psycopg.Connection[Any], table: str) -> None:
    """The next row of the door gets the next id."""
    connection.execute(
        sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
            sql.Literal(table), sql.Identifier(table)
        )
    )
