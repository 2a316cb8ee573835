"""What was told is not told again when the class goes on moving, or when late observations arrive."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db.models import Value
from django.db.models.functions import Concat

from accounts.models import User
from alerts.letters import write_alerts
from alerts.models import Delivery, Kind, Notice, Webhook
from alerts.rules import switch_on
from alerts.tests.past import BAD, GOOD, TODAY, live_through, observe
from alerts.webhooks import add_webhook, tell
from journeys.access import access_of
from journeys.models import Programme
from observations.folding import fold_pending

pytestmark = pytest.mark.usefixtures("framework")
# Basics missed beside what pleases: the stage is held at neutral.
BASICS_MISSED = GOOD | {"S1-b": -2}
BOTH = (Kind.CLASS_CHANGE, Kind.BROKEN_GATE)


@pytest.fixture
def asked(programme: Programme, executive: User) -> User:
    for kind in BOTH:
        switch_on(access=access_of(executive, programme), kind=kind, today=TODAY)
    return executive


@pytest.fixture
def webhook(programme: Programme, lead: User) -> Webhook:
    return add_webhook(
        access=access_of(lead, programme),
        url="https://hooks.example/cx",
        kinds=[kind.value for kind in BOTH],
        today=TODAY,
    )


def letter_to(person: User, programme: Programme) -> str:
    """The subject of the letter; empty where none is written."""
    if not write_alerts(programme=programme.pk, person=person.pk, today=TODAY):
        return ""
    return mail.outbox[-1].subject.removeprefix(f"{programme.name}: ")


def sent_to(webhook: Webhook) -> list[str]:
    """The new messages of stage S1, by their keys without it."""
    before = set(webhook.deliveries.values_list("pk", flat=True))
    tell(webhook.pk, TODAY)
    new = webhook.deliveries.exclude(pk__in=before).exclude(body=None)
    stage = webhook.programme.journeys.get().stages.get(key="S1")
    found = (one.key.split(":") for one in new.order_by("pk"))
    return [" ".join([kind, *rest]) for kind, pk, *rest in found if pk == str(stage.pk)]


@pytest.fixture
def missed(programme: Programme, asked: User, webhook: Webhook) -> Programme:
    """Missed in September, told, and the class still neutral."""
    observe(programme, "2026-07", GOOD, 10)
    fold_pending()
    letter_to(asked, programme)  # S2 misses its basic since July
    sent_to(webhook)
    observe(programme, "2026-09", BASICS_MISSED, 4)
    fold_pending()
    return programme


def test_basics_that_stay_missed_are_told_once_a_month(
    missed: Programme, asked: User, webhook: Webhook
) -> None:
    assert letter_to(asked, missed) == "Basics missed: Stage S1"
    assert sent_to(webhook) == ["broken_gate 2026-09"]
    observe(missed, "2026-09", BAD, 60)
    fold_pending()
    assert letter_to(asked, missed) == "Stage S1: ▼ disappointing"
    assert sent_to(webhook) == ["class_change 2026-09 disappointing"]


def test_what_was_told_under_a_key_of_before_is_not_told_again(
    missed: Programme, asked: User, webhook: Webhook
) -> None:
    """It ended in the label of the stage."""
    assert letter_to(asked, missed)
    assert sent_to(webhook)
    for rows in (Notice.objects.all(), Delivery.objects.all()):
        of_basics = rows.filter(key__startswith="broken_gate:")
        assert of_basics.update(key=Concat("key", Value(":neutral"))) == 2
    assert letter_to(asked, missed) == ""
    assert sent_to(webhook) == []


def test_a_turn_that_late_observations_move_is_not_told_again(
    programme: Programme, asked: User, webhook: Webhook
) -> None:
    live_through(programme)
    assert letter_to(asked, programme) == "3 alerts"
    assert sent_to(webhook) == ["broken_gate 2026-09", "class_change 2026-09 disappointing"]
    observe(programme, "2026-08", BAD, 48)
    fold_pending()
    assert letter_to(asked, programme) == ""
    assert sent_to(webhook) == []
    assert len(mail.outbox) == 1
    # They are known under their new month from now on, so that a turn back in between is no excuse.
    moved = Notice.objects.filter(key__contains=":2026-08", is_old=True)
    assert [key.split(":")[0] for key in moved.values_list("key", flat=True)] == [
        "broken_gate",
        "class_change",
    ]
    assert webhook.deliveries.filter(key__contains=":2026-08", body=None).count() == 2
