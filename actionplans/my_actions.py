"""What a person has to do, over all their programmes, and the calendar that shows it elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from accounts.tokens import digest_of
from actionplans.action_models import CalendarFeed
from actionplans.models import Action
from actionplans.querysets import ActionQuerySet
from journeys.models import Programme
from journeys.rights import Right

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    name: str
    actions: list[Action]


def open_actions(person: User) -> ActionQuerySet:
    """Open ones that they own or are responsible for, where they may see the plan today."""
    programmes = Programme.objects.with_right(person, Right.SEE_PLAN).current()
    rows = Action.objects.filter(programme__in=programmes).carried_out_by(person)
    found: ActionQuerySet = rows.open().order_by("due_on", "pk")
    return found


def updatable_programmes(person: User) -> set[int]:
    """Where they may say how their actions go: who only reads the plan reads these too."""
    rows = Programme.objects.with_right(person, Right.UPDATE_OWN_ACTIONS).current()
    return set(rows.values_list("pk", flat=True))


def groups_of(actions: Iterable[Action], today: date) -> list[Group]:
    """Each action once: what is blocked waits for somebody else, whatever its date."""
    names = {
        "late": _("Late"),
        "today": _("Today"),
        "blocked": _("Blocked"),
        "next": _("Next"),
    }
    found: dict[str, list[Action]] = {key: [] for key in names}
    for action in actions:
        found[_group(action, today)].append(action)
    return [Group(key, name, found[key]) for key, name in names.items() if found[key]]


def _group(action: Action, today: date) -> str:
    if action.is_blocked:
        return "blocked"
    if action.due_on < today:
        return "late"
    return "today" if action.due_on == today else "next"


@transaction.atomic
def open_feed(person: User) -> str:
    """The token, which can be read at this moment only; the feed before it ends."""
    User.objects.select_for_update().get(pk=person.pk)
    close_feed(person)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.create(person=person, digest=digest_of(token))
    return token


def close_feed(person: User) -> None:
    CalendarFeed.objects.filter(person=person, revoked_at=None).update(revoked_at=timezone.now())


def person_of_feed(token: str) -> User | None:
    rows = CalendarFeed.objects.select_related("person")
    feed = rows.filter(digest=digest_of(token), revoked_at=None, person__is_active=True).first()
    return feed.person if feed else None


def calendar_of(person: User) -> bytes:
    """An iCalendar document (RFC 5545): an all-day event a due date, in their language."""
    actions = open_actions(person).select_related("programme", "stage__journey")[:MOST]
    with translation.override(person.language or settings.LANGUAGE_CODE):
        calendar = Calendar()
        calendar.add("prodid", "-//cxplan//actions//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", _("My actions"))
        calendar.add("x-published-ttl", "PT1H")
        for action in actions:
            calendar.add_component(_event(action))
        return bytes(calendar.to_ical())


def _event(action: Action) -> Event:
    """Its UID stays whatever changes, so that a calendar moves the event and adds no second one."""
    event = Event()
    event.add("uid", f"action-{action.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", action.created_at)
    event.add("sequence", action.version)
    event.add("dtstart", action.due_on)
    event.add("dtend", action.due_on + timedelta(days=1))
    event.add("summary", action.title)
    event.add("description", _described(action))
    event.add("url", settings.SITE_URL + action.get_absolute_url())
    event.add("transp", "TRANSPARENT")
    return event


def _described(action: Action) -> str:
    lines = [f"{action.programme}: {action.stage}", str(action.get_status_display())]
    if action.blocked_reason:
        lines.append(action.blocked_reason)
    return "\n".join(lines)
