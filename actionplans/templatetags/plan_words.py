"""What a view of the plan asks of an action."""

from __future__ import annotations

from django import template

from actionplans.models import Action

register = template.Library()


@register.simple_tag
def may_move(action: Action, updatable: set[int] | None) -> bool:
    """`updatable` are the actions that this person may move, None for all."""
    return updatable is None or action.pk in updatable
