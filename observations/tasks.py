"""Folding in the background: soon after a commit, and a sweep for what a dead worker left."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

from observations.checking import alarm_on_differences
from observations.folding import fold_pending


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def fold_pending_observations() -> int:
    return fold_pending()


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def sweep_pending_folds() -> int:
    return fold_pending()


@shared_task
def check_cells() -> int:
    return alarm_on_differences()
