"""A try that ends late: it undoes nothing that happened meanwhile. One that must not begin does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from alerts.deliveries import deliver, due_deliveries
from alerts.models import Delivery, Webhook
from alerts.posting import Answer
from alerts.tests.past import TODAY
from alerts.webhooks import add_webhook, remove_webhook, send_again, send_test
from journeys.access import access_of
from journeys.models import Programme


@pytest.fixture
def webhook(programme: Programme, lead: User) -> Webhook:
    access = access_of(lead, programme)
    return add_webhook(access=access, url="https://hooks.example/cx", kinds=[], today=TODAY)


@pytest.fixture
def posts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answers in the order of the posts; `meanwhile` runs while the first one hangs."""

    def answer(*codes: int, meanwhile: Callable[[], object] = lambda: None) -> list[str]:
        made: list[str] = []

        def post(url: str, body: bytes, headers: Any) -> Answer:
            made.append(url)
            code = codes[len(made) - 1]
            if len(made) == 1:
                meanwhile()
            return Answer(code, str(code))

        monkeypatch.setattr("alerts.deliveries.post", post)
        return made

    return answer


def state_of(delivery: Delivery) -> tuple[str, int, int | None]:
    delivery.refresh_from_db()
    return delivery.state, delivery.tries, delivery.last_code


@pytest.mark.parametrize("late_code", [500, 410, 200])
def test_a_late_answer_undoes_no_delivery(webhook: Webhook, posts: Any, late_code: int) -> None:
    delivery = send_test(webhook=webhook)

    def again() -> None:
        send_again(delivery=Delivery.objects.get(pk=delivery.pk))
        assert deliver(delivery.pk)

    made = posts(late_code, 204, meanwhile=again)
    deliver(delivery.pk)
    assert state_of(delivery) == ("delivered", 2, 204)
    assert delivery.next_try_at is None
    assert (len(made), mail.outbox, due_deliveries()) == (2, [], [])
    webhook.refresh_from_db()
    assert webhook.is_on


def test_what_was_asked_for_again_is_not_put_off_by_a_late_failure(
    webhook: Webhook, posts: Any
) -> None:
    delivery = send_test(webhook=webhook)
    posts(500, 200, meanwhile=lambda: send_again(delivery=Delivery.objects.get(pk=delivery.pk)))
    assert not deliver(delivery.pk)
    assert due_deliveries() == [delivery.pk]
    assert deliver(delivery.pk)
    assert state_of(delivery) == ("delivered", 2, 200)


@pytest.mark.parametrize("code", [200, 500, 410])
def test_a_webhook_removed_under_way_takes_its_message_with_it(
    webhook: Webhook, lead: User, posts: Any, code: int
) -> None:
    delivery = send_test(webhook=webhook)
    own = Webhook.objects.get(pk=webhook.pk)
    posts(code, meanwhile=lambda: remove_webhook(webhook=own, actor=lead))
    assert deliver(delivery.pk) == (code == 200)
    assert not Delivery.objects.exists()
    assert mail.outbox == []


def test_nothing_is_posted_while_the_webhook_is_off(
    webhook: Webhook, lead: User, client_of: Callable[[User], Client], posts: Any
) -> None:
    made = posts(200)
    Webhook.objects.update(is_on=False)
    page = client_of(lead).post(f"{webhook.get_absolute_url()}test/", follow=True)
    assert "The message waits until the webhook is switched on." in page.content.decode()
    delivery = webhook.deliveries.get()
    assert not deliver(delivery.pk)
    assert state_of(delivery) == ("waiting", 0, None)
    assert made == []
    Webhook.objects.update(is_on=True)
    assert due_deliveries() == [delivery.pk]
    assert deliver(delivery.pk)


def test_nothing_is_posted_once_the_programme_is_archived(webhook: Webhook, posts: Any) -> None:
    made = posts(200)
    delivery = send_test(webhook=webhook)
    Programme.objects.update(archived_at=timezone.now())
    assert due_deliveries() == []
    assert not deliver(delivery.pk)
    assert made == []
    Programme.objects.update(archived_at=None)
    assert deliver(delivery.pk)
