"""Folding in the background: soon after a commit, and a sweep for what a dead worker left."""

from __future__ import annotations

import logging
import time

from celery import Task, shared_task
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from observations.checking import alarm_on_differences
from observations.drafts import drop_drafts_past_their_time
from observations.folding import fold_pending
from observations.indicator_applying import apply_asked, imports_left
from observations.indicator_previewing import read_asked
from observations.models import ImportRun
from observations.reminding import people_to_remind, remind

logger = logging.getLogger(__name__)

# Seconds without an announcement after one that failed; the sweep comes every 60.
PAUSE = 5.0
_silent_until = 0.0


def announce_pending_folds() -> None:
    """Asks a worker to fold what has been committed. A broker that is down only delays the fold.

    One that is mute makes the request wait for its time limit: hence one request in a while, and
    not each of them.
    """
    global _silent_until  # noqa: PLW0603 - one a process, like the connection that it spares
    if time.monotonic() < _silent_until:
        return
    try:
        fold_pending_observations.delay()
    except BrokerDown as error:
        _silent_until = time.monotonic() + PAUSE
        logger.warning("No broker, the next sweep folds what is accepted now: %s", error)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def fold_pending_observations() -> int:
    return fold_pending()


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def sweep_pending_folds() -> int:
    return fold_pending()


@shared_task
def check_cells() -> int:
    return alarm_on_differences()


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def drop_old_drafts() -> int:
    return drop_drafts_past_their_time()


@shared_task
def remind_observers() -> int:
    """A task a person: one letter that does not go out keeps no other back."""
    people = people_to_remind(timezone.localdate())
    for person in people:
        remind_observer.delay(person)
    return len(people)


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def remind_observer(person: int) -> bool:
    return remind(person, timezone.localdate())


def announce_import(pk: int) -> None:
    _ask(apply_indicator_import, pk)


def announce_reading(pk: int) -> None:
    _ask(read_indicator_import, pk)


def _ask(task: Task[[int], bool], pk: int) -> None:
    """A broker that is down only delays it: the sweep asks again."""
    try:
        task.delay(pk)
    except BrokerDown as error:
        logger.warning("No broker, the next sweep asks for %s of %s: %s", task.name, pk, error)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def apply_indicator_import(pk: int) -> bool:
    return apply_asked(pk)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def read_indicator_import(pk: int) -> bool:
    return read_asked(pk)


@shared_task
def sweep_imports() -> int:
    to_apply = imports_left(ImportRun.State.APPLYING)
    to_read = imports_left(ImportRun.State.READING)
    for pk in to_apply:
        announce_import(pk)
    for pk in to_read:
        announce_reading(pk)
    return len(to_apply) + len(to_read)
