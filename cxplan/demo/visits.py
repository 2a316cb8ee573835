"""The visits planned at Maison Nord: an autumn wave nearly done, some missed, some still to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cxplan.demo.story_tables import AMATEUR, PROFESSIONAL
from journeys.models import Closure, Location, OpeningHours, Programme
from observations.models import Revision, Visit, VisitAttachment, VisitRules
from observations.querysets import RevisionQuerySet
from observations.waves import wave_days

LOCKOUT_DAYS = 5
OPEN, SHUT = time(9), time(19, 30)
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "note": "Ask for advice on a leaking tap before you look at the shelves.",
        "stocktaking": "Stocktaking",
        "christmas": "Christmas Day",
        "desk": "Watch the collection desk between eight and ten.",
    },
    "fr": {
        "note": "Demandez conseil pour un robinet qui fuit avant de regarder les rayons.",
        "stocktaking": "Inventaire",
        "christmas": "Jour de Noël",
        "desk": "Observez le comptoir de retrait entre huit et dix heures.",
    },
}
# (journey, location, from, to, wanted, at most how many of them were made)
MISSED = (
    (PROFESSIONAL, "CAL", date(2026, 10, 1), date(2026, 10, 31), 2, 0),
    (AMATEUR, "DKQ", date(2026, 9, 1), date(2026, 10, 31), 3, 2),
)
SOON = ("LIL", "VDA", "RBX", "CAL", "LEN", "AMI")
SHORT_OF_ONE = ("LEN", "BVS")


@transaction.atomic
def create_visits(*, programme: Programme, planner: User | None, language: str) -> None:
    """After the observations: those of the autumn are counted for the visits of the autumn."""
    words = WORDS[language]
    locations = {one.code: one for one in programme.locations.all()}
    VisitRules.objects.create(programme=programme, lockout_days=LOCKOUT_DAYS, remind_days=5)
    _open(locations, words)
    autumn = programme.waves.get(key="W3")
    for code, location in locations.items():
        visit = _visit(programme, planner, location, AMATEUR, "mystery_visit", wave_days(autumn))
        visit.wave, visit.quota, visit.note = autumn, 4, words["note"]
        visit.observer = _observer_at(visit)
        visit.save()
        _count(visit, visit.quota - (code in SHORT_OF_ONE))
    for journey, code, start, end, wanted, made in MISSED:
        visit = _visit(programme, planner, locations[code], journey, "store_team", (start, end))
        visit.wave, visit.quota, visit.note = autumn, wanted, words["desk"]
        visit.observer = f"TEAM-{code}"
        visit.save()
        _count(visit, made)
    today = timezone.localdate()
    for code in SOON:
        days = (today + timedelta(days=3), today + timedelta(days=24))
        visit = _visit(programme, planner, locations[code], AMATEUR, "mystery_visit", days)
        visit.observer = _observer_at(visit) if code in SOON[:3] else ""
        visit.save()


def _visit(  # noqa: PLR0917 - read side by side above
    programme: Programme,
    planner: User | None,
    location: Location,
    journey: str,
    method: str,
    days: tuple[date, date],
) -> Visit:
    first_on, last_on = days
    return Visit(
        programme=programme,
        journey=programme.journeys.get(key=journey),
        location=location,
        method=method,
        first_on=first_on,
        last_on=last_on,
        created_by=planner,
    )


def _made(visit: Visit) -> RevisionQuerySet:
    """Observations of its kind at its location, the earliest first."""
    rows: RevisionQuerySet = Revision.objects.counted().filter(
        observation__journey=visit.journey, method=visit.method, location=visit.location
    )
    return rows.order_by("observed_at", "pk")


def _observer_at(visit: Visit) -> str:
    """Whose round the store is in, as the observations have it."""
    return str(_made(visit).values_list("observer", flat=True)[0])


def _count(visit: Visit, made: int) -> None:
    """The first so many observations made in its months."""
    first, last = f"{visit.first_on:%Y-%m}", f"{visit.last_on:%Y-%m}"
    rows = _made(visit).filter(month__gte=first, month__lte=last)[:made]
    VisitAttachment.objects.bulk_create(
        VisitAttachment(visit=visit, observation_id=row.observation_id) for row in rows
    )


def _open(locations: Mapping[str, Location], words: Mapping[str, str]) -> None:
    OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=day, opens_at=OPEN, closes_at=SHUT)
        for location in locations.values()
        for day in range(6)
    )
    christmas = date(timezone.localdate().year, 12, 25)
    Closure.objects.bulk_create(
        Closure(location=location, first_on=christmas, last_on=christmas, reason=words["christmas"])
        for location in locations.values()
    )
    Closure.objects.create(
        location=locations["CAL"],
        first_on=date(2026, 11, 9),
        last_on=date(2026, 11, 14),
        reason=words["stocktaking"],
    )
