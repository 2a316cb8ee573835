"""Letters about actions, and files that nobody has any more."""

from __future__ import annotations

from celery import shared_task

from actionplans.action_comments import send_action_mention
from actionplans.action_files import sweep_files


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def mail_action_mention(mention: int, link: str) -> bool:
    return send_action_mention(mention, link)


@shared_task
def sweep_action_files() -> int:
    return sweep_files()
