"""A broker delivers at least once: a message that comes again finds nothing left to count."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from accounts.tests.waiting import wait_until
from cxplan.tests.faults.broker import FOLD, finished, queue
from cxplan.tests.faults.locks import held, stands_at
from cxplan.tests.faults.tablet import Tablet
from cxplan.tests.faults.truth import assert_each_counts_once
from cxplan.tests.services import celery_worker
from journeys.models import Programme
from observations.announcing import MOMENT
from observations.tasks import sweep_pending_folds
from observations.tests.factories import make_document
from scoring.models import Framework

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_each_message_delivered_twice(
    tablet: Tablet, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    """The very same messages, bytes and identifiers, to two pool processes at once."""
    with queue() as redis:
        for _ in range(5):
            assert tablet.put(make_document()) == 201
            time.sleep(2 * MOMENT)
        assert wait_until(lambda: redis.llen("celery") >= 5)
        messages = redis.lrange("celery", 0, -1)
        redis.lpush("celery", *messages)
        with celery_worker(tmp_path):
            assert wait_until(lambda: finished(tmp_path, FOLD) == 2 * len(messages))
        assert_each_counts_once(tablet.acknowledged, framework)


def test_a_message_that_a_dead_worker_held_comes_again(
    tablet: Tablet, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    """After the visibility timeout (an hour: here its clock is turned), to the next worker."""
    with queue() as redis:
        assert tablet.put(make_document()) == 201
        with held(framework), celery_worker(tmp_path) as worker:
            assert stands_at('UPDATE "scoring_framework"')
            os.killpg(worker.pid, signal.SIGKILL)
        assert wait_until(lambda: sweep_pending_folds() > 0)
        kept = redis.zrange("unacked_index", 0, -1)
        assert len(kept) == 1, "the dead worker did not acknowledge its message"
        redis.zadd("unacked_index", dict.fromkeys(kept, 0))
        with celery_worker(tmp_path):
            assert wait_until(lambda: finished(tmp_path, FOLD) >= 1)
        assert_each_counts_once(tablet.acknowledged, framework)
