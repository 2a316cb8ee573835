"""Rows held while something is saved that hangs on them, so that nobody deletes them meanwhile.

Whoever deletes takes the same hold first (`deleting.delete_row`), and counts only then what hangs on
the row. Journeys are held before channels, channels in the order of their numbers: nobody waits for
each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journeys.models import Channel, Journey, Segment


class Overtaken(Exception):
    """Somebody else has changed or deleted what is to be saved; `reason` says what, as a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def hold_journey(journey: Journey) -> None:
    """Within a transaction, to its end; raises Overtaken where it was deleted."""
    if _held(Journey.objects.filter(pk=journey.pk)) == 0:
        raise Overtaken(_deleted(_("The journey “%(name)s” has been deleted since."), journey))


def hold_segment(segment: Segment) -> None:
    if _held(Segment.objects.filter(pk=segment.pk)) == 0:
        raise Overtaken(_deleted(_("The segment “%(name)s” has been deleted since."), segment))


def hold_channels(channels: Iterable[Channel]) -> None:
    """Those that touchpoints are about to name; raises Overtaken for the first that was deleted."""
    named = {channel.pk: channel for channel in channels}
    there = set(
        Channel.objects.select_for_update()
        .filter(pk__in=named)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk, channel in named.items():
        if pk not in there:
            raise Overtaken(_deleted(_("The channel “%(name)s” has been deleted since."), channel))


def _held(rows: QuerySet[Journey] | QuerySet[Segment]) -> int:
    return len(rows.select_for_update().order_by("pk").values_list("pk", flat=True))


def _deleted(sentence: str, row: Journey | Segment | Channel) -> str:
    return sentence % {"name": row.name} + " " + _("Nothing was saved.")
