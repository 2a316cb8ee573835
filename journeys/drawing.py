"""A journey begun: its map is empty as yet."""

from __future__ import annotations

from django import forms
from django.db import transaction

from journeys.holding import hold_segment
from journeys.models import Journey


@transaction.atomic
def draw_journey(*, form: forms.ModelForm[Journey]) -> Journey:
    """As the form has it; raises Overtaken where its segment was deleted meanwhile."""
    hold_segment(form.instance.segment)
    return form.save()
