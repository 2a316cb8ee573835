"""The rules of planning, in plain words; pure: what is known comes in, sentences come out.

A plan that breaks a rule for certain is stopped; one that may break it, depending on the day that
is chosen, is only told so. What has been observed already is judged by `visit_flags`, and never
refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys.calendars import Calendar
from journeys.models import Journey, Location, Method, Wave
from observations.waves import wave_days

MAX_DAYS = 400
# Of what is only worth knowing: a list of everything is read by nobody.
MAX_HINTS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is the part of a plan that is wrong; without `is_stop` it is only worth knowing."""

    field: str
    text: str
    is_stop: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A visit that somebody thinks of planning; `pk` where it is planned already."""

    journey: Journey
    method: str
    location: Location
    wave: Wave | None
    observer: str
    first_on: date
    last_on: date
    quota: int
    note: str = ""
    pk: int | None = None

    @property
    def method_name(self) -> str:
        return str(Method(self.method).label)

    @property
    def place(self) -> tuple[str, int]:
        """Who, and where."""
        return self.observer, self.location.pk


@dataclass(frozen=True, slots=True)
class Window:
    """Days between which somebody comes, or the one day on which they came."""

    first_on: date
    last_on: date
    pk: int | None = None
    was: bool = False


@dataclass(slots=True)
class Facts:
    """What the rules ask about: read at once by `visit_facts.py`."""

    today: date
    lockout_days: int
    calendars: dict[int, Calendar] = field(default_factory=dict)
    # {observer code: the locations of that observer}
    observers: dict[str, frozenset[int]] = field(default_factory=dict)
    # Journeys with a published framework version.
    published: frozenset[int] = frozenset()
    # {(observer, location): mystery visits planned and made there}
    mystery: dict[tuple[str, int], list[Window]] = field(default_factory=dict)
    # What stands planned: (journey, method, location, observer, from, to)
    planned: dict[tuple[object, ...], int] = field(default_factory=dict)

    def take(self, draft: Draft) -> None:
        """From now on it counts as planned, for the drafts that follow."""
        self.planned[identity(draft)] = 0
        if draft.method == Method.MYSTERY_VISIT and draft.observer:
            window = Window(draft.first_on, draft.last_on)
            self.mystery.setdefault(draft.place, []).append(window)


def identity(draft: Draft) -> tuple[object, ...]:
    """What makes two visits the same one planned twice."""
    return (
        draft.journey.pk,
        draft.method,
        draft.location.pk,
        draft.observer,
        draft.first_on,
        draft.last_on,
    )


def problems_of(draft: Draft, facts: Facts) -> list[Problem]:
    """Everything that speaks against it, the worst first."""
    if draft.first_on > draft.last_on:
        return [Problem("last_on", _("The last day is before the first."))]
    if (draft.last_on - draft.first_on).days > MAX_DAYS:
        words = _("A visit is planned within at most %(days)d days.") % {"days": MAX_DAYS}
        return [Problem("last_on", words)]
    found = [
        *_of_guide(draft, facts),
        *_of_wave(draft),
        *_of_observer(draft, facts),
        *_of_opening(draft, facts),
        *_of_lockout(draft, facts),
        *_of_plan(draft, facts),
    ]
    stops = [one for one in found if one.is_stop]
    return stops + [one for one in found if not one.is_stop][:MAX_HINTS]


def day_text(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _of_guide(draft: Draft, facts: Facts) -> Iterator[Problem]:
    if draft.journey.pk not in facts.published:
        words = _("“%(journey)s” has no published framework: there is no guide to observe with.")
        yield Problem("journey", words % {"journey": draft.journey.name})


def _of_wave(draft: Draft) -> Iterator[Problem]:
    if draft.wave is None:
        return
    first, last = wave_days(draft.wave)
    if draft.first_on < first or draft.last_on > last:
        words = _("“%(wave)s” runs from %(first)s to %(last)s: these days leave it.")
        names = {"wave": draft.wave.name, "first": day_text(first), "last": day_text(last)}
        yield Problem("first_on" if draft.first_on < first else "last_on", words % names)


def _of_observer(draft: Draft, facts: Facts) -> Iterator[Problem]:
    if not draft.observer:
        return
    places = facts.observers.get(draft.observer)
    if places is None:
        words = _("No observer of the programme has the code %(observer)s.")
        yield Problem("observer", words % {"observer": draft.observer})
    elif draft.location.pk not in places:
        words = _("%(location)s is not among the locations of %(observer)s.")
        names = {"location": draft.location.name, "observer": draft.observer}
        yield Problem("observer", words % names)


def _of_opening(draft: Draft, facts: Facts) -> Iterator[Problem]:
    calendar = facts.calendars.get(draft.location.pk)
    if calendar is None:
        return
    if next(calendar.open_days(draft.first_on, draft.last_on), None) is None:
        closed = calendar.closure_on(draft.first_on)
        words = (
            _("%(location)s is closed on each of these days: %(reason)s.")
            if closed
            else _("%(location)s is closed on each of these days.")
        )
        names = {"location": draft.location.name, "reason": closed.reason if closed else ""}
        yield Problem("first_on", words % names)
        return
    for one in calendar.closures:
        if one.first_on <= draft.last_on and one.last_on >= draft.first_on:
            names = {"first": day_text(one.first_on), "last": day_text(one.last_on)}
            names |= {"location": draft.location.name, "reason": one.reason}
            words = _("%(location)s is closed from %(first)s to %(last)s: %(reason)s.")
            yield Problem("first_on", words % names, is_stop=False)


def _of_lockout(draft: Draft, facts: Facts) -> Iterator[Problem]:
    days = facts.lockout_days
    if draft.method != Method.MYSTERY_VISIT or not draft.observer or not days:
        return
    names = {"observer": draft.observer, "location": draft.location.name, "days": days}
    if (draft.last_on - draft.first_on).days < (draft.quota - 1) * days:
        words = _(
            "%(observer)s can't make %(quota)d mystery visits here in that time: "
            "at least %(days)d days lie between two."
        )
        yield Problem("quota", words % (names | {"quota": draft.quota}))
    for other in facts.mystery.get(draft.place, ()):
        if draft.pk is None or other.pk != draft.pk:
            yield from _too_near(draft, other, names, days)


def _too_near(
    draft: Draft, other: Window, names: dict[str, object], days: int
) -> Iterator[Problem]:
    """Stopped where no two days of both are far enough apart; told where some are not."""
    farthest = max((draft.last_on - other.first_on), (other.last_on - draft.first_on))
    nearest = max((draft.first_on - other.last_on), (other.first_on - draft.last_on))
    if nearest.days >= days:
        return
    names = names | {"first": day_text(other.first_on), "last": day_text(other.last_on)}
    if other.was:
        words = _("%(observer)s was at %(location)s on %(first)s: not again within %(days)d days.")
    else:
        words = _(
            "%(observer)s is to be at %(location)s between %(first)s and %(last)s as well: "
            "at least %(days)d days lie between two mystery visits."
        )
    yield Problem("observer", words % names, is_stop=farthest < timedelta(days=days))


def _of_plan(draft: Draft, facts: Facts) -> Iterator[Problem]:
    if facts.planned.get(identity(draft), draft.pk) != draft.pk:
        words = _("The same visit is planned already: raise the number of observations there.")
        yield Problem("location", words)
    if draft.last_on < facts.today:
        late = (facts.today - draft.last_on).days
        words = ngettext(
            "These days are over since %(n)d day.", "These days are over since %(n)d days.", late
        )
        yield Problem("last_on", words % {"n": late}, is_stop=False)


def is_stopped(problems: list[Problem]) -> bool:
    return any(one.is_stop for one in problems)


def assigned(draft: Draft, observer: str) -> Draft:
    return replace(draft, observer=observer)
