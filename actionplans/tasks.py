"""Computing the verdicts of measured actions in the background, once their windows are over."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError

from actionplans.measure_closing import close_measure, due_measures


@shared_task
def close_due_measures() -> int:
    """A task a measure: one that can't be computed keeps no other back."""
    due = due_measures()
    for measure in due:
        close_one_measure.delay(measure)
    return len(due)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def close_one_measure(measure: int) -> bool:
    return close_measure(measure)
