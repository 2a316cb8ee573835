"""A person's rules: switched on and off by themselves, and tried on the past before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from alerts.digest import months_of_digests
from alerts.events import Event, allowed_kinds, find_events, months_until
from alerts.models import Kind, Notice, Rule
from journeys.access import Access
from journeys.models import Programme


@transaction.atomic
def switch_on(*, access: Access, kind: Kind, today: date) -> Rule:
    """What has happened already is no news: noted, and never told.

    Raises ValueError for a kind that this person may not see.
    """
    if kind not in allowed_kinds(access):
        raise ValueError(f"no rule {kind} for {access.user}")
    rule, is_new = Rule.objects.get_or_create(
        programme=access.programme, person=access.user, kind=kind
    )
    if is_new:
        note(access, [digest_key(today)] if kind is Kind.DIGEST else _past(access, kind, today))
    return rule


def _past(access: Access, kind: Kind, today: date) -> list[str]:
    return [event.key for event in find_events(access, [kind], today)]


def note(access: Access, keys: Iterable[str]) -> None:
    Notice.objects.bulk_create(
        [
            Notice(programme=access.programme, person=access.user, key=key, is_old=True)
            for key in keys
        ],
        ignore_conflicts=True,
    )


def digest_key(today: date) -> str:
    return f"{Kind.DIGEST.value}:{today:%Y-%m}"


def switch_off(*, programme: Programme, person: User, kinds: Iterable[str]) -> int:
    """How many were on."""
    rules = Rule.objects.filter(programme=programme, person=person, kind__in=list(kinds))
    return rules.delete()[0]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have told in the last months, found as it is found from now on.

    Several events of one day are one letter: `least` and `most` differ where only the month of an
    event is known.
    """

    kind: Kind
    events: tuple[Event, ...]
    first_month: str
    least: int
    most: int


def try_rule(*, access: Access, kind: Kind, today: date) -> Trial:
    months = months_until(today)[1:]
    if kind is Kind.DIGEST:
        digests = len(months_of_digests(access, months))
        return Trial(kind, (), months[0], digests, digests)
    events = tuple(find_events(access, [kind], today))
    moments = {event.on for event in events}
    most = len(moments) if kind is Kind.LATE_ACTION else len(events)
    return Trial(kind, events, months[0], len(moments), most)
