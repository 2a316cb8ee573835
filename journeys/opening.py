"""Setting when locations are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from accounts.models import User
from journeys.audit import record
from journeys.calendars import Span
from journeys.models import Closure, Location, OpeningHours, Programme


@transaction.atomic
def set_hours(
    *,
    programme: Programme,
    locations: Sequence[Location],
    week: Mapping[int, Sequence[Span]],
    actor: User,
) -> None:
    """The week of each, in place of what stood there; an empty week is unknown hours."""
    OpeningHours.objects.filter(location__in=locations).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=day, opens_at=opens, closes_at=closes)
        for location in locations
        for day, spans in week.items()
        for opens, closes in spans
    )
    what = f"{OpeningHours._meta.verbose_name} {_codes(locations)}"
    record(programme=programme, actor=actor, verb="changed", subject=what)


@transaction.atomic
def add_closure(
    *,
    programme: Programme,
    locations: Sequence[Location],
    first_on: date,
    last_on: date,
    reason: str,
    actor: User,
) -> None:
    """A location that is closed on exactly these days already keeps its own reason."""
    Closure.objects.bulk_create(
        [
            Closure(location=location, first_on=first_on, last_on=last_on, reason=reason)
            for location in locations
        ],
        ignore_conflicts=True,
    )
    what = f"{Closure._meta.verbose_name} “{reason}”, {_codes(locations)}"
    record(programme=programme, actor=actor, verb="added", subject=what)


@transaction.atomic
def remove_closure(*, closure: Closure, actor: User) -> None:
    location = closure.location
    what = f"{closure._meta.verbose_name} “{closure}”, {location.code}"
    record(programme=location.programme, actor=actor, verb="deleted", subject=what)
    closure.delete()


def _codes(locations: Sequence[Location]) -> str:
    return ", ".join(location.code for location in locations)
