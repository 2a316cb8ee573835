"""A webhook that is changed: what was to be told is told, what was no news stays none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from alerts.deliveries import deliver
from alerts.models import Delivery, Kind, Webhook
from alerts.posting import Answer
from alerts.tests.past import TODAY, live_through
from alerts.webhooks import add_webhook, change_webhook, tell
from journeys.access import access_of
from journeys.models import Programme

pytestmark = pytest.mark.usefixtures("framework")
CLASSES, GATES = Kind.CLASS_CHANGE.value, Kind.BROKEN_GATE.value


def add(lead: User, programme: Programme, *kinds: str) -> Webhook:
    access = access_of(lead, programme)
    return add_webhook(access=access, url="https://hooks.example/cx", kinds=kinds, today=TODAY)


def change(webhook: Webhook, lead: User, *kinds: str, is_on: bool = True) -> None:
    change_webhook(
        webhook=webhook,
        access=access_of(lead, webhook.programme),
        url="https://hooks.example/other",
        kinds=kinds,
        is_on=is_on,
        today=TODAY,
    )


def test_another_address_loses_nothing_that_was_not_told_yet(
    programme: Programme,
    lead: User,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook = add(lead, programme, CLASSES, GATES)
    live_through(programme)
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    url = f"{webhook.get_absolute_url()}edit/"
    data = {"url": "https://hooks.example/other", "kinds": [CLASSES, GATES], "is_on": "on"}
    assert client_of(lead).post(url, data).status_code == 302
    webhook.refresh_from_db()
    assert webhook.url == "https://hooks.example/other"
    assert not webhook.deliveries.exists()
    assert tell(webhook.pk, TODAY) == 3


def test_of_a_kind_that_is_added_the_past_is_no_news(programme: Programme, lead: User) -> None:
    webhook = add(lead, programme, CLASSES)
    live_through(programme)
    change(webhook, lead, CLASSES, GATES)
    assert tell(webhook.pk, TODAY) == 1
    told = webhook.deliveries.exclude(body=None)
    assert [delivery.kind for delivery in told] == [CLASSES]


def test_what_happened_while_it_was_off_is_no_news(
    programme: Programme,
    lead: User,
    client_of: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook = add(lead, programme, CLASSES, GATES)
    change(webhook, lead, CLASSES, GATES, is_on=False)
    live_through(programme)
    assert tell(webhook.pk, TODAY) == 0
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    data = {"url": webhook.url, "kinds": [CLASSES, GATES], "is_on": "on"}
    client_of(lead).post(f"{webhook.get_absolute_url()}edit/", data)
    assert tell(webhook.pk, TODAY) == 0
    assert webhook.deliveries.count() == 3


def test_switched_on_again_it_has_a_day_before_it_is_given_up(
    programme: Programme, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerts.deliveries.post", lambda *args: Answer(500, "not yet"))
    webhook = add(lead, programme, CLASSES, GATES)
    live_through(programme)
    assert tell(webhook.pk, TODAY) == 3
    past = timezone.now() - timedelta(hours=1)
    webhook.deliveries.update(next_try_at=past, give_up_at=past)
    first, second, third = webhook.deliveries.order_by("pk")
    deliver(first.pk)
    assert not Webhook.objects.get().is_on
    change(webhook, lead, CLASSES, GATES)
    deliver(second.pk)
    assert Webhook.objects.get().is_on
    states = [Delivery.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == ["failed", "waiting", "waiting"]
    # One that is on already is not given longer by an edit.
    webhook.deliveries.update(give_up_at=past)
    change(webhook, lead, CLASSES, GATES)
    assert set(webhook.deliveries.values_list("give_up_at", flat=True)) == {past}
