"""Webhooks: told once of what is new, signed, tried for a day, switched off with word to the lead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from accounts.models import User
from alerts.deliveries import LONGEST_PAUSE, deliver, due_deliveries, pause_after
from alerts.models import Delivery, Kind, Webhook
from alerts.signing import secret_of
from alerts.tasks import sweep_deliveries, tell_webhooks
from alerts.tests.past import TODAY, live_through
from alerts.tests.receiver import Receiver, receiving
from alerts.webhooks import add_webhook, renew_secret, send_again, send_test, tell
from journeys.access import access_of
from journeys.models import Membership, Programme

pytestmark = pytest.mark.usefixtures("framework")
EVENTS = [Kind.CLASS_CHANGE.value, Kind.BROKEN_GATE.value]


@pytest.fixture
def add(programme: Programme, lead: User, settings: Any) -> Any:
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True

    def added(receiver: Receiver) -> Webhook:
        access = access_of(lead, programme)
        return add_webhook(access=access, url=receiver.url, kinds=EVENTS, today=TODAY)

    return added


def later(delivery: Delivery, **fields: Any) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        next_try_at=timezone.now() - timedelta(seconds=1), **fields
    )


def test_an_event_is_one_message_with_a_signature_that_holds(
    programme: Programme, add: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with receiving() as receiver:
        webhook = add(receiver)
        live_through(programme)
        with django_capture_on_commit_callbacks(execute=True):
            assert tell(webhook.pk, TODAY) == 3
            assert tell(webhook.pk, TODAY) == 0
        assert len(receiver.got) == 3
    bodies = []
    for headers, body in receiver.got:
        bodies.append(Verifier(secret_of(webhook)).verify(body, headers))
        key = base64.b64decode(secret_of(webhook).removeprefix("whsec_"))
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        by_hand = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        assert headers["webhook-signature"] == f"v1,{by_hand}"
    [changed] = [one for one in bodies if one["type"] == "stage.class_changed"]
    assert changed["data"]["stage"] == "S1"
    assert changed["data"]["label"] == "disappointing"
    assert changed["data"]["label_before"] == "enchantment"
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 3
    assert set(webhook.deliveries.values_list("state", "last_code")) == {("delivered", 200)}


def test_another_secret_or_another_body_does_not_verify(add: Any) -> None:
    with receiving() as receiver:
        webhook = add(receiver)
        deliver(send_test(webhook=webhook).pk)
    [(headers, body)] = receiver.got
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(webhook)).verify(body + b" ", headers)
    before = secret_of(webhook)
    renew_secret(webhook=webhook, actor=webhook.created_by)
    assert secret_of(webhook) != before
    with pytest.raises(WebhookVerificationError):
        Verifier(secret_of(webhook)).verify(body, headers)
    assert before not in json.dumps(list(Webhook.objects.values()), default=str)


def test_what_happened_before_the_webhook_is_no_news(programme: Programme, add: Any) -> None:
    live_through(programme)
    with receiving() as receiver:
        assert tell(add(receiver).pk, TODAY) == 0
        assert receiver.got == []


def test_a_refused_message_is_tried_again_under_the_same_id(add: Any) -> None:
    with receiving(500, 302, 204) as receiver:
        delivery = send_test(webhook=add(receiver))
        for code in (500, 302, 204):
            assert deliver(delivery.pk) == (code == 204)
            assert not deliver(delivery.pk)  # not before its time
            delivery.refresh_from_db()
            assert delivery.last_code == code
            if code != 204:
                assert delivery.next_try_at is not None
                assert delivery.next_try_at > timezone.now()
                later(delivery)
                assert due_deliveries() == [delivery.pk]
        assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    assert (delivery.state, delivery.tries) == ("delivered", 3)
    assert sweep_deliveries() == 0


def test_pauses_double_up_to_four_hours_and_differ() -> None:
    for tries in range(1, 40):
        whole = min(timedelta(seconds=30) * 2 ** min(tries - 1, 20), LONGEST_PAUSE)
        assert whole / 2 <= pause_after(tries) <= whole * 1.5
    assert len({pause_after(3) for _time in range(5)}) > 1


def test_after_a_day_it_is_given_up_and_the_lead_is_told(
    add: Any, lead: User, settings: Any
) -> None:
    with receiving(500) as receiver:
        webhook = add(receiver)
        delivery = send_test(webhook=webhook)
        later(delivery, give_up_at=timezone.now() - timedelta(seconds=1))
        assert not deliver(delivery.pk)
    webhook.refresh_from_db()
    delivery.refresh_from_db()
    assert (delivery.state, webhook.is_on) == ("failed", False)
    assert webhook.disabled_at is not None
    [letter] = mail.outbox
    assert letter.to == [lead.email]
    assert receiver.url in letter.body
    assert f"/alerts/webhooks/{webhook.pk}/" in letter.body
    assert tell_webhooks() == 0
    send_again(delivery=delivery)
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert delivery.give_up_at > timezone.now() + timedelta(hours=23)


def test_an_address_that_is_gone_is_given_up_at_once(add: Any) -> None:
    with receiving(410) as receiver:
        webhook = add(receiver)
        deliver(send_test(webhook=webhook).pk)
    webhook.refresh_from_db()
    assert not webhook.is_on


def test_no_answer_is_written_down(add: Any, settings: Any) -> None:
    settings.WEBHOOKS_MAY_REACH_PRIVATE = False
    with receiving() as receiver:
        webhook = add(receiver)
        settings.WEBHOOKS_MAY_REACH_PRIVATE = False
        delivery = send_test(webhook=webhook)
        deliver(delivery.pk)
        assert receiver.got == []
    delivery.refresh_from_db()
    assert (delivery.last_code, delivery.state) == (None, "waiting")
    assert delivery.last_answer == "the name leads into a private network"


def test_without_a_lead_nothing_is_told(programme: Programme, add: Any) -> None:
    with receiving() as receiver:
        webhook = add(receiver)
        live_through(programme)
        Membership.objects.filter(role="lead").delete()
        assert tell(webhook.pk, TODAY) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"key": "taken"},
        {"key": "new", "state": "waiting", "next_try_at": None},
        {"key": "new", "state": "failed"},
    ],
)
def test_the_database_refuses_what_no_delivery_is(add: Any, fields: dict[str, Any]) -> None:
    with receiving() as receiver:
        webhook = add(receiver)
    Delivery.objects.create(webhook=webhook, kind="test", key="taken", body="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(webhook=webhook, kind="test", body="{}", **fields)


def test_the_database_refuses_what_no_webhook_is(programme: Programme) -> None:
    for fields in ({"url": "ftp://x"}, {"url": "https://x", "disabled_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Webhook.objects.create(programme=programme, nonce="n", **fields)
