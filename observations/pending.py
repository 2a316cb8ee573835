"""How many observations wait to be counted, read off the outbox.

An edit is two rows of one observation, so that observations are counted and not rows. Each row leads to
its revision by primary key: what is stored and counted is not read, however much that is.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from journeys.models import Journey, Programme
from observations.models import PendingFold

_OBSERVATIONS = Count("revision__observation", distinct=True)


def pending_among(journeys: Iterable[Journey]) -> dict[int, int]:
    """By primary key of the journey, over all versions of its framework; in one query."""
    rows = PendingFold.objects.filter(framework__journey__in=[one.pk for one in journeys])
    by_journey = rows.order_by("framework__journey").values_list("framework__journey")
    return dict(by_journey.annotate(n=_OBSERVATIONS))


def pending_in(programme: Programme) -> int:
    rows = PendingFold.objects.filter(framework__journey__programme=programme)
    found: int = rows.aggregate(n=_OBSERVATIONS)["n"]
    return found
