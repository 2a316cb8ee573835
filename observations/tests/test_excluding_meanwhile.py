"""Deliveries and exclusions at the same moment, each in a transaction of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from journeys.models import Programme
from observations.excluding import exclude_observer
from observations.folding import differing_cells, fold_pending
from observations.models import Observation
from observations.tests.factories import submit
from scoring.models import Framework, StageCell

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def exclude(programme: Programme) -> None:
    exclude_observer(programme=programme, observer="OBS-1", reason="Made up", user=None)


@pytest.mark.parametrize("first", ["delivery", "exclusion"])
def test_nothing_slips_between_them(programme: Programme, framework: Framework, first: str) -> None:
    """Whoever comes second waits until the first has committed, and then sees what it did."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    begun, go = threading.Event(), threading.Event()
    steps: dict[str, Callable[[], object]] = {
        "delivery": lambda: submit(programme),
        "exclusion": lambda: exclude(programme),
    }
    step = steps.pop(first)
    [meanwhile] = steps.values()

    def take_long() -> None:
        with transaction.atomic():
            step()
            begun.set()
            assert go.wait(10)

    slow = in_a_thread(take_long)
    assert begun.wait(10)
    waiting = in_a_thread(meanwhile)
    time.sleep(0.3)
    assert waiting.is_alive(), "it waits"
    go.set()
    slow.join()
    waiting.join()
    assert Observation.objects.get().is_excluded
    fold_pending()
    assert differing_cells(framework) == []
    assert not StageCell.objects.exists()


def test_deliveries_do_not_wait_for_each_other(programme: Programme, framework: Framework) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with transaction.atomic():
        submit(programme)
        other = in_a_thread(lambda: submit(programme))
        other.join(5)
        assert not other.is_alive()
    fold_pending()
    assert StageCell.objects.get(stage=None).n == 2
