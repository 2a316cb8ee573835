"""What an action did, in a few words, wherever one is listed."""

from __future__ import annotations

from django import template

from actionplans.measure_words import EffectWord, effect_of
from actionplans.models import Action

register = template.Library()


@register.filter
def effect(action: Action) -> EffectWord | None:
    """Of an action read `with_measures()`; nothing where no measure is fixed."""
    return effect_of(action)
