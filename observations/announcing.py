"""Tells the workers that there is something to fold: soon, once for many, and not in a request.

An announcement only says "look into the outbox", and publishing one costs a request as much as half
of its statements. So a process waits a moment and then announces once whatever was committed
meanwhile. A process that dies in that moment leaves its announcement to the sweep.
"""

from __future__ import annotations

import threading

from celery import current_app
from django.db import transaction

from observations.tasks import announce_pending_folds

# Seconds: far below the two within which what was accepted shows.
MOMENT = 0.05

_lock = threading.Lock()
_is_due = False


def announce_after_commit() -> None:
    """Robust: whatever goes wrong with the announcement, what was accepted stays accepted."""
    transaction.on_commit(announce_soon, robust=True)


def announce_soon() -> None:
    """For `on_commit`. Without a worker the fold is done here and now."""
    global _is_due  # noqa: PLW0603 - one a process
    if current_app.conf.task_always_eager:
        announce_pending_folds()
        return
    with _lock:
        if _is_due:
            return
        _is_due = True
    threading.Timer(MOMENT, _announce).start()


def _announce() -> None:
    global _is_due  # noqa: PLW0603
    with _lock:
        # First of all: what is committed from now on is announced anew.
        _is_due = False
    if not current_app.conf.task_always_eager:  # as at the end of a test that had a worker
        announce_pending_folds()
