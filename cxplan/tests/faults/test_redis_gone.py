"""Without Redis every observation is accepted as fast as ever; once it is back the sweep folds them.

The gate sends the sweep as beat would. That beat does it by itself, a minute later, is shown by

    pytest -m slow cxplan/tests/faults/test_redis_gone.py
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import User
from accounts.tests.waiting import wait_until
from accounts.tokens import create_token
from cxplan.tests.faults.broker import FOLD, SWEEP, OwnRedis, deliver, finished, own_redis
from cxplan.tests.faults.locks import held, stands_at
from cxplan.tests.faults.tablet import Tablet
from cxplan.tests.faults.truth import (
    assert_each_counts_once,
    assert_each_stands_once,
    everything_is_folded,
)
from cxplan.tests.services import celery_worker, web_server
from journeys.models import Programme
from observations.models import PendingFold
from observations.tests.factories import make_document
from scoring.models import Framework

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# Far below what a tablet waits for, far above what a broker that is down may cost a request.
PATIENCE = 5


@pytest.fixture
def redis() -> Iterator[OwnRedis]:
    with own_redis() as one:
        yield one


@pytest.fixture
def tablet(
    transactional_db: None, redis: OwnRedis, observer: User, tmp_path: Path
) -> Iterator[Tablet]:
    with web_server(tmp_path, REDIS_URL=redis.url) as port:
        one = Tablet(port, create_token(user=observer))
        yield one
        one.hang_up()


def send_ten(tablet: Tablet) -> float:
    """Seconds that the slowest took; each is accepted."""
    slowest = 0.0
    for _ in range(10):
        started = time.monotonic()
        assert tablet.put(make_document()) == 201
        slowest = max(slowest, time.monotonic() - started)
    return slowest


def test_redis_killed_before_the_worker_acknowledges(
    tablet: Tablet, redis: OwnRedis, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    """The fold is done, its message can't be acknowledged any more: the worker lives on."""
    with celery_worker(tmp_path, REDIS_URL=redis.url) as worker:
        with held(framework):
            assert tablet.put(make_document()) == 201
            assert stands_at('UPDATE "scoring_framework"')
            os.kill(worker.pid, signal.SIGSTOP)  # the main process; the pool goes on
        assert wait_until(everything_is_folded)
        redis.kill()
        os.kill(worker.pid, signal.SIGCONT)
        assert send_ten(tablet) < PATIENCE
        assert PendingFold.objects.count() == 10
        assert_each_stands_once(tablet.acknowledged)
        redis.start_again()
        deliver(SWEEP, url=redis.url)
        assert wait_until(everything_is_folded)
        assert worker.poll() is None
    assert_each_counts_once(tablet.acknowledged, framework)


def test_redis_mute_for_a_while(
    tablet: Tablet, redis: OwnRedis, programme: Programme, framework: Framework, tmp_path: Path
) -> None:
    with celery_worker(tmp_path, REDIS_URL=redis.url) as worker:
        redis.fall_mute()
        assert send_ten(tablet) < PATIENCE
        assert PendingFold.objects.count() == 10
        assert_each_stands_once(tablet.acknowledged)
        redis.speak_again()
        deliver(SWEEP, url=redis.url)
        assert wait_until(everything_is_folded)
        assert worker.poll() is None
    assert_each_counts_once(tablet.acknowledged, framework)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["killed", "mute"])
def test_beat_itself_sweeps_once_redis_is_back(
    fault: str,
    tablet: Tablet,
    redis: OwnRedis,
    programme: Programme,
    framework: Framework,
    tmp_path: Path,
) -> None:
    with celery_worker(tmp_path, beat=True, REDIS_URL=redis.url):
        if fault == "killed":
            redis.kill()
        else:
            redis.fall_mute()
        end = time.monotonic() + 70  # a sweep of beat's falls into it, and fails
        while time.monotonic() < end:
            assert send_ten(tablet) < PATIENCE
            time.sleep(5)
        folded_before = finished(tmp_path, FOLD)
        if fault == "killed":
            redis.start_again()
        else:
            redis.speak_again()
        assert wait_until(everything_is_folded, seconds=65)
        if fault == "killed":
            assert finished(tmp_path, FOLD) == folded_before, "nothing but the sweep has done it"
    assert_each_counts_once(tablet.acknowledged, framework)
