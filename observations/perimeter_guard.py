"""What may not change on the map once observations were summed with it.

Cells of a whole journey hold what was in the perimeter, by the channels of that day. A flag or a
channel that changed afterwards would mix two perimeters in one sum, without a trace. That holds for
observations that don't count now as well: restored or readmitted, they add what they scored then.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from journeys.models import Channel, Journey, Segment, Stage, Touchpoint
from observations.models import PendingFold, Revision
from scoring.models import Framework, StageCell

# Where each row's journeys are found, and the fields of it that decide what is summed where.
_GUARDED: dict[type[models.Model], frozenset[str]] = {
    Stage: frozenset({"in_perimeter"}),
    Channel: frozenset({"in_perimeter"}),
    Segment: frozenset({"in_perimeter"}),
    Touchpoint: frozenset({"channel", "channel_id"}),
}


def keep_summed_perimeter(row: models.Model, changed_fields: Collection[str]) -> list[str]:
    """A guard of `journeys.guards`: reasons against a change of perimeter or channel."""
    guarded = _GUARDED.get(type(row), frozenset())
    if row.pk is None or not guarded & set(changed_fields):
        return []
    in_cells = Q(pk__in=StageCell.objects.values("framework"))
    on_their_way = Q(pk__in=PendingFold.objects.values("framework"))
    kept = Exists(Revision.objects.filter(framework=OuterRef("pk"), is_current=True))
    summed = _frameworks(row).filter(in_cells | on_their_way | kept)
    names = [str(framework) for framework in summed.select_related("journey")]
    if not names:
        return []
    return [
        _(
            "Observations are summed with it as it is (%(frameworks)s): "
            "changing it would mix two perimeters in one score."
        )
        % {"frameworks": "; ".join(names)}
    ]


def _frameworks(row: models.Model) -> models.QuerySet[Framework]:
    """The frozen versions whose sums the row takes part in."""
    frozen: models.QuerySet[Framework] = Framework.objects.published()
    if isinstance(row, Stage):
        return frozen.filter(interactions__stage=row).distinct()
    if isinstance(row, Segment):
        return frozen.filter(journey__in=Journey.objects.filter(segment=row))
    place = (
        "interactions__touchpoint__channel"
        if isinstance(row, Channel)
        else "interactions__touchpoint"
    )
    return frozen.filter(**{place: row}).distinct()
