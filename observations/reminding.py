"""One letter a person and day about visits that end soon or were missed; quiet unless asked for.

What a letter tells is noted by `VisitReminder` (see accounts/letters.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.letters import in_language_of, send_letter
from accounts.models import User
from journeys.models import Membership, Programme, Role
from observations.models import Visit, VisitReminder, VisitRules

# What was missed before that is no news, as when reminders are switched on.
NEWS_DAYS = 7


@dataclass(frozen=True, slots=True)
class Due:
    visit: Visit
    kind: str

    @property
    def key(self) -> tuple[int, str, date]:
        return self.visit.pk, self.kind, self.visit.last_on


def people_to_remind(today: date) -> list[int]:
    """Who has a visit to be told of, by the key of the person."""
    return sorted(_due_by_person(today))


def _due_by_person(today: date) -> dict[int, list[Due]]:
    """Over all programmes that want reminders, in a fixed number of queries."""
    days = dict(
        VisitRules.objects.filter(programme__archived_at=None)
        .exclude(remind_days=None)
        .values_list("programme", "remind_days")
    )
    observers = {
        (programme_id, code): person_id
        for programme_id, code, person_id in Membership.objects.filter(
            programme__in=days, role=Role.OBSERVER, user__is_active=True
        )
        .exclude(observer_code="")
        .values_list("programme", "observer_code", "user")
    }
    visits = (
        Visit.objects.unfinished()
        .filter(programme__in=days, first_on__lte=today)
        .filter(last_on__gte=today - timedelta(days=NEWS_DAYS))
        .exclude(observer="")
    )
    told = _told(days)
    found: dict[int, list[Due]] = defaultdict(list)
    for visit in visits.select_related("programme", "location", "journey"):
        person_id = observers.get((visit.programme_id, visit.observer))
        due = _due(visit, days[visit.programme_id], today)
        if person_id is not None and due and (person_id, *due.key) not in told:
            found[person_id].append(due)
    return found


def _due(visit: Visit, days: int | None, today: date) -> Due | None:
    if visit.last_on < today:
        return Due(visit, VisitReminder.Kind.MISSED)
    if days is not None and (visit.last_on - today).days <= days:
        return Due(visit, VisitReminder.Kind.DUE)
    return None


def _told(programmes: dict[int, int | None]) -> set[tuple[int, int, str, date]]:
    rows = VisitReminder.objects.filter(visit__programme__in=programmes)
    return set(rows.values_list("person", "visit", "kind", "last_on"))


@transaction.atomic
def remind(person_id: int, today: date) -> bool:
    """Sends this person's letter; False where there is nothing to tell, or another run tells it."""
    person = User.objects.select_for_update().get(pk=person_id)
    due = _due_by_person(today).get(person_id, [])
    if not due:
        return False
    VisitReminder.objects.bulk_create(
        VisitReminder(visit=one.visit, person=person, kind=one.kind, last_on=one.visit.last_on)
        for one in due
    )
    with in_language_of(person, due[0].visit.programme.language):
        send_letter(
            person,
            subject=_subject(due),
            template="observations/visit_mail",
            context={"parts": _parts(due)},
            told=[f"{visit}:{kind}:{day}" for visit, kind, day in (one.key for one in due)],
        )
    return True


def _subject(due: list[Due]) -> str:
    ending = sum(one.kind == VisitReminder.Kind.DUE for one in due)
    missed = len(due) - ending
    parts = (
        (ending, ngettext("%(n)d visit ends soon", "%(n)d visits end soon", ending)),
        (missed, ngettext("%(n)d visit was missed", "%(n)d visits were missed", missed)),
    )
    return ", ".join(words % {"n": n} for n, words in parts if n)


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter says of one programme."""

    programme: Programme
    link: str
    ending: list[Visit]
    missed: list[Visit]


def _parts(due: list[Due]) -> list[Part]:
    parts: dict[int, Part] = {}
    for one in due:
        programme = one.visit.programme
        part = parts.setdefault(programme.pk, Part(programme, _link(programme), [], []))
        part_of = part.ending if one.kind == VisitReminder.Kind.DUE else part.missed
        part_of.append(one.visit)
    return list(parts.values())


def _link(programme: Programme) -> str:
    return settings.SITE_URL + reverse("observations:visit-list", args=[programme.slug])
