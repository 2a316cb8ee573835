"""Step 1: segments, channels, locations, waves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.fields import MonthInput, PercentField
from journeys.forms.rows import RowForm, grid
from journeys.keys import NO_WAVE_KEYS
from journeys.models import Channel, Location, Segment, Wave
from journeys.months import month_text


class SegmentForm(RowForm[Segment]):
    guarded = ("in_perimeter",)

    class Meta:
        model = Segment
        fields = ("name", "key", "expectations", "preferred_channels", "in_perimeter")
        widgets = {
            "expectations": forms.Textarea(attrs={"rows": 3}),
            "preferred_channels": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channels = self.fields["preferred_channels"]
        assert isinstance(channels, forms.ModelMultipleChoiceField)
        channels.queryset = self.instance.programme.channels.all()
        key = (("key", 4),) if self.is_new else ()
        self.helper = grid(
            (("name", 8), *key), (("expectations", 12),), (("preferred_channels", 12),)
        )


class ChannelForm(RowForm[Channel]):
    guarded = ("in_perimeter",)

    class Meta:
        model = Channel
        fields = ("name", "key", "family", "medium", "in_perimeter")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = (("key", 4),) if self.is_new else ()
        self.helper = grid((("name", 8), *key), (("family", 6), ("medium", 6)))


class LocationForm(RowForm[Location]):
    key_field = "code"

    share_bp = PercentField(
        label=gettext_lazy("Reference share, in %"),
        required=False,
        help_text=gettext_lazy("Its part of the customers. Leave it empty if it is not known."),
    )

    class Meta:
        model = Location
        fields = ("name", "code", "region", "share_bp")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = (("code", 4),) if self.is_new else ()
        self.helper = grid((("name", 8), *code), (("region", 6), ("share_bp", 6)))


class WaveForm(RowForm[Wave]):
    reserved_keys = NO_WAVE_KEYS

    class Meta:
        model = Wave
        fields = ("name", "key", "first_month", "last_month")
        widgets = {"first_month": MonthInput, "last_month": MonthInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = (("key", 4),) if self.is_new else ()
        self.helper = grid((("name", 8), *key), (("first_month", 6), ("last_month", 6)))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("first_month"), data.get("last_month")
        if not first or not last or first > last:
            return data  # the field or the database's own rule says what is wrong
        others = self.siblings.exclude(pk=self.instance.pk)
        other = others.filter(first_month__lte=last, last_month__gte=first).first()
        if other is not None:
            self.add_error(
                "first_month",
                _("Waves don't overlap, and “%(wave)s” runs from %(first)s to %(last)s.")
                % {
                    "wave": other,
                    "first": month_text(other.first_month),
                    "last": month_text(other.last_month),
                },
            )
        return data


class LocationPasteForm(forms.Form):
    """Many locations at once; `locations` holds the rows where every line is good."""

    lines = forms.CharField(
        label=gettext_lazy("Locations, one a line"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy("code;name;region;share in %. Region and share may be left out."),
        strip=False,
    )

    def __init__(self, *args: Any, siblings: models.QuerySet[Location], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.siblings = siblings
        self.locations: list[Location] = []
        self.helper = grid((("lines", 12),))

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        errors = list(self._errors_of(text))
        if errors:
            self.locations = []
            raise forms.ValidationError(errors)
        if not self.locations:
            raise forms.ValidationError(_("No line holds a location."))
        return text

    def _errors_of(self, text: str) -> Iterator[str]:
        taken = set(self.siblings.values_list("code", flat=True))
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            separator = "\t" if "\t" in line else ";"
            cells = [cell.strip() for cell in line.split(separator)]
            yield from (
                _("Line %(number)d: %(error)s") % {"number": number, "error": error}
                for error in self._read(cells, taken)
            )

    def _read(self, cells: list[str], taken: set[str]) -> list[str]:
        """The errors of one line; without any, its location is kept."""
        if len(cells) < 2 or len(cells) > 4:
            return [_("write code;name;region;share.")]
        code, name, region, share = (*cells, "", "")[:4]
        if not code:
            return [_("the code is missing.")]
        if code in taken:
            return [_("the code “%(code)s” is taken.") % {"code": code}]
        form = LocationForm(
            {"code": code, "name": name, "region": region, "share_bp": share},
            instance=Location(programme_id=0),
            siblings=self.siblings.none(),
        )
        if form.is_valid():
            taken.add(code)
            self.locations.append(form.instance)
            return []
        return [f"{form[name].label}: {e}" for name, all_ in form.errors.items() for e in all_]
