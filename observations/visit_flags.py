"""What is odd about an observation that was made: told beside it, and never a reason to refuse it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.calendars import read_calendars
from journeys.models import Location, Method, Programme
from observations.models import Revision, Visit
from observations.visit_facts import mystery_made, observers_of, rules_of
from observations.visit_rules import Facts, day_text


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation as made, with the planned visit that it is for, if any."""

    written_at: datetime
    method: str
    location: Location | None
    observer: str
    journey_id: int
    visit: Visit | None
    # It names one, and nobody planned that.
    names_unknown: bool = False

    @classmethod
    def of(cls, revision: Revision, visit: Visit | None) -> Seen:
        """`revision` with its observation and location."""
        return cls(
            written_at=revision.observed_at_as_written,
            method=revision.method,
            location=revision.location,
            observer=revision.observer,
            journey_id=revision.observation.journey_id,
            visit=visit,
            names_unknown=visit is None and revision.visit_id is not None,
        )


def fulfils(seen: Seen) -> bool:
    """It has the journey, the method and the location of its visit; agrees with `with_done`."""
    visit = seen.visit
    if visit is None or seen.location is None:
        return False
    mine = (seen.journey_id, seen.method, seen.location.pk)
    return mine == (visit.journey_id, visit.method, visit.location_id)


def read_flag_facts(programme: Programme, seen: Iterable[Seen]) -> Facts:
    """What the flags ask about, in a fixed number of queries."""
    rows = list(seen)
    facts = Facts(today=timezone.localdate(), lockout_days=rules_of(programme).lockout_days)
    places = {one.location.pk for one in rows if one.location}
    facts.calendars = read_calendars(places)
    facts.observers = observers_of(programme)
    mystery = [one for one in rows if one.method == Method.MYSTERY_VISIT and one.observer]
    if mystery and facts.lockout_days:
        days = [one.written_at.date() for one in mystery]
        first = min(days) - timedelta(days=facts.lockout_days)
        observers = {one.observer for one in mystery}
        for window, place in mystery_made(programme, places, observers, first, max(days)):
            facts.mystery.setdefault(place, []).append(window)
    return facts


def flags_of(seen: Seen, facts: Facts) -> list[str]:
    """Sentences for the person who looks; empty where everything went as planned."""
    return [*_of_visit(seen), *_of_opening(seen, facts), *_of_observer(seen, facts)]


def _of_visit(seen: Seen) -> Iterator[str]:
    visit = seen.visit
    if seen.names_unknown:
        yield _("It names a planned visit that is not known here.")
    if visit is None:
        return
    if not fulfils(seen):
        yield _(
            "It does not count for its visit, which is planned at %(location)s by %(method)s."
        ) % {"location": visit.location.name, "method": visit.get_method_display()}
    if visit.is_cancelled:
        yield _("Its visit is cancelled.")
    if not visit.first_on <= seen.written_at.date() <= visit.last_on:
        yield _("It was made outside the days planned, %(first)s to %(last)s.") % {
            "first": day_text(visit.first_on),
            "last": day_text(visit.last_on),
        }
    if visit.observer and visit.observer != seen.observer:
        yield _("It was made by %(made)s, planned for %(planned)s.") % {
            "made": seen.observer or _("nobody named"),
            "planned": visit.observer,
        }


def _of_opening(seen: Seen, facts: Facts) -> Iterator[str]:
    calendar = facts.calendars.get(seen.location.pk) if seen.location else None
    if calendar is None or seen.location is None:
        return
    names = {"location": seen.location.name}
    closed = calendar.closure_on(seen.written_at.date())
    if closed:
        words = _("%(location)s was closed that day: %(reason)s.")
        yield words % (names | {"reason": closed.reason})
    elif calendar.is_day_off(seen.written_at.date()):
        yield _("%(location)s is closed on that day of the week.") % names
    elif not calendar.is_within_hours(seen.written_at):
        yield _("It was made outside the opening hours of %(location)s.") % names


def _of_observer(seen: Seen, facts: Facts) -> Iterator[str]:
    if not seen.observer or seen.location is None:
        return
    names = {"observer": seen.observer, "location": seen.location.name}
    places = facts.observers.get(seen.observer)
    if places is not None and seen.location.pk not in places:
        yield _("%(location)s is not among the locations of %(observer)s.") % names
    if seen.method != Method.MYSTERY_VISIT:
        return
    day = seen.written_at.date()
    made = facts.mystery.get((seen.observer, seen.location.pk), ())
    days = [(day - one.first_on).days for one in made if one.first_on < day]
    if days and min(days) < facts.lockout_days:
        words = ngettext(
            "%(observer)s made a mystery visit there %(n)d day before: %(days)d are asked.",
            "%(observer)s made a mystery visit there %(n)d days before: %(days)d are asked.",
            min(days),
        )
        yield words % (names | {"n": min(days), "days": facts.lockout_days})
