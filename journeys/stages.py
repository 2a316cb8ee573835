"""The place of a stage in its journey; the rows that hang on it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from journeys.models import Choice, Criterion, Stage
from journeys.ordering import PHASE_ORDER, in_phase_order, renumber_stages


@transaction.atomic
def move_stage(*, stage: Stage, direction: str) -> None:
    """One place "earlier" or "later", or to the end of the phase named.

    Past the edge of its phase a stage goes over to the neighbouring one, so that two buttons reach
    every place. Raises ValueError for any other direction.
    """
    order = in_phase_order(list(stage.journey.stages.select_for_update()))
    place = next(i for i, each in enumerate(order) if each.pk == stage.pk)
    moved = order[place]
    if direction in PHASE_ORDER:
        order.append(order.pop(place))
        moved.phase = direction
    elif direction in ("earlier", "later"):
        _shift(order, place, -1 if direction == "earlier" else 1)
    else:
        raise ValueError(direction)
    if moved.phase != stage.phase:
        Stage.objects.filter(pk=moved.pk).update(phase=moved.phase, version=moved.version + 1)
    renumber_stages(journey=stage.journey, order=order)


def _shift(order: list[Stage], place: int, step: int) -> None:
    moved, to = order[place], place + step
    if 0 <= to < len(order) and order[to].phase == moved.phase:
        order[place], order[to] = order[to], moved
        return
    phase = PHASE_ORDER.index(moved.phase) + step
    if 0 <= phase < len(PHASE_ORDER):
        moved.phase = PHASE_ORDER[phase]


@transaction.atomic
def save_choice(*, choice: Choice, criteria: Sequence[str]) -> Choice:
    """The choice with exactly these criteria, in this order."""
    choice.save()
    choice.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(choice=choice, text=text, position=position)
        for position, text in enumerate(criteria)
    )
    return choice
