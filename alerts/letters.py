"""Letters to one person about one programme: what is new, and once a month the page itself.

The person's rules are locked while a letter is noted and sent (see accounts/letters.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.letters import in_language_of, send_letter
from alerts.digest import boards_of
from alerts.events import Event, allowed_kinds, find_events
from alerts.models import Kind, Notice, Rule
from alerts.news import find_news, of_turns
from alerts.rules import digest_key, note
from alerts.unsubscribing import unsubscribe_link
from alerts.wording import facts_of, link_of, title_of, when_text
from journeys.access import Access, access_of
from journeys.months import month_text


def people_to_write_to() -> list[tuple[int, int]]:
    """Programme and person of each who has a rule on, whether or not there is something to tell."""
    rules = Rule.objects.filter(programme__archived_at=None, person__is_active=True)
    return list(rules.values_list("programme", "person").order_by("programme", "person").distinct())


@transaction.atomic
def write_alerts(*, programme: int, person: int, today: date) -> bool:
    """One letter for all that is new; False where nothing is, or another run tells it."""
    access, kinds = _rules_of(programme, person)
    if access is None:
        return False
    events = _news(access, kinds - {Kind.DIGEST}, today)
    if not events:
        return False
    _note(access, [event.key for event in events])
    with in_language_of(access.user, access.programme.language):
        told = {event.kind.value for event in events}
        _send(
            access,
            subject=_subject(access, events),
            template="alert_mail",
            context={"lines": [_line(event, access) for event in events]},
            kinds=told,
            keys=[event.key for event in events],
        )
    return True


@transaction.atomic
def write_digest(*, programme: int, person: int, today: date) -> bool:
    """The page as it stands, once a month; False where it was sent, is not wanted, or shows nothing
    measured."""
    access, kinds = _rules_of(programme, person)
    key = digest_key(today)
    if access is None or Kind.DIGEST not in kinds or _noted(access, Q(key=key)):
        return False
    with in_language_of(access.user, access.programme.language):
        boards = boards_of(access)
        if not boards:
            note(access, [key])  # what is measured later in the month is in the next digest
            return False
        _note(access, [key])
        names = {"programme": access.programme.name, "day": _day_text(today)}
        _send(
            access,
            subject=_("%(programme)s: the figures as of %(day)s") % names,
            template="digest_mail",
            context={"boards": boards, "day": names["day"]},
            kinds={Kind.DIGEST.value},
            keys=[key],
        )
    return True


def _day_text(day: date) -> str:
    """The first of a month has a word of its own in French."""
    if day.day == 1:
        return _("1 %(month)s") % {"month": month_text(f"{day:%Y-%m}")}
    return date_format(day, "DATE_FORMAT")


def _rules_of(programme: int, person: int) -> tuple[Access | None, set[Kind]]:
    """Locked until the letter is sent; no access where it was taken away, whatever the rules say."""
    rules = list(
        Rule.objects.select_for_update(of=("self",))
        .filter(programme=programme, person=person)
        .select_related("programme", "person")
    )
    if not rules or not rules[0].person.is_active:
        return None, set()
    access = access_of(rules[0].person, rules[0].programme)
    allowed = set(allowed_kinds(access))
    return (access if allowed else None), {Kind(rule.kind) for rule in rules} & allowed


def _news(access: Access, kinds: Collection[Kind], today: date) -> list[Event]:
    """An action that is done by now is no news, though it was late; what only moved is noted."""
    events = [
        event
        for event in find_events(access, kinds, today)
        if event.action is None or event.action.is_late
    ]
    news = find_news(events, _noted(access, of_turns(event.key for event in events)), today)
    note(access, [event.key for event in news.moved])
    return news.new


def _noted(access: Access, told: Q) -> list[str]:
    """In the order of telling."""
    rows = Notice.objects.filter(told, programme=access.programme, person=access.user)
    return list(rows.order_by("pk").values_list("key", flat=True))


def _note(access: Access, keys: Iterable[str]) -> None:
    Notice.objects.bulk_create(
        [Notice(programme=access.programme, person=access.user, key=key) for key in keys]
    )


def _subject(access: Access, events: Sequence[Event]) -> str:
    if len(events) == 1:
        what = title_of(events[0])
    else:
        what = ngettext("%(n)d alert", "%(n)d alerts", len(events)) % {"n": len(events)}
    return _("%(programme)s: %(what)s") % {"programme": access.programme.name, "what": what}


def _line(event: Event, access: Access) -> dict[str, str]:
    return {
        "kind": event.kind.value,
        "title": title_of(event),
        "facts": facts_of(event),
        "when": when_text(event),
        "link": link_of(event, access),
    }


def _send(
    access: Access,
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    kinds: Collection[str],
    keys: Iterable[str],
) -> None:
    slug = access.programme.slug
    send_letter(
        access.user,
        subject=subject,
        template=f"alerts/{template}",
        context=context
        | {
            "programme": access.programme,
            "dashboard": settings.SITE_URL + reverse("dashboards:dashboard", args=[slug]),
            "settings": settings.SITE_URL + reverse("alerts:rule-list", args=[slug]),
        },
        has_html=True,
        way_out=unsubscribe_link(access, kinds),
        told=[str(access.programme.pk), *keys],
    )
