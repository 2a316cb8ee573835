"""What is typed on the map itself: lines that become rows; and what is ordered of several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.fields import LinesField
from journeys.models import Channel, Journey, Need, Stage
from journeys.models.journey import Criticality

MOST_LINES = 500


class LinesForm(forms.Form):
    """One row a line, so that a pasted list is many rows; `length` is what one may hold."""

    length = 200
    lines: forms.Field

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"] = LinesField(
            label=_("One a line"),
            line_length=self.length,
            widget=forms.Textarea(attrs={"rows": 1, "data-lines": ""}),
        )

    def clean_lines(self) -> list[str]:
        lines: list[str] = self.cleaned_data["lines"]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(
                _("%(count)d lines are more than %(limit)d: paste them in parts.")
                % {"count": len(lines), "limit": MOST_LINES}
            )
        return lines


class StageLinesForm(LinesForm):
    length = 120
    phase = forms.ChoiceField(label=gettext_lazy("Phase"), choices=Stage.Phase.choices)


class TouchpointLinesForm(LinesForm):
    length = 120
    channel = forms.ModelChoiceField(
        label=gettext_lazy("Channel"), queryset=Channel.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, journey: Journey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ModelChoiceField)
        channel.queryset = journey.programme.channels.all()


class NeedLinesForm(LinesForm):
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Need.Level.choices)


class ChoiceLinesForm(LinesForm):
    pass


class MarkForm(forms.Form):
    criticality = forms.TypedChoiceField(
        label=gettext_lazy("Criticality"), choices=Criticality.choices, coerce=int
    )
