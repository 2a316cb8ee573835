"""Webhooks from the lead's side: added, changed, given a new secret, removed; and what they are told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from alerts.events import Event, find_events
from alerts.models import Delivery, Kind, Webhook
from alerts.news import find_news, of_turns
from alerts.signing import new_nonce
from alerts.webhook_models import a_day_from_now
from alerts.wording import link_of
from journeys.access import Access, access_of
from journeys.audit import record
from journeys.models import Programme, Role
from observations.change_documents import decimal_or_none, interval_or_none

# What the messages are called.
TYPES: Final = {
    Kind.BROKEN_GATE: "stage.basics_missed",
    Kind.CLASS_CHANGE: "stage.class_changed",
    Kind.LATE_ACTION: "action.late",
}
TEST: Final = "test"


@transaction.atomic
def add_webhook(*, access: Access, url: str, kinds: Collection[str], today: date) -> Webhook:
    """On from now: what has happened already is noted, and never sent."""
    webhook = Webhook.objects.create(
        programme=access.programme,
        url=url,
        kinds=sorted(kinds),
        nonce=new_nonce(),
        created_by=access.user,
    )
    _pass_over(webhook, access, TYPES, today)
    record(programme=access.programme, actor=access.user, verb="added", subject=webhook)
    return webhook


@transaction.atomic
def change_webhook(
    *, webhook: Webhook, access: Access, url: str, kinds: Collection[str], is_on: bool, today: date
) -> None:
    """What happened while it was off, or of a kind that it was not told, is no news afterwards.

    What waited while it was off has a day again. `webhook` may be changed already, as a form leaves
    it: how it was is read again.
    """
    before = Webhook.objects.select_for_update().get(pk=webhook.pk)
    webhook.url, webhook.kinds, webhook.is_on = url, sorted(kinds), is_on
    if is_on:
        webhook.disabled_at = None
    webhook.save(update_fields=["url", "kinds", "is_on", "disabled_at"])
    if is_on:
        untold = set(kinds) - set(before.kinds) if before.is_on else set(TYPES)
        _pass_over(webhook, access, untold, today)
    if is_on and not before.is_on:
        waiting = webhook.deliveries.filter(state=Delivery.State.WAITING)
        waiting.update(give_up_at=a_day_from_now())
    record(programme=access.programme, actor=access.user, verb="changed", subject=webhook)


@transaction.atomic
def renew_secret(*, webhook: Webhook, actor: User) -> None:
    webhook.nonce = new_nonce()
    webhook.save(update_fields=["nonce"])
    record(programme=webhook.programme, actor=actor, verb="changed", subject=webhook)


@transaction.atomic
def remove_webhook(*, webhook: Webhook, actor: User) -> None:
    record(programme=webhook.programme, actor=actor, verb="removed", subject=webhook)
    webhook.delete()


def _pass_over(webhook: Webhook, access: Access, kinds: Collection[str], today: date) -> None:
    _note(webhook, find_events(access, [Kind(kind) for kind in kinds], today))


def _note(webhook: Webhook, events: Iterable[Event]) -> None:
    """Known, and never sent."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                webhook=webhook,
                kind=event.kind.value,
                key=event.key,
                state=Delivery.State.DELIVERED,
                next_try_at=None,
            )
            for event in events
        ],
        ignore_conflicts=True,
    )


def webhooks_to_tell() -> list[int]:
    rows = Webhook.objects.filter(is_on=True, programme__archived_at=None)
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def tell(pk: int, today: date) -> int:
    """Writes down a message for each event that is new to this webhook; how many.

    Read with the eyes of the lead: without one nothing is told. Locked, and once an event by a
    constraint: two workers write no message twice.
    """
    webhook = (
        Webhook.objects.select_for_update(of=("self",))
        .select_related("programme")
        .filter(pk=pk, is_on=True)
        .first()
    )
    access = lead_access(webhook.programme) if webhook else None
    if webhook is None or access is None:
        return 0
    events = find_events(access, [Kind(kind) for kind in webhook.kinds], today)
    known = webhook.deliveries.filter(of_turns(event.key for event in events)).order_by("pk")
    news = find_news(events, list(known.values_list("key", flat=True)), today)
    _note(webhook, news.moved)
    now = timezone.now()
    for delivery in Delivery.objects.bulk_create(
        [
            Delivery(
                webhook=webhook,
                kind=event.kind.value,
                key=event.key,
                body=message_of(event, access, now),
            )
            for event in news.new
        ]
    ):
        announce(delivery)
    return len(news.new)


@transaction.atomic
def send_test(*, webhook: Webhook) -> Delivery:
    now = timezone.now()
    delivery = Delivery.objects.create(
        webhook=webhook,
        kind=TEST,
        key=f"{TEST}:{now.isoformat()}",
        body=trial_message(webhook.programme, now),
    )
    announce(delivery)
    return delivery


@transaction.atomic
def send_again(*, delivery: Delivery) -> None:
    """By hand, at once, under the id it always had."""
    delivery.state, delivery.next_try_at = Delivery.State.WAITING, timezone.now()
    delivery.give_up_at = a_day_from_now()
    delivery.save(update_fields=["state", "next_try_at", "give_up_at"])
    announce(delivery)


def announce(delivery: Delivery) -> None:
    from alerts.tasks import announce_delivery

    transaction.on_commit(partial(announce_delivery, delivery.pk))


def lead_access(programme: Programme) -> Access | None:
    lead = programme.memberships.filter(role=Role.LEAD, user__is_active=True).first()
    return access_of(lead.user, programme) if lead else None


def message_of(event: Event, access: Access, now: datetime) -> str:
    return _body(TYPES[event.kind], now, _data(event, access))


def trial_message(programme: Programme, now: datetime) -> str:
    return _body(TEST, now, {"programme": programme.slug})


def _body(name: str, now: datetime, data: dict[str, Any]) -> str:
    """As the specification asks: the type, the moment, and what is said."""
    message = {"type": name, "timestamp": now.isoformat(), "data": data}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _data(event: Event, access: Access) -> dict[str, Any]:
    """`on` is a month for a stage, a day for an action."""
    said: dict[str, Any] = {
        "programme": access.programme.slug,
        "journey": event.journey.key,
        "stage": event.stage.key,
        "stage_name": event.stage.name,
        "on": event.on,
        "url": link_of(event, access),
    }
    if event.action is not None:
        return said | {
            "action": event.action.pk,
            "title": event.action.title,
            "due_on": event.action.due_on.isoformat(),
        }
    score = event.score
    assert score is not None
    return said | {
        "label": score.label.value,
        "label_before": event.was.value if event.was else None,
        "certainty": score.certainty.value,
        "score": decimal_or_none(score.score),
        "interval": interval_or_none(score.interval),
        "n": score.n,
        "basics": {"seen": score.sums.nb, "covered": score.sums.nb_ok},
    }
