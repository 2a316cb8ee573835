"""Opening hours as people write them, and closures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.calendars import Span
from journeys.forms.fields import DayInput
from journeys.models import Closure, OpeningHours

# 9-12, 9:00-12:30, 9h-12h30, with any dash.
_SPAN = re.compile(
    r"(\d{1,2})\s*(?:[:h.]\s*(\d{2})?)?\s*[-\u2013\u2014]\s*(\d{1,2})\s*(?:[:h.]\s*(\d{2})?)?",
    re.IGNORECASE,
)


class SpansField(forms.CharField):
    """Hours of one day, "09:00-12:30, 14:00-19:00"; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 80)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str) or value is None:
            return value
        return ", ".join(f"{opens:%H:%M}\N{EN DASH}{closes:%H:%M}" for opens, closes in value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        spans = sorted(self._span(part) for part in re.split(r"[,;/]", text) if part.strip())
        for (_opens, closes), (opens, _closes) in pairwise(spans):
            if opens < closes:
                raise forms.ValidationError(_("These hours overlap."))
        return tuple(spans)

    @staticmethod
    def _span(text: str) -> Span:
        found = _SPAN.fullmatch(text.strip())
        parts = (int(part or 0) for part in found.groups()) if found else (24, 0, 24, 0)
        try:
            from_hour, from_minute, to_hour, to_minute = parts
            opens, closes = time(from_hour, from_minute), time(to_hour, to_minute)
        except ValueError:
            words = _("Write hours as 09:00-12:30, 14:00-19:00.")
            raise forms.ValidationError(words) from None
        if closes <= opens:
            words = _("A day closes after it opens; write 23:59 for midnight.")
            raise forms.ValidationError(words)
        return opens, closes


class WeekForm(forms.Form):
    """Seven days, and the other locations that keep the same hours."""

    everywhere = forms.BooleanField(
        label=gettext_lazy("The same hours at all locations of the programme"), required=False
    )

    def __init__(self, *args: Any, hours: Iterable[OpeningHours] = (), **kwargs: Any) -> None:
        week: dict[int, tuple[Span, ...]] = {}
        for one in hours:
            week[one.weekday] = (*week.get(one.weekday, ()), (one.opens_at, one.closes_at))
        kwargs.setdefault("initial", {f"day{day}": spans for day, spans in week.items()})
        super().__init__(*args, **kwargs)
        days = {
            f"day{day}": SpansField(label=str(name).capitalize()) for day, name in WEEKDAYS.items()
        }
        for field in days.values():
            field.widget.attrs["placeholder"] = _("closed")
        self.fields = days | self.fields

    @property
    def week(self) -> dict[int, tuple[Span, ...]]:
        return {day: self.cleaned_data[f"day{day}"] for day in WEEKDAYS}


class ClosureForm(forms.ModelForm[Closure]):
    everywhere = forms.BooleanField(
        label=gettext_lazy("All locations of the programme"), required=False
    )

    class Meta:
        model = Closure
        fields = ("first_on", "last_on", "reason")
        widgets = {"first_on": DayInput, "last_on": DayInput}
