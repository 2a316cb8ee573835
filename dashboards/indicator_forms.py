"""Defining an indicator, typing what was counted, bringing in a table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboards.indicator_words import COUNT_NAMES
from journeys.forms.fields import MonthInput
from journeys.forms.rows import grid
from journeys.keys import free_key
from journeys.models import Channel, Location, Programme, Segment
from journeys.versions import VersionedForm
from observations.indicator_cells import Unreadable, read_month, why_impossible
from observations.indicator_file import MOST_BYTES, decode, read_cell
from observations.indicator_models import CODIR_PLACES
from observations.indicator_writing import WORDING
from observations.models import IndicatorDefinition, IndicatorReading
from scoring.indicators import COUNTS, OPTIONAL, SETTLED, Impossible, Kind, Unit, sums_of, unit_of


class HundredthsField(forms.DecimalField):
    """Typed with comma or point and up to two decimals; its value is whole hundredths."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(decimal_places=2, max_digits=12, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return formats.localize_input(Decimal(f"{(Decimal(value) / 100).normalize():f}"))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removesuffix("%").removesuffix("€").strip().replace(",", ".")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class DefinitionForm(VersionedForm[IndicatorDefinition]):
    """Another wording of something that is counted already must be said to be a new version."""

    target_hundredths = HundredthsField(
        label=gettext_lazy("Target"),
        required=False,
        help_text=gettext_lazy("In points, in %, on the scale of the answers, or as an amount."),
    )
    codir_rank = forms.TypedChoiceField(
        label=gettext_lazy("Place on the executives' page"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("Six figures at most, and the journey score is one of them."),
    )
    as_new = forms.BooleanField(label=gettext_lazy("As a new version"), required=False)

    class Meta:
        model = IndicatorDefinition
        fields = (
            "name",
            "key",
            "kind",
            "question",
            "active_rule",
            "direction",
            "currency",
            "target_hundredths",
            "codir_rank",
        )
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2}),
            "active_rule": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        self.is_counted = not self.is_new and self.instance.readings.exists()
        places = [(str(place), str(place)) for place in range(1, CODIR_PLACES + 1)]
        rank = self.fields["codir_rank"]
        assert isinstance(rank, forms.TypedChoiceField)
        rank.choices = [("", _("None")), *places]
        self.fields["key"].required = False
        self.fields["key"].help_text = _("Made from the name if you leave it empty.")
        if not self.is_new:
            del self.fields["key"]
        if not self.is_counted:
            del self.fields["as_new"]
        self.former = {name: getattr(self.instance, name) for name in WORDING}
        key = (("key", 4),) if self.is_new else ()
        new = ((("as_new", 12),),) if self.is_counted else ()
        self.helper = grid(
            (("name", 8), *key),
            (("kind", 6), ("direction", 6)),
            (("question", 12),),
            (("active_rule", 12),),
            (("target_hundredths", 4), ("currency", 4), ("codir_rank", 4)),
            *new,
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._settle_direction(data)
        if data.get("kind") == Kind.RETENTION and not data.get("active_rule"):
            self.add_error("active_rule", _("Say who counts as an active customer."))
        self._check_target(data)
        self._check_siblings(data)
        if self.needs_new and not data.get("as_new"):
            self.add_error(
                "as_new",
                _(
                    "Answers were counted under the wording as it was. Save it as a new version:"
                    " its figures start afresh, and the former ones stay as they are."
                ),
            )
        return data

    @property
    def needs_new(self) -> bool:
        """Something is counted under a wording that this form changes."""
        data = self.cleaned_data
        return self.is_counted and any(
            name in data and data[name] != former for name, former in self.former.items()
        )

    def _settle_direction(self, data: dict[str, Any]) -> None:
        kind = data.get("kind")
        if kind and Kind(kind) in SETTLED:
            data["direction"] = SETTLED[Kind(kind)].value

    def _check_target(self, data: dict[str, Any]) -> None:
        target, kind = data.get("target_hundredths"), data.get("kind")
        if target is None or not kind:
            return
        unit = unit_of(Kind(kind))
        low = -10_000 if unit is Unit.POINTS else 0
        high = 10_000 if unit in {Unit.POINTS, Unit.PERCENT} else None
        if target < low or (high is not None and target > high):
            self.add_error("target_hundredths", _("This is not on the scale of the indicator."))

    def _check_siblings(self, data: dict[str, Any]) -> None:
        siblings = self.instance.programme.indicators.current().exclude(pk=self.instance.pk)
        place = data.get("codir_rank")
        other = siblings.filter(codir_rank=place).first() if place else None
        if other is not None:
            self.add_error(
                "codir_rank", _("“%(indicator)s” has this place.") % {"indicator": other.name}
            )
        if "key" not in self.fields or "key" in self.errors:
            return
        taken = set(self.instance.programme.indicators.values_list("key", flat=True))
        if data.get("key") in taken:
            self.add_error("key", _("This key is taken: choose another."))
        elif not data.get("key") and data.get("name"):
            data["key"] = free_key(data["name"], taken)


class ReadingForm(forms.Form):
    """One month at one place; `counts` where they can be true together."""

    month = forms.CharField(label=gettext_lazy("Month"), widget=MonthInput)
    segment = forms.ModelChoiceField(
        Segment.objects.none(),
        label=gettext_lazy("Segment"),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("not told"),
    )
    location = forms.ModelChoiceField(
        Location.objects.none(),
        label=gettext_lazy("Location"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("not told"),
    )
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        label=gettext_lazy("Channel"),
        required=False,
        to_field_name="key",
        empty_label=gettext_lazy("not told"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        definition: IndicatorDefinition,
        reading: IndicatorReading | None = None,
        **kwargs: Any,
    ) -> None:
        if reading is not None:
            kwargs.setdefault("initial", initial_of(reading))
        super().__init__(*args, **kwargs)
        self.definition, self.is_stale = definition, False
        self.counts: dict[str, int] = {}
        self._offer_places(definition.programme)
        self.names = COUNTS[definition.measured]
        for name in self.names:
            self.fields[name] = forms.CharField(
                label=str(COUNT_NAMES[name]),
                required=(definition.measured, name) not in OPTIONAL,
                max_length=40,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
        width = 12 // min(4, max(3, len(self.names)))
        self.helper = grid(
            (("month", 3), ("segment", 3), ("location", 3), ("channel", 3)),
            tuple((name, width) for name in self.names),
        )

    def _offer_places(self, programme: Programme) -> None:
        for name, rows in (
            ("segment", programme.segments.all()),
            ("location", programme.locations.all()),
            ("channel", programme.channels.all()),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def clean_month(self) -> str:
        try:
            return read_month(self.cleaned_data["month"])
        except Unreadable as why:
            raise forms.ValidationError(str(why)) from why

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.names:
            if not data.get(name):
                continue
            try:
                self.counts[name] = read_cell(name, data[name])
            except Unreadable as why:
                self.add_error(name, str(why))
        if not self.errors:
            try:
                sums_of(self.definition.measured, self.counts)
            except Impossible as error:
                self.add_error(error.count, why_impossible(error))
        return data

    def show_overtaken(self, now: IndicatorReading) -> None:
        """Says what somebody else has put there; saving again means: mine, knowing theirs."""
        self.is_stale = True
        self.add_error(None, _("Somebody else changed this while you were editing."))
        for name, value in initial_of(now).items():
            if (
                name in self.fields
                and name != "version"
                and str(self[name].value() or "") != str(value)
            ):
                self.add_error(name, _("It is now: %(value)s") % {"value": value})
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["version"] = str(now.version)  # type: ignore[index]


def initial_of(reading: IndicatorReading) -> dict[str, Any]:
    """A reading as its form shows it."""
    places = {
        "segment": reading.segment.key if reading.segment else "",
        "location": reading.location.code if reading.location else "",
        "channel": reading.channel.key if reading.channel else "",
    }
    counts = dict(reading.counts)
    if "revenue" in counts:
        whole, cents = divmod(counts["revenue"], 100)
        counts["revenue"] = f"{whole}{formats.get_format('DECIMAL_SEPARATOR')}{cents:02d}"
    return {"month": reading.month, "version": reading.version, **places, **counts}


class TableForm(forms.Form):
    """A file or a pasted table; `text` and `source` once it is one of them."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or rows copied from a spreadsheet"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
        help_text=gettext_lazy("With their headings in the first row."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text, self.source = "", ""
        self.helper = grid((("file", 12),), (("pasted", 12),))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        file, pasted = data.get("file"), data.get("pasted") or ""
        if bool(file) is bool(pasted.strip()):
            raise forms.ValidationError(_("Choose a file or paste rows: one of the two."))
        if not file:
            self.text, self.source = pasted, _("pasted rows")
            return data
        if file.size > MOST_BYTES:
            self.add_error("file", _("At most 8 MB at once: split the file."))
            return data
        try:
            self.text, self.source = decode(file.read()), file.name
        except Unreadable as why:
            self.add_error("file", str(why))
        if not self.text.strip() and not self.errors:
            self.add_error("file", _("The file is empty."))
        return data
