"""Questions that a page asks of the steps in its frame."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from journeys.steps import Step

register = template.Library()


@register.filter
def next_step(steps: Iterable[Step]) -> Step | None:
    """The first of the five steps that is not done; None where all are."""
    return next((step for step in steps if step.number and step.state != "done"), None)


@register.filter
def url_of(steps: Iterable[Step], key: str) -> str:
    """Where a step leads; empty for one that this person may not see."""
    return next((step.url for step in steps if step.key == key), "")
