"""Who gets a link to which maps, and the password of a link that has one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.access import Access
from journeys.forms.rows import grid
from journeys.lanes import lanes_for
from journeys.models import Journey


class ShareLinkForm(forms.Form):
    """Offers the programme's maps and the lanes that this person sees themselves."""

    name = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=120,
        help_text=gettext_lazy("Seen by your team only, to know later which link to revoke."),
    )
    journeys = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Maps"),
        queryset=Journey.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one map.")},
    )
    lanes = forms.MultipleChoiceField(
        label=gettext_lazy("What they see"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What is not ticked is not sent at all. No link shows verbatims, notes, names of"
            " locations or of people."
        ),
        error_messages={"required": gettext_lazy("Choose at least one lane.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        min_length=8,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Optional, at least 8 characters. Tell it by another way than the link."
        ),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Open until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Optional: the last day on which the link works."),
    )

    def __init__(self, *args: Any, access: Access, journey_key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        journeys, lanes = self.fields["journeys"], self.fields["lanes"]
        assert isinstance(journeys, forms.ModelMultipleChoiceField)
        assert isinstance(lanes, forms.MultipleChoiceField)
        journeys.queryset = access.programme.journeys.all()
        journeys.initial = access.programme.journeys.filter(key=journey_key)
        offered = [(lane.key, lane.name) for lane in lanes_for(access)]
        lanes.choices = offered
        lanes.initial = [key for key, _name in offered]
        self.helper = grid(
            (("name", 12),),
            (("journeys", 6), ("lanes", 6)),
            (("password", 6), ("last_day", 6)),
        )

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over: choose today or later."))
        if day == date.max:
            raise forms.ValidationError(_("Choose an earlier day."))
        return day


class SharePasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "autofocus": True, "class": "form-control"}
        ),
    )
