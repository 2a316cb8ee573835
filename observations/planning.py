"""Planning visits: many at once, changing and cancelling them, and what is counted for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from math import prod
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import User
from journeys.audit import record
from journeys.models import Journey, Location, Programme, Wave
from observations.models import Observation, Revision, Visit, VisitAttachment, VisitRules
from observations.visit_facts import observers_of, read_facts
from observations.visit_rules import Draft, Problem, assigned, is_stopped, problems_of
from observations.waves import months_between, shifted, wave_days

MAX_VISITS = 3000


class Observed(Exception):
    """Observations name the visit, or are attached to it: it may be cancelled, not deleted."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A draft with what speaks against it."""

    draft: Draft
    problems: list[Problem]

    @property
    def is_stopped(self) -> bool:
        return is_stopped(self.problems)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Every location by every method along every journey in every span of days."""

    locations: Sequence[Location]
    methods: Sequence[str]
    journeys: Sequence[Journey]
    # (wave or None, first day, last day)
    spans: Sequence[tuple[Wave | None, date, date]]
    quota: int = 1
    observers: Sequence[str] = ()
    note: str = ""

    @property
    def count(self) -> int:
        return prod(map(len, (self.locations, self.methods, self.journeys, self.spans)))


def drafts_of(wanted: Wanted, places: dict[str, frozenset[int]]) -> list[Draft]:
    """One visit each, observers in turn: whoever is next and observes at that location.

    `places` are the locations of each observer.
    """
    drafts = [
        Draft(journey, method, location, wave, "", first, last, wanted.quota, wanted.note)
        for (wave, first, last), method, journey, location in product(
            wanted.spans, wanted.methods, wanted.journeys, wanted.locations
        )
    ]
    return list(_dealt(drafts, wanted.observers, places))


def _dealt(
    drafts: Sequence[Draft], observers: Sequence[str], places: dict[str, frozenset[int]]
) -> Iterator[Draft]:
    """Who observes at none of the others' places is not left idle: a turn is taken, not lost."""
    waiting = list(observers)
    for draft in drafts:
        able = (one for one in waiting if draft.location.pk in places.get(one, ()))
        chosen = next(able, None)
        if chosen is None:
            # Nobody may: the first in turn is named, and the rules say what is wrong with it.
            yield assigned(draft, waiting[0]) if waiting else draft
            continue
        waiting.remove(chosen)
        waiting.append(chosen)
        yield assigned(draft, chosen)


def judge(programme: Programme, drafts: Sequence[Draft]) -> list[Planned]:
    """Each with its problems; what may be planned counts for those that follow."""
    facts = read_facts(programme, drafts)
    judged = []
    for draft in drafts:
        one = Planned(draft, problems_of(draft, facts))
        if not one.is_stopped:
            facts.take(draft)
        judged.append(one)
    return judged


def preview(programme: Programme, wanted: Wanted) -> list[Planned]:
    return judge(programme, drafts_of(wanted, observers_of(programme)))


def drafts_for(visits: Sequence[Visit], into: Wave) -> list[Draft]:
    """The plan of a wave once more in another: the same days of its months, within its bounds."""
    first, last = wave_days(into)
    drafts = []
    for visit in visits:
        assert visit.wave is not None
        months = months_between(visit.wave, into)
        whole = (visit.first_on, visit.last_on) == wave_days(visit.wave)
        days = (first, last) if whole else _within(visit, months, first, last)
        drafts.append(
            Draft(
                visit.journey,
                visit.method,
                visit.location,
                into,
                visit.observer,
                *days,
                visit.quota,
                visit.note,
            )
        )
    return drafts


def _within(visit: Visit, months: int, first: date, last: date) -> tuple[date, date]:
    start, end = shifted(visit.first_on, months), shifted(visit.last_on, months)
    return min(max(start, first), last), max(min(end, last), first)


