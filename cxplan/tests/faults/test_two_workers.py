"""Two workers that fold at once take different rows, add to the same cells, and never lock up."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
from django.db import connection

from accounts.tests.waiting import wait_until
from cxplan.tests.faults.broker import FOLD, deliver, finished, queue
from cxplan.tests.faults.truth import assert_each_counts_once
from cxplan.tests.services import celery_worker
from journeys.models import Programme
from observations import folding
from observations.folding import fold_pending
from observations.intake import submit_observations
from observations.models import PendingFold, Revision
from observations.tests.factories import ANSWERS, make_document
from scoring.models import Framework

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

NEW, PAIRS = 600, 900
ROWS = NEW + 2 * PAIRS


@pytest.fixture
def ids(programme: Programme, framework: Framework, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Thousands of rows in the outbox, retractions among them; nobody has been told."""
    monkeypatch.setattr("observations.announcing.announce_pending_folds", lambda: None)
    chance = random.Random(4)
    documents = [
        make_document(
            location=chance.choice(("PAR1", "LYO1", None)),
            observed_at=f"2026-{chance.randint(1, 12):02d}-03T10:30:00+02:00",
            answers=ANSWERS | {"S1-p": chance.choice((-1, 0, 1, 2)), "S2-d": chance.choice((0, 3))},
        )
        for _ in range(NEW)
    ]
    submit_observations(programme=programme, documents=documents, user=None)
    # As withdrawals that were taken back leave them: each cell passes through 0 on the way.
    revisions = chance.choices(Revision.objects.all(), k=PAIRS)
    PendingFold.objects.bulk_create(
        PendingFold(revision=revision, framework=framework, sign=sign)
        for sign in (-1, 1)
        for revision in chance.sample(revisions, PAIRS)
    )
    return [one["id"] for one in documents]


def test_four_connections_in_small_batches(
    ids: list[str], framework: Framework, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batches of 40 pass each other: a retraction may come before what it takes back."""
    monkeypatch.setattr(folding, "BATCH", 40)
    start = threading.Barrier(4)
    folded: list[int] = []
    errors: list[Exception] = []

    def fold() -> None:
        start.wait()
        try:
            folded.append(fold_pending())
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=fold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(folded) == ROWS
    assert sum(one > 0 for one in folded) > 1, "they have shared the work"
    assert_each_counts_once(ids, framework)


def test_two_worker_processes(ids: list[str], framework: Framework, tmp_path: Path) -> None:
    with queue(), celery_worker(tmp_path), celery_worker(tmp_path):
        for _ in range(12):
            deliver(FOLD)
        assert wait_until(lambda: finished(tmp_path, FOLD) == 12)
    assert_each_counts_once(ids, framework)
