"""What is said of new dates: what they are, what they were, and whom they come too early for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from actionplans.models import Action


def dates_text(start_on: date | None, due_on: date) -> str:
    due = date_format(due_on, "SHORT_DATE_FORMAT")
    if start_on is None:
        return due
    return f"{date_format(start_on, 'SHORT_DATE_FORMAT')} \N{RIGHTWARDS ARROW} {due}"


def moved_text(action: Action, before: tuple[date | None, date]) -> str:
    """With the dates that it had, to be put back by who did not mean it."""
    said = _("“%(action)s” is now due on %(day)s (dates before: %(before)s).")
    day = date_format(action.due_on, "DATE_FORMAT")
    return said % {"action": action, "day": day, "before": dates_text(*before)}


def clashes(action: Action) -> Iterator[str]:
    """Nothing forbids that a thing begins before what it waits for is due; it is said, both ways."""
    for needed in action.begins_before:
        yield _clash(action, needed)
    for row in action.awaited_by.select_related("action"):
        waiting = row.action
        if action.is_open and waiting.is_open and waiting.begins_on < action.due_on:
            yield _clash(waiting, action)


def _clash(waiting: Action, needed: Action) -> str:
    said = (
        _("“%(action)s” is due on %(day)s: “%(needed)s”, which it waits for, only on %(due)s.")
        if waiting.start_on is None
        else _(
            "“%(action)s” starts on %(day)s; “%(needed)s”, which it waits for, is due on %(due)s."
        )
    )
    return said % {
        "action": waiting,
        "needed": needed,
        "day": date_format(waiting.begins_on, "DATE_FORMAT"),
        "due": date_format(needed.due_on, "DATE_FORMAT"),
    }
