"""What was recorded by mistake is withdrawn: kept, not counted, and restored where it was right."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from observations.models import Observation
from observations.storing import queue_folds


class Moved(Exception):
    """The answers stand in another journey by now: counting both would count one visit twice."""


@transaction.atomic
def withdraw_observation(*, observation: Observation) -> None:
    """Kept, no longer counted; nothing happens to one that is withdrawn already."""
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    if not row.is_withdrawn:
        Observation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
        if row.is_counted:
            queue_folds([(row.revisions.get(is_current=True), -1)])


@transaction.atomic
def restore_observation(*, observation: Observation) -> None:
    """No longer withdrawn: counted again as its current revision stands, unless it is excluded.

    Raises Moved where it was moved to another journey; it may be moved back instead.
    """
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    if row.moves.exists():
        raise Moved(row)
    if row.is_withdrawn:
        Observation.objects.filter(pk=row.pk).update(withdrawn_at=None)
        if not row.is_excluded:
            queue_folds([(row.revisions.get(is_current=True), 1)])
