"""What leaves Maison Nord by itself: the lead's digest, a webhook that was given up, the feed's tokens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from alerts.events import Event, find_events
from alerts.feed_tokens import create_feed_token
from alerts.models import Delivery, FeedToken, Kind, Webhook
from alerts.rules import switch_on
from alerts.signing import new_nonce
from alerts.webhooks import TEST, TYPES, message_of, trial_message
from journeys.access import Access, access_of
from journeys.models import Programme

URL: Final = "https://bi.maison-nord.example/hooks/cx"
ADDED_ON: Final = date(2026, 9, 1)
# A server that was down for a day: so many tries fit into it.
TRIES: Final = 15
TOKENS: Mapping[str, tuple[str, str]] = {
    "en": ("Power BI, finance", "Excel, head of stores"),
    "fr": ("Power BI, finances", "Excel, direction des magasins"),
}


@transaction.atomic
def create_alerts(*, programme: Programme, lead: User, language: str) -> None:
    """Once the observations are counted: the messages are of what has really happened in the story."""
    access = access_of(lead, programme)
    switch_on(access=access, kind=Kind.DIGEST, today=timezone.localdate())
    _create_webhook(access)
    _create_tokens(access, *TOKENS[language])


def _create_webhook(access: Access) -> None:
    """Switched off by the site, so that loading the demo calls nobody; the last message failed."""
    messages = _messages(access)
    webhook = Webhook.objects.create(
        programme=access.programme,
        url=URL,
        kinds=sorted(TYPES),
        nonce=new_nonce(),
        is_on=False,
        disabled_at=_at(messages[-1][0] + timedelta(days=1)),
        created_by=access.user,
        created_at=_at(ADDED_ON),
    )
    for number, (day, kind, key, body) in enumerate(messages, start=1):
        at = _at(day)
        Delivery.objects.create(
            webhook=webhook,
            kind=kind,
            key=key,
            body=body,
            created_at=at,
            give_up_at=at + timedelta(days=1),
            next_try_at=None,
            **_went(at, is_last=number == len(messages)),
        )


def _messages(access: Access) -> list[tuple[date, str, str, str]]:
    """Day, kind, key and body: a test when it was added, then what had happened up to two days ago."""
    found = [(ADDED_ON, TEST, TEST, trial_message(access.programme, _at(ADDED_ON)))]
    today = timezone.localdate()
    for event in find_events(access, list(TYPES), today):
        day = _day_of(event)
        if ADDED_ON <= day <= today - timedelta(days=2):
            found.append((day, event.kind.value, event.key, message_of(event, access, _at(day))))
    return sorted(found)


def _went(at: datetime, *, is_last: bool) -> dict[str, Any]:
    if is_last:
        return {
            "state": Delivery.State.FAILED,
            "tries": TRIES,
            "last_tried_at": min(at + timedelta(days=1), timezone.now()),
            "last_code": 503,
            "last_answer": "Service Unavailable",
        }
    return {
        "state": Delivery.State.DELIVERED,
        "tries": 1,
        "last_tried_at": at,
        "last_code": 204,
    }


def _create_tokens(access: Access, read: str, revoked: str) -> None:
    """One that reads every morning, one that reads nothing more."""
    today = timezone.localdate()
    dates = {
        read: {"last_used_at": _at(today)},
        revoked: {"last_used_at": _at(date(2026, 9, 28)), "revoked_at": _at(date(2026, 10, 2))},
    }
    for name, fields in dates.items():
        create_feed_token(access=access, name=name)
        mine = FeedToken.objects.filter(programme=access.programme, person=access.user, name=name)
        mine.update(created_at=_at(ADDED_ON), **fields)


def _day_of(event: Event) -> date:
    """Of a stage only the month is known: its last week."""
    return date.fromisoformat(event.on if len(event.on) > len("2026-09") else f"{event.on}-25")


def _at(day: date) -> datetime:
    """Ten past five in the morning, when what is new is looked for; never in the future."""
    at = datetime.combine(day, time(5, 10), tzinfo=timezone.get_default_timezone())
    return min(at, timezone.now()).astimezone(UTC)
