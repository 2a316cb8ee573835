"""Changes that what lies to the right can't bear: a registry of reasons against them.

Whole-journey sums are made with the flags and channels of their day, and journeys may not import
scoring to ask. So an app to the right registers a guard in its `AppConfig.ready()`; forms and use
cases ask `blocking_reasons` before they change a field that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db import models

Guard = Callable[[models.Model, Collection[str]], list[str]]

_guards: list[Guard] = []


class Blocked(Exception):
    """A change that a guard refuses; `reasons` are translated sentences for the person."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def register_guard(guard: Guard) -> None:
    """`guard(row, changed_fields)` answers why the row, as stored, may not change in these fields."""
    if guard not in _guards:
        _guards.append(guard)


def unregister_guard(guard: Guard) -> None:
    """For tests that put a guard of their own in place."""
    _guards.remove(guard)


def blocking_reasons(row: models.Model, changed_fields: Collection[str]) -> list[str]:
    """Why `row` may not change in `changed_fields`; empty where nothing is in the way."""
    return [reason for guard in _guards for reason in guard(row, changed_fields)]
