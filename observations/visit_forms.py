"""The forms of planning: many visits at once, one visit, a wave into the next, and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.forms.fields import DayInput
from journeys.models import Location, Method, Programme, Wave
from journeys.versions import VersionedForm
from observations.models import Visit, VisitRules
from observations.planning import MAX_VISITS, Wanted
from observations.visit_facts import read_facts
from observations.visit_models import MAX_QUOTA
from observations.visit_rules import Draft, Problem, problems_of
from observations.waves import wave_days

# Those that somebody goes somewhere for.
PLANNED_METHODS = (
    Method.MYSTERY_VISIT,
    Method.STORE_TEAM,
    Method.SHADOWING,
    Method.CUSTOMER_VISIT,
    Method.CALL_LISTENING,
    Method.EYE_TRACKING,
    Method.VIDEO_DIARY,
    Method.EMAIL_READING,
)
METHOD_CHOICES = [(method.value, method.label) for method in PLANNED_METHODS]


class _Many(forms.ModelMultipleChoiceField[Any]):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(Location.objects.none(), label=label, required=False, **kwargs)


class PlanForm(forms.Form):
    """Locations x methods x journeys x waves; whole regions may be named instead of locations."""

    regions = forms.MultipleChoiceField(
        label=gettext_lazy("Whole regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    locations = _Many(gettext_lazy("Locations"), to_field_name="code")
    journeys = _Many(gettext_lazy("Journeys"), to_field_name="key")
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Methods"),
        choices=METHOD_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    waves = _Many(gettext_lazy("Waves"), to_field_name="key")
    first_on = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DayInput,
        help_text=gettext_lazy("Empty: the whole wave."),
    )
    last_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DayInput)
    quota = forms.IntegerField(
        label=gettext_lazy("Observations wanted at each visit"),
        min_value=1,
        max_value=MAX_QUOTA,
        initial=1,
    )
    observers = forms.MultipleChoiceField(
        label=gettext_lazy("Observers, in turn"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody: whoever is at the location."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the observer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        choices: dict[str, models.QuerySet[Any]] = {
            "locations": programme.locations.all(),
            "journeys": programme.journeys.all(),
            "waves": programme.waves.all(),
        }
        for name, rows in choices.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ModelMultipleChoiceField)
            chosen.queryset = rows
        regions = programme.locations.exclude(region="").order_by("region")
        names = regions.values_list("region", flat=True).distinct()
        self._choose("regions", [(name, name) for name in names])
        self._choose("observers", observer_choices(programme))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[name]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = choices
        if not choices:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if not data.get("locations") and not data.get("regions"):
            self.add_error("locations", _("Choose a location or a region."))
        if not data.get("journeys"):
            self.add_error("journeys", _("Choose a journey."))
        self._check_days(data)
        if not self.errors and self.wanted.count > MAX_VISITS:
            words = _("That would be %(n)d visits; at most %(limit)d are planned at once.")
            self.add_error(None, words % {"n": self.wanted.count, "limit": MAX_VISITS})
        return data

    def _check_days(self, data: dict[str, Any]) -> None:
        waves, first, last = data.get("waves"), data.get("first_on"), data.get("last_on")
        if bool(first) != bool(last):
            self.add_error("last_on" if first else "first_on", _("Say both days, or neither."))
        elif first and last and first > last:
            self.add_error("last_on", _("The last day is before the first."))
        elif first and waves and len(waves) > 1:
            self.add_error("first_on", _("Days of your own go with one wave only."))
        elif not first and not waves:
            self.add_error("waves", _("Choose a wave, or say from which day to which."))

    @property
    def wanted(self) -> Wanted:
        data = self.cleaned_data
        named = {one.pk for one in data["locations"]}
        regions = set(data.get("regions") or ())
        locations = [
            one
            for one in self.programme.locations.all()
            if one.pk in named or (one.region and one.region in regions)
        ]
        return Wanted(
            locations=locations,
            methods=data["methods"],
            journeys=list(data["journeys"]),
            spans=self._spans(data),
            quota=data["quota"],
            observers=data.get("observers") or (),
            note=data["note"],
        )

    def _spans(self, data: dict[str, Any]) -> Sequence[tuple[Wave | None, date, date]]:
        first, last, waves = data.get("first_on"), data.get("last_on"), list(data["waves"])
        if first and last:
            return [(waves[0] if waves else None, first, last)]
        return [(wave, *wave_days(wave)) for wave in waves]


def observer_choices(programme: Programme) -> list[tuple[str, str]]:
    """Observers with a code, by code, with their names."""
    rows = (
        programme.memberships.filter(role="observer")
        .exclude(observer_code="")
        .select_related("user")
        .order_by("observer_code")
    )
    return [(one.observer_code, f"{one.observer_code} · {one.user}") for one in rows]


class NextWaveForm(forms.Form):
    """The plan of one wave once more in another."""

    source = forms.ModelChoiceField(
        Wave.objects.none(), label=gettext_lazy("The plan of"), to_field_name="key"
    )
    into = forms.ModelChoiceField(
        Wave.objects.none(), label=gettext_lazy("Once more in"), to_field_name="key"
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "into"):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ModelChoiceField)
            chosen.queryset = programme.waves.all()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        source, into = data.get("source"), data.get("into")
        if source and source == into:
            self.add_error("into", _("Choose another wave."))
        elif source and not Visit.objects.standing().filter(wave=source).exists():
            self.add_error("source", _("No visit is planned in this wave."))
        return data


class VisitForm(VersionedForm[Visit]):
    """One planned visit; a rule that it breaks is told at the field that breaks it."""

    observer = forms.ChoiceField(label=gettext_lazy("Observer"), required=False)
    # What no rule reads may change whatever the rules say by now.
    FREE = frozenset({"note", "version"})

    class Meta:
        model = Visit
        fields = (
            "journey",
            "method",
            "location",
            "wave",
            "first_on",
            "last_on",
            "quota",
            "observer",
            "note",
        )
        widgets = {
            "first_on": DayInput,
            "last_on": DayInput,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programme = self.instance.programme
        self.before = {name: _shown(self.instance, name) for name in self.Meta.fields}
        self.warnings: list[Problem] = []
        rows: dict[str, models.QuerySet[Any]] = {
            "journey": programme.journeys.all(),
            "location": programme.locations.all(),
            "wave": programme.waves.all(),
        }
        for name, queryset in rows.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ModelChoiceField)
            chosen.queryset = queryset
        self._choose("observer", observer_choices(programme), _("Whoever is there"))
        self._choose("method", METHOD_CHOICES, "")

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]], empty: str) -> None:
        """What stands there stays a choice, whatever has become of it."""
        chosen, now = self.fields[name], getattr(self.instance, name)
        assert isinstance(chosen, forms.ChoiceField)
        every = [("", empty)] if empty else []
        every += choices
        if now and now not in dict(every):
            every.append((now, now))
        chosen.choices = every

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors or not set(self.changed_data) - self.FREE:
            return data
        draft = Draft(
            **{name: data[name] for name in self.Meta.fields if name != "observer"},
            observer=data.get("observer") or "",
            pk=self.instance.pk,
        )
        facts = read_facts(self.instance.programme, [draft])
        for problem in problems_of(draft, facts):
            if problem.is_stop:
                self.add_error(problem.field, problem.text)
            else:
                self.warnings.append(problem)
        return data

    def changes(self) -> dict[str, list[Any]]:
        """What has changed, before and after, as a history keeps it; after `clean`."""
        return {
            name: [self.before[name], _shown(self.instance, name)]
            for name in self.changed_data
            if name in self.before
        }


def _shown(visit: Visit, name: str) -> str:
    if name == "method":
        return str(visit.get_method_display())
    value = getattr(visit, name)
    return "" if value is None else str(value)


class VisitRulesForm(forms.ModelForm[VisitRules]):
    class Meta:
        model = VisitRules
        fields = ("lockout_days", "remind_days")
        help_texts = {
            "lockout_days": gettext_lazy(
                "The same observer does not make a mystery visit at the same location again "
                "within so many days. 0: no such rule."
            ),
            "remind_days": gettext_lazy(
                "Observers get one letter so many days before their visits end, and one when "
                "they have missed some. Empty: no letter is sent."
            ),
        }

    def changes(self) -> dict[str, list[Any]]:
        return {
            name: [self.initial.get(name), self.cleaned_data.get(name)]
            for name in self.changed_data
        }