@transaction.atomic
def plan_visits(*, programme: Programme, planned: Sequence[Planned], actor: User) -> int:
    """Creates those that no rule stops; how many. The same list again creates nothing more."""
    rows = [
        Visit(
            programme=programme,
            journey=one.draft.journey,
            method=one.draft.method,
            location=one.draft.location,
            wave=one.draft.wave,
            observer=one.draft.observer,
            first_on=one.draft.first_on,
            last_on=one.draft.last_on,
            quota=one.draft.quota,
            note=one.draft.note,
            created_by=actor,
        )
        for one in planned
        if not one.is_stopped
    ]
    for batch in _batches(rows):
        Visit.objects.bulk_create(batch, ignore_conflicts=True)
    made = Visit.objects.filter(uuid__in=[row.uuid for row in rows]).count()
    if made:
        words = ngettext("%(n)d visit", "%(n)d visits", made) % {"n": made}
        wanted = sum(row.quota for row in rows)
        changes = {"visits": [0, made], "observations_wanted": [0, wanted]}
        record(programme=programme, actor=actor, verb="planned", subject=words, changes=changes)
    return made


def _batches(rows: list[Visit]) -> Iterator[list[Visit]]:
    rest = iter(rows)
    while batch := list(islice(rest, 500)):
        yield batch


@transaction.atomic
def cancel_visit(*, visit: Visit, actor: User) -> None:
    """Kept, and no longer wanted; nothing happens to one that is cancelled already."""
    if Visit.objects.standing().filter(pk=visit.pk).update(cancelled_at=timezone.now()):
        _record(visit, actor, "cancelled")


@transaction.atomic
def reinstate_visit(*, visit: Visit, actor: User) -> None:
    """Wanted again. Raises IntegrityError where the same visit has been planned meanwhile."""
    rows = Visit.objects.filter(pk=visit.pk).exclude(cancelled_at=None)
    if rows.update(cancelled_at=None):
        _record(visit, actor, "restored")


@transaction.atomic
def delete_visit(*, visit: Visit, actor: User) -> None:
    """Raises Observed once an observation, counted or not, speaks of it."""
    row = Visit.objects.select_for_update().get(pk=visit.pk)
    if Revision.objects.filter(visit=row).exists() or row.attachments.exists():
        raise Observed(row)
    _record(row, actor, "deleted")
    row.delete()


def record_change(*, visit: Visit, actor: User, changes: dict[str, list[Any]]) -> None:
    """`changes` by field, before and after."""
    if changes:
        _record(visit, actor, "changed", changes)


@transaction.atomic
def attach_observation(*, observation: Observation, visit: Visit | None, actor: User) -> None:
    """Counts it for `visit`, whatever its document names; None leaves it to the document."""
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    former = VisitAttachment.objects.filter(observation=row).select_related("visit").first()
    if (former.visit_id if former else None) == (visit.pk if visit else None):
        return
    if visit is None:
        VisitAttachment.objects.filter(observation=row).delete()
    else:
        VisitAttachment.objects.update_or_create(
            observation=row,
            defaults={"visit": visit, "attached_by": actor, "attached_at": timezone.now()},
        )
    before = str(former.visit) if former else None
    record(
        programme=row.programme,
        actor=actor,
        verb="attached" if visit else "detached",
        subject=f"{row._meta.verbose_name} {row}",
        changes={"visit": [before, str(visit) if visit else None]},
    )


@transaction.atomic
def set_rules(*, rules: VisitRules, actor: User, changes: dict[str, list[Any]]) -> None:
    """`rules` as they are to be; they need not stand in the database yet."""
    VisitRules.objects.update_or_create(
        programme=rules.programme,
        defaults={"lockout_days": rules.lockout_days, "remind_days": rules.remind_days},
    )
    if changes:
        subject = str(rules._meta.verbose_name)
        record(
            programme=rules.programme,
            actor=actor,
            verb="changed",
            subject=subject,
            changes=changes,
        )


def _record(
    visit: Visit, actor: User, verb: str, changes: dict[str, list[Any]] | None = None
) -> None:
    subject = f"{visit._meta.verbose_name} {visit}"
    record(programme=visit.programme, actor=actor, verb=verb, subject=subject, changes=changes)
