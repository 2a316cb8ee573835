"""Letters to people who are mentioned on a map; documents that take a while to make."""

from __future__ import annotations

import logging

from celery import shared_task
from kombu.exceptions import OperationalError as BrokerDown

from journeys import documents
from journeys.mention_mails import send_mention

logger = logging.getLogger(__name__)


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def mail_mention(mention: int, link: str) -> bool:
    return send_mention(mention, link)


def announce_document(pk: str) -> None:
    """A broker that is down only delays a document: the sweep asks for it again."""
    try:
        make_document.delay(pk)
    except BrokerDown as error:
        logger.warning("No broker, the next sweep asks for document %s: %s", pk, error)


@shared_task
def make_document(pk: str) -> bool:
    return documents.make(pk)


@shared_task
def sweep_documents() -> int:
    return documents.sweep_documents()
