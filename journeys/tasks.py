"""Letters to people who are mentioned on a map."""

from __future__ import annotations

from celery import shared_task

from journeys.mention_mails import send_mention


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def mail_mention(mention: int, link: str) -> bool:
    return send_mention(mention, link)
