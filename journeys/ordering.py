"""The order of stages: phases first, then the place inside the phase; and the end of any order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from journeys.models import Journey, Stage

PHASE_ORDER = [phase.value for phase in Stage.Phase]


def in_phase_order(stages: Sequence[Stage]) -> list[Stage]:
    """BEFORE, DURING, AFTER; the given order is kept inside a phase."""
    return sorted(stages, key=lambda stage: PHASE_ORDER.index(stage.phase))


@transaction.atomic
def renumber_stages(*, journey: Journey, order: Sequence[Stage] | None = None) -> None:
    """Writes positions 0, 1, 2, ... in phase order; `order` is the wished order, today's if None."""
    wished = list(journey.stages.all()) if order is None else list(order)
    stages = in_phase_order(wished)
    for position, stage in enumerate(stages):
        stage.position = position
    Stage.objects.bulk_update(stages, ["position"])


def next_place(rows: models.QuerySet[Any]) -> int:
    """The position behind the last of `rows`, 0 where there is none."""
    last: int | None = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1
