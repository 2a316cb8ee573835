"""Two workers with the same task at the same moment: one letter, one message, one try."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.models import User
from alerts.deliveries import deliver
from alerts.letters import write_alerts, write_digest
from alerts.models import Delivery, Kind, Notice
from alerts.rules import switch_on
from alerts.tests.past import TODAY, live_through
from alerts.tests.receiver import receiving
from alerts.webhooks import add_webhook, tell
from journeys.access import access_of
from journeys.models import Programme

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("framework"),
]


@pytest.fixture(autouse=True)
def _several_writers(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


def at_once(work: Callable[[], object]) -> list[object]:
    """What each of two answered; both begin at the same moment."""
    gate = threading.Barrier(2)
    answers: list[object] = []

    def run() -> None:
        gate.wait(10)
        try:
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_one_of_two_workers_writes_the_letter(programme: Programme, executive: User) -> None:
    access = access_of(executive, programme)
    for kind in (Kind.CLASS_CHANGE, Kind.DIGEST):
        switch_on(access=access, kind=kind, today=TODAY)
    live_through(programme)
    Notice.objects.filter(key__startswith="digest").delete()
    wanted: dict[str, Any] = {"programme": programme.pk, "person": executive.pk, "today": TODAY}
    assert sorted(map(bool, at_once(partial(write_alerts, **wanted)))) == [False, True]
    assert sorted(map(bool, at_once(partial(write_digest, **wanted)))) == [False, True]
    assert len(mail.outbox) == 2


def test_one_of_two_workers_writes_and_sends_the_message(
    programme: Programme, lead: User, settings: Any
) -> None:
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True
    with receiving() as receiver:
        webhook = add_webhook(
            access=access_of(lead, programme),
            url=receiver.url,
            kinds=[Kind.CLASS_CHANGE.value],
            today=TODAY,
        )
        live_through(programme)
        assert sum(map(int, map(str, at_once(partial(tell, webhook.pk, TODAY))))) == 1
        delivery = Delivery.objects.get(key__startswith="class_change")
        # Sent already after the commit: made to wait once more.
        Delivery.objects.filter(pk=delivery.pk).update(
            state="waiting", next_try_at=delivery.created_at
        )
        receiver.got.clear()
        assert sorted(map(bool, at_once(partial(deliver, delivery.pk)))) == [False, True]
        assert len(receiver.got) == 1
