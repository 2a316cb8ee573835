"""In the perimeter or outside it; and many locations at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from accounts.models import User
from journeys.audit import record
from journeys.guards import Blocked, blocking_reasons
from journeys.map_edits import map_step
from journeys.models import Channel, Location, Programme, Segment, Stage


@transaction.atomic
def toggle_perimeter(
    *, row: Segment | Channel | Stage, programme: Programme, actor: User, inside: bool
) -> None:
    """Raises Blocked where what is measured already was scored on the flag as it is."""
    if row.in_perimeter is inside:
        return
    reasons = blocking_reasons(row, ["in_perimeter"])
    if reasons:
        raise Blocked(reasons)
    row.in_perimeter = inside
    if isinstance(row, Stage):
        _take_step(row, actor)
    else:
        row.save(update_fields=["in_perimeter"])
    record(
        programme=programme,
        actor=actor,
        verb="changed",
        subject=f"{row._meta.verbose_name} {row}",
        changes={"in_perimeter": [not inside, inside]},
    )


def _take_step(stage: Stage, actor: User) -> None:
    """A step on the map: who has it open hears of it, and whoever edits the stage is told."""
    with map_step(journey=stage.journey, actor=actor, verb="changed", subject=stage):
        Stage.objects.filter(pk=stage.pk).update(
            in_perimeter=stage.in_perimeter, version=F("version") + 1
        )


@transaction.atomic
def add_locations(*, programme: Programme, locations: Sequence[Location], actor: User) -> None:
    """All of them or none."""
    for location in locations:
        location.programme = programme
    Location.objects.bulk_create(locations)
    record(
        programme=programme,
        actor=actor,
        verb="added",
        subject=", ".join(location.code for location in locations),
    )
