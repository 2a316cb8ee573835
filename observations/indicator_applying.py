"""Large tables, applied by a worker while their page shows how far it is.

The table is written in one transaction: whoever looks meanwhile sees nothing of it, and a worker that
dies leaves nothing. How far it is stands in the cache, because a transaction tells nobody before its
end. Without Redis the worker's part runs at the end of the request.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Final

from django.core.cache import cache
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from observations.indicator_imports import HasFaults, NotHeld, Renewed, apply_import
from observations.models import ImportRun

logger = logging.getLogger(__name__)

# Lines from which on a worker reads and applies a table: fewer take a second.
LARGE: Final = 2_000
# A worker that has begun so long ago is taken for dead.
PATIENCE: Final = timedelta(minutes=30)
SECONDS_KEPT: Final = 3600


def is_large(run: ImportRun) -> bool:
    return run.content.count("\n") > LARGE


@transaction.atomic
def ask_to_apply(*, run: ImportRun, only_good_rows: bool, actor: User) -> None:
    """From now on it can neither be applied again nor discarded. Raises NotHeld and Renewed."""
    from observations.tasks import announce_import

    if not run.definition.is_current:
        raise Renewed(run)

    asked = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.HELD).update(
        state=ImportRun.State.APPLYING,
        asked_at=timezone.now(),
        asked_by=actor,
        asked_good_rows=only_good_rows,
        begun_at=None,
        has_failed=False,
    )
    if not asked:
        raise NotHeld(run)
    cache.delete(_key(run.pk))
    transaction.on_commit(partial(announce_import, run.pk))


def apply_asked(pk: int) -> bool:
    """False where another worker has it, or where it could not be applied: it is held again then."""
    if not claim(pk, ImportRun.State.APPLYING):
        return False
    run = ImportRun.objects.select_related("asked_by").get(pk=pk)
    try:
        apply_import(
            run=run,
            only_good_rows=run.asked_good_rows,
            actor=run.asked_by,
            of_state=ImportRun.State.APPLYING,
            report=lambda percent: cache.set(_key(pk), percent, SECONDS_KEPT),
        )
    except OperationalError:
        _applying(pk).update(begun_at=None)  # for the task's next try
        raise
    except Renewed:
        _applying(pk).update(state=ImportRun.State.HELD)  # its page says why
        return False
    except (NotHeld, HasFaults):
        _hold_again(run)
        return False
    except Exception:
        # Whatever it was, the person is told, and the log holds why.
        logger.exception("Import %s could not be applied", pk)
        _applying(pk).update(state=ImportRun.State.HELD, has_failed=True)
        return False
    return True


def _hold_again(run: ImportRun) -> None:
    """What was found in a large one is no longer so: it is read anew."""
    from observations.tasks import announce_reading

    if not is_large(run):
        _applying(run.pk).update(state=ImportRun.State.HELD)
        return
    _applying(run.pk).update(state=ImportRun.State.READING, begun_at=None, found=None, read_at=None)
    announce_reading(run.pk)


def progress_of(run: ImportRun) -> int:
    """Percent; 0 until a worker has begun."""
    return int(cache.get(_key(run.pk), 0))


def imports_left(state: ImportRun.State) -> list[int]:
    """What waits since a minute, or was begun by a worker that is dead."""
    now = timezone.now()
    waits = Q(begun_at=None, asked_at__lt=now - timedelta(minutes=1))
    rows = ImportRun.objects.filter(waits | Q(begun_at__lt=now - PATIENCE))
    return list(rows.filter(state=state).values_list("pk", flat=True))


def claim(pk: int, state: ImportRun.State) -> bool:
    """One worker does it, however often the message comes."""
    now = timezone.now()
    free = Q(begun_at=None) | Q(begun_at__lt=now - PATIENCE)
    return ImportRun.objects.filter(free, pk=pk, state=state).update(begun_at=now) == 1


def _applying(pk: int) -> QuerySet[ImportRun]:
    return ImportRun.objects.filter(pk=pk, state=ImportRun.State.APPLYING)


def _key(pk: int) -> str:
    return f"indicator-import-{pk}"
