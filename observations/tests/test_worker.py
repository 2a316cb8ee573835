"""A real worker on a real Redis folds what was accepted, and a sweep what a dead one left."""

from __future__ import annotations

import subprocess

import pytest

from accounts.tests.waiting import wait_until
from journeys.models import Programme
from observations.models import PendingFold
from observations.tasks import sweep_pending_folds
from observations.tests.factories import submit
from scoring.models import StageCell

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("framework")]


def test_a_worker_folds_after_the_commit(
    celery_worker_process: subprocess.Popen[bytes], programme: Programme
) -> None:
    for _ in range(3):
        assert submit(programme).status == "created"
    assert wait_until(lambda: not PendingFold.objects.exists(), seconds=20)
    assert StageCell.objects.get(stage=None).n == 3


def test_what_a_killed_worker_left_is_swept_up_once(
    celery_worker_process: subprocess.Popen[bytes], programme: Programme
) -> None:
    celery_worker_process.kill()
    celery_worker_process.wait()
    submit(programme)
    assert PendingFold.objects.count() == 1
    assert sweep_pending_folds() == 1
    assert sweep_pending_folds() == 0
    assert StageCell.objects.get(stage=None).n == 1
