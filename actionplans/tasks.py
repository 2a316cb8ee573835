"""Letters about actions, files that nobody has any more, and verdicts of measured actions."""

from __future__ import annotations

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from actionplans.action_comments import send_action_mention
from actionplans.action_files import sweep_files
from actionplans.measure_closing import close_measure, due_measures
from actionplans.reminding import people_to_write_to, write_letter


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def mail_action_mention(mention: int, link: str) -> bool:
    return send_action_mention(mention, link)


@shared_task
def sweep_action_files() -> int:
    return sweep_files()


@shared_task
def write_about_actions() -> int:
    """A task a person: one letter that does not go out keeps no other back."""
    people = people_to_write_to(timezone.localdate())
    for person in people:
        write_to.delay(person)
    return len(people)


@shared_task(autoretry_for=(OSError,), retry_backoff=5, max_retries=5)
def write_to(person: int) -> bool:
    return write_letter(person, timezone.localdate())


@shared_task
def close_due_measures() -> int:
    """A task a measure: one that can't be computed keeps no other back."""
    due = due_measures()
    for measure in due:
        close_one_measure.delay(measure)
    return len(due)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=1, max_retries=5)
def close_one_measure(measure: int) -> bool:
    return close_measure(measure)
