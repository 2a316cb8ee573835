"""PostgreSQL loses its power during a sync: a tablet that insists has every observation stored once.

The server and the worker live through it; a cluster of the test's own, with fsync on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from accounts.tests.waiting import wait_until
from accounts.tokens import create_token
from cxplan.tests.faults.broker import FOLD, SWEEP, deliver, finished, queue
from cxplan.tests.faults.locks import held, statements_waiting
from cxplan.tests.faults.own_postgresql import OwnPostgresql, database_at, own_postgresql
from cxplan.tests.faults.tablet import Document, Tablet
from cxplan.tests.faults.truth import (
    assert_each_counts_once,
    everything_is_folded,
)
from cxplan.tests.services import celery_worker, web_server
from journeys.tests import factories
from observations.tests.factories import make_document
from scoring.models import Framework
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.services

CALLS, A_CALL = 15, 20


@pytest.fixture
def cluster(django_db_blocker: DjangoDbBlocker) -> Iterator[OwnPostgresql]:
    with django_db_blocker.unblock(), own_postgresql() as one, database_at(one.url):
        call_command("migrate", verbosity=0)
        yield one


def make_cast() -> tuple[Framework, str]:
    """The published framework of one journey, and an observer's token."""
    programme = factories.make_programme("casa-nord")
    factories.make_channel(programme, "store")
    location = factories.make_location(programme, "PAR1")
    journey = factories.make_journey(programme, "family-store", stages=3)
    for stage in journey.stages.all():
        factories.make_touchpoint(stage)
    observer = factories.make_member(programme, "observer", locations=[location])
    return make_framework(journey), create_token(user=observer)


def test_power_lost_during_a_sync(cluster: OwnPostgresql, tmp_path: Path) -> None:
    framework, token = make_cast()
    calls = [[make_document() for _ in range(A_CALL)] for _ in range(CALLS)]
    with (
        queue(),
        web_server(tmp_path, DATABASE_URL=cluster.url) as port,
        celery_worker(tmp_path, DATABASE_URL=cluster.url) as worker,
    ):
        tablet = Tablet(port, token)
        sending = threading.Thread(target=insist_on_all, args=[tablet, calls], daemon=True)
        lose_power_in_the_middle_of_a_transaction(cluster, framework, sending)
        assert wait_until(lambda: len(tablet.acknowledged) >= CALLS * A_CALL // 3)
        lose_power(cluster)  # and once wherever it happens to be
        sending.join()
        tablet.hang_up()
        assert tablet.troubles, "the tablet has noticed"
        assert len(tablet.acknowledged) == CALLS * A_CALL
        deliver(SWEEP)
        assert wait_until(everything_is_folded)
        assert worker.poll() is None
        assert finished(tmp_path, FOLD) + finished(tmp_path, SWEEP) > 0
        assert_each_counts_once(tablet.acknowledged, framework)


def insist_on_all(tablet: Tablet, calls: list[list[Document]]) -> None:
    for call in calls:
        tablet.insist(call)


def lose_power_in_the_middle_of_a_transaction(
    cluster: OwnPostgresql, framework: Framework, sending: threading.Thread
) -> None:
    """The first sync has written all its rows; its COMMIT waits to see that the framework exists."""
    with suppress(psycopg.OperationalError), held(framework, strength="UPDATE"):
        sending.start()
        assert wait_until(lambda: bool(statements_waiting()))
        assert statements_waiting() == ["COMMIT"]
        lose_power(cluster)


def lose_power(cluster: OwnPostgresql) -> None:
    cluster.lose_power()
    connection.close()
    cluster.start_again()
