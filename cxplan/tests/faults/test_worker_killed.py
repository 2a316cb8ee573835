"""A worker that dies by SIGKILL in the middle of a fold leaves nothing half done, and nothing out.

"In the middle" is made certain: the test holds a row that the fold needs, and asks PostgreSQL at
which statement the worker stands. The message that the dead worker held comes back only after
Celery's visibility timeout; the sweep does not wait for it.
"""

from __future__ import annotations

import signal
import subprocess
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from django.db.models import Model

from accounts.tests.waiting import wait_until
from cxplan.tests.faults.broker import SWEEP, deliver, queue
from cxplan.tests.faults.locks import held, stands_at, statements_waiting
from cxplan.tests.faults.tablet import Document, Tablet
from cxplan.tests.faults.truth import (
    assert_each_counts_once,
    everything_is_folded,
    journeys_counted,
)
from cxplan.tests.services import celery_worker
from journeys.models import Programme
from observations.models import PendingFold
from observations.tasks import sweep_pending_folds
from observations.tests.factories import ANSWERS, make_document
from scoring.models import Framework, StageCell
from scoring.vector import VECTOR_FIELDS

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def row_that_stops(point: str, framework: Framework) -> Model:
    """A row that a fold reaches at this point of its transaction."""
    if point == "framework":
        return framework
    if point == "cells":  # the last of the key's order: the others are added to before
        facets = StageCell.objects.filter(framework=framework, stage__gt=0, channel__gt=0)
        return facets.latest("stage", "channel")
    # Two folds that pass each other may leave a cell of zeros; the next retraction drops it, when
    # the outbox rows are deleted already.
    zeros = dict.fromkeys(VECTOR_FIELDS, 0)
    return StageCell.objects.create(framework=framework, method="survey", month="2025-01", **zeros)


STATEMENTS = {
    "framework": 'UPDATE "scoring_framework"',
    "cells": "INSERT INTO scoring_stagecell",
    "empty cells": 'DELETE FROM "scoring_stagecell"',
}


def send_first(tablet: Tablet) -> Document:
    """One observation, counted before there is any worker."""
    document = make_document()
    with queue():
        assert tablet.put(document) == 201
    assert sweep_pending_folds() == 1
    return document


def send_more(tablet: Tablet, first: Document) -> None:
    """New observations, and an edit of one that has been counted."""
    for _ in range(5):
        assert tablet.put(make_document()) == 201
    assert tablet.put(first | {"base_revision": 1, "answers": ANSWERS | {"S1-b": -2}}) == 200


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        process.send_signal(signal.SIGKILL)


def pool_of(worker: subprocess.Popen[bytes]) -> list[psutil.Process]:
    return psutil.Process(worker.pid).children(recursive=True)  # type: ignore[no-any-return]


@pytest.mark.parametrize("point", STATEMENTS)
def test_killed_with_all_its_pool(
    point: str, tablet: Tablet, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    first = send_first(tablet)
    send_more(tablet, first)  # before there is a worker: its first fold takes all of it
    with held(row_that_stops(point, framework)), celery_worker(tmp_path) as worker:
        assert stands_at(STATEMENTS[point])
        kill(psutil.Process(worker.pid), *pool_of(worker))
        worker.wait()
        assert PendingFold.objects.count() == 7, "nothing of the dead worker's fold is to be seen"
        assert journeys_counted(framework) == 1
    # Its rows are free once PostgreSQL has noticed that its connection is gone.
    assert wait_until(lambda: sweep_pending_folds() > 0)
    assert_each_counts_once(tablet.acknowledged, framework)


def test_a_pool_process_killed_is_replaced_and_the_sweep_folds(
    tablet: Tablet, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    first = send_first(tablet)
    send_more(tablet, first)
    with ExitStack() as until_folded:
        with held(row_that_stops("cells", framework)):
            worker = until_folded.enter_context(celery_worker(tmp_path))
            assert stands_at(STATEMENTS["cells"])
            kill(*pool_of(worker))
            assert PendingFold.objects.count() == 7
        assert wait_until(lambda: not statements_waiting())
        deliver(SWEEP)
        assert wait_until(everything_is_folded)
    assert_each_counts_once(tablet.acknowledged, framework)
