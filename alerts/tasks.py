"""Letters by day, each person's in a task of their own; webhooks told by the hour, tried by the minute."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from alerts.deliveries import deliver, due_deliveries
from alerts.letters import people_to_write_to, write_alerts, write_digest
from alerts.webhooks import tell, webhooks_to_tell

logger = logging.getLogger(__name__)


@shared_task
def write_letters() -> int:
    people = people_to_write_to()
    for programme, person in people:
        write_letters_to.delay(programme, person)
    return len(people)


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def write_letters_to(programme: int, person: int) -> list[bool]:
    """A retry after the first letter only sends the second."""
    today = timezone.localdate()
    return [
        write_alerts(programme=programme, person=person, today=today),
        write_digest(programme=programme, person=person, today=today),
    ]


@shared_task
def tell_webhooks() -> int:
    webhooks = webhooks_to_tell()
    for pk in webhooks:
        tell_webhook.delay(pk)
    return len(webhooks)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def tell_webhook(pk: int) -> int:
    return tell(pk, timezone.localdate())


def announce_delivery(pk: int) -> None:
    """A broker that is down only delays it: the sweep tries it within a minute."""
    try:
        deliver_message.delay(pk)
    except BrokerDown as error:
        logger.warning("No broker, the next sweep sends delivery %s: %s", pk, error)


@shared_task
def deliver_message(pk: int) -> bool:
    return deliver(pk)


@shared_task
def sweep_deliveries() -> int:
    due = due_deliveries()
    for pk in due:
        announce_delivery(pk)
    return len(due)
