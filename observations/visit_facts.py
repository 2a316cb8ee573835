"""What the rules of planning ask about, read for many visits in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta, timezone

from django.utils import timezone as clock

from journeys.calendars import read_calendars
from journeys.models import Journey, Membership, Method, Programme, Role
from observations.models import Revision, Visit, VisitRules
from observations.visit_rules import Draft, Facts, Window
from scoring.models import Framework


def rules_of(programme: Programme) -> VisitRules:
    """Those of the programme, or the defaults where nobody has changed them."""
    found = VisitRules.objects.filter(programme=programme).first()
    return found or VisitRules(programme=programme)


def read_facts(programme: Programme, drafts: Collection[Draft]) -> Facts:
    lockout_days = rules_of(programme).lockout_days
    facts = Facts(today=clock.localdate(), lockout_days=lockout_days)
    if not drafts:
        return facts
    places = {draft.location.pk for draft in drafts}
    facts.calendars = read_calendars(places)
    facts.observers = observers_of(programme)
    facts.published = frozenset(
        Journey.objects.filter(
            programme=programme, frameworks__status=Framework.Status.PUBLISHED
        ).values_list("pk", flat=True)
    )
    first = min(draft.first_on for draft in drafts) - timedelta(days=lockout_days)
    last = max(draft.last_on for draft in drafts) + timedelta(days=lockout_days)
    _read_planned(facts, programme, places, first, last)
    observers = {draft.observer for draft in drafts if draft.observer}
    for window, place in mystery_made(programme, places, observers, first, last):
        facts.mystery.setdefault(place, []).append(window)
    return facts


def observers_of(programme: Programme) -> dict[str, frozenset[int]]:
    """Where each observer with a code observes."""
    rows = Membership.objects.filter(programme=programme, role=Role.OBSERVER).exclude(
        observer_code=""
    )
    found: dict[str, set[int]] = {}
    for code, location_id in rows.order_by("observer_code").values_list(
        "observer_code", "locations"
    ):
        found.setdefault(code, set())
        if location_id is not None:
            found[code].add(location_id)
    return {code: frozenset(places) for code, places in found.items()}


def _read_planned(
    facts: Facts, programme: Programme, places: set[int], first: date, last: date
) -> None:
    visits = Visit.objects.standing().filter(
        programme=programme, location__in=places, first_on__lte=last, last_on__gte=first
    )
    names = ("pk", "journey", "method", "location", "observer", "first_on", "last_on")
    for pk, *rest in visits.values_list(*names):
        facts.planned[tuple(rest)] = pk
        _journey, method, location_id, observer, first_on, last_on = rest
        if method == Method.MYSTERY_VISIT and observer:
            window = Window(first_on, last_on, pk=pk)
            facts.mystery.setdefault((observer, location_id), []).append(window)


def mystery_made(
    programme: Programme,
    places: Collection[int],
    observers: Collection[str],
    first: date,
    last: date,
) -> list[tuple[Window, tuple[str, int]]]:
    """Mystery visits that these observers made at these places, each on the day as written."""
    if not observers:
        return []
    rows = Revision.objects.counted().filter(
        observation__programme=programme,
        method=Method.MYSTERY_VISIT,
        location__in=places,
        observer__in=observers,
        month__gte=f"{first:%Y-%m}",
        month__lte=f"{last:%Y-%m}",
    )
    found = []
    values = rows.order_by().values_list("observer", "location", "observed_at", "utc_offset")
    for observer, location_id, observed_at, offset in values:
        day = observed_at.astimezone(timezone(timedelta(minutes=offset))).date()
        found.append((Window(day, day, was=True), (observer, location_id)))
    return found
