"""Is a location open? Its week and its closures, as values: no ORM below `read_calendars`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from journeys.models import Closure, Location, OpeningHours

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Closed:
    """Days, both included, and why."""

    first_on: date
    last_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """`week` is empty where the hours are unknown: then every day counts as open."""

    week: dict[int, tuple[Span, ...]] = field(default_factory=dict)
    closures: tuple[Closed, ...] = ()

    def closure_on(self, day: date) -> Closed | None:
        """The exceptional closure of that day, if any."""
        return next((one for one in self.closures if one.first_on <= day <= one.last_on), None)

    def is_day_off(self, day: date) -> bool:
        """Closed on that day of every week."""
        return bool(self.week) and day.weekday() not in self.week

    def is_open_on(self, day: date) -> bool:
        return not self.is_day_off(day) and self.closure_on(day) is None

    def is_within_hours(self, moment: datetime) -> bool:
        """Both ends included: who is in at closing time may still be looking."""
        spans = self.week.get(moment.weekday(), ())
        at = moment.time().replace(second=0, microsecond=0, tzinfo=None)
        return not self.week or any(opens <= at <= closes for opens, closes in spans)

    def open_days(self, first_on: date, last_on: date) -> Iterator[date]:
        for count in range((last_on - first_on).days + 1):
            day = first_on + timedelta(days=count)
            if self.is_open_on(day):
                yield day


def make_calendar(hours: Iterable[OpeningHours], closures: Iterable[Closure]) -> Calendar:
    week: dict[int, tuple[Span, ...]] = {}
    for one in hours:
        week[one.weekday] = (*week.get(one.weekday, ()), (one.opens_at, one.closes_at))
    shut = tuple(Closed(one.first_on, one.last_on, one.reason) for one in closures)
    return Calendar(week, shut)


def read_calendars(locations: QuerySet[Location] | Collection[int]) -> dict[int, Calendar]:
    """By location, in two queries; a location of which nothing is known is left out."""
    hours: dict[int, list[OpeningHours]] = {}
    closures: dict[int, list[Closure]] = {}
    for span in OpeningHours.objects.filter(location__in=locations):
        hours.setdefault(span.location_id, []).append(span)
    for closure in Closure.objects.filter(location__in=locations):
        closures.setdefault(closure.location_id, []).append(closure)
    return {
        pk: make_calendar(hours.get(pk, ()), closures.get(pk, ())) for pk in {*hours, *closures}
    }
