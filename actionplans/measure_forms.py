"""What an action is measured by, and what a wave could show: forms that share their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.measure_models import Measure
from actionplans.wave_planning import WavePlan, plan_waves
from journeys.access import Access
from journeys.forms.fields import DayInput, MonthInput
from journeys.models import Journey, Method, Stage, Wave
from observations.selection import (
    WINDOWS,
    BadSelection,
    Comparison,
    read_comparison,
)
from scoring.models import StageCell

MOST = 100_000


class Checks(forms.MultipleChoiceField):
    """Several of few: boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=list(choices), required=False, **kwargs)


def methods_of(journey: Journey) -> list[tuple[str, Any]]:
    """Those by which the journey was observed, else all there are."""
    cells = StageCell.objects.filter(framework__journey=journey, stage=None, channel=None)
    seen = set(cells.values_list("method", flat=True).distinct())
    return [(key, name) for key, name in Method.choices if not seen or key in seen]


class PlannerForm(forms.Form):
    """What a wave could show: of which stages, by which methods, where, and how many observations."""

    planned_n = forms.IntegerField(
        label=gettext_lazy("Observations of the stage in each wave"),
        required=False,
        min_value=1,
        max_value=MOST,
    )
    delta = forms.DecimalField(
        label=gettext_lazy("Change to be seen, in points"),
        required=False,
        min_value=1,
        max_value=200,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "1"}),
    )

    def __init__(self, data: Any, *, journey: Journey, access: Access, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.journey, self.access = journey, access
        self.scored: dict[str, Stage] = {
            one.key: one for one in journey.stages.all() if one.in_perimeter
        }
        places = list(access.programme.locations.values_list("code", "name"))
        self.fields["stages"] = Checks(
            [(key, one.name) for key, one in self.scored.items()], label=_("Stages")
        )
        self.fields["methods"] = Checks(
            methods_of(journey), label=_("Methods"), help_text=_("None ticked: all that are used.")
        )
        if places:
            self.fields["locations"] = Checks(
                places,
                label=_("Locations acted on"),
                help_text=_("None ticked: all but the control locations."),
            )
            self.fields["control"] = Checks(
                places,
                label=_("Control locations"),
                help_text=_(
                    "Where nothing is done: the change there is taken off. Choose them before anybody"
                    " sees scores of theirs."
                ),
            )

    @property
    def typed(self) -> Mapping[str, Any]:
        """What could be read of it, whole or not; before anything was typed, what it proposes."""
        if not self.is_bound:
            return self.initial
        self.is_valid()
        return self.cleaned_data

    @property
    def stages(self) -> list[Stage]:
        chosen = self.typed.get("stages", ())
        return [stage for key, stage in self.scored.items() if key in chosen]

    def plans(self) -> list[WavePlan]:
        typed = self.typed
        return plan_waves(
            self.journey,
            self.stages,
            methods=typed.get("methods", ()),
            locations=typed.get("locations", ()),
            with_control=bool(typed.get("control")),
        )


@dataclass(frozen=True, slots=True)
class Window:
    """The fields of one window, as the page draws them."""

    wave: forms.BoundField
    first: forms.BoundField
    last: forms.BoundField


class MeasureForm(PlannerForm):
    """A measure: `fix_measure` has the last word."""

    starts_on = forms.DateField(
        label=gettext_lazy("The action starts on"),
        widget=DayInput,
        help_text=gettext_lazy("Between the two windows; not before today."),
    )
    why = forms.CharField(
        label=gettext_lazy("What is corrected, and why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        data: Any,
        *,
        journey: Journey,
        access: Access,
        former: Measure | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, journey=journey, access=access, **kwargs)
        if former is None:
            del self.fields["why"]
        waves = list(access.programme.waves.all())
        for name, (label, words) in _windows().items():
            self.fields[name] = forms.CharField(
                label=label, required=False, help_text=words, widget=_wave_choice(waves)
            )
        for name, label in _month_labels().items():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                widget=MonthInput(attrs={"class": "form-control"}),
            )
        self.comparison: Comparison | None = None

    @property
    def windows(self) -> list[Window]:
        return [Window(self[name], self[f"{name}_from"], self[f"{name}_to"]) for name in WINDOWS]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        query: dict[str, Any] = {name: typed.get(name, "") for name in typed}
        for name, parameter in (
            ("control", "control"),
            ("methods", "method"),
            ("locations", "location"),
        ):
            query[parameter] = ",".join(typed.get(name, ()))
        try:
            self.comparison = read_comparison(query, journey=self.journey, access=self.access)
        except BadSelection as bad:
            self.refuse(bad.errors)
        return typed

    def refuse(self, errors: Mapping[str, str]) -> None:
        """By the names of the comparison's parameters, or of the fields."""
        names = {"method": "methods", "location": "locations"}
        for name, why in errors.items():
            field = names.get(name, name)
            self.add_error(field if field in self.fields else None, why)


def _windows() -> dict[str, tuple[str, str]]:
    return {
        "before": (
            _("Before"),
            _("What the change is measured from; over when the action starts."),
        ),
        "after": (_("After"), _("Begins after the start; the verdict comes when it is over.")),
        "baseline": (
            _("Second baseline"),
            _("Another window before the action, not used for choosing. Counts without a control."),
        ),
    }


def _month_labels() -> dict[str, str]:
    return {
        "before_from": _("Before: first month"),
        "before_to": _("Before: last month"),
        "after_from": _("After: first month"),
        "after_to": _("After: last month"),
        "baseline_from": _("Second baseline: first month"),
        "baseline_to": _("Second baseline: last month"),
    }


def _wave_choice(waves: Sequence[Wave]) -> forms.Select:
    return forms.Select(
        choices=[("", _("Months of my own")), *((wave.key, wave.name) for wave in waves)],
        attrs={"class": "form-select"},
    )


def first_thoughts(waves: Sequence[Wave], stage: Stage, today: date) -> dict[str, Any]:
    """The last wave that is over, and the next that has not begun."""
    month = f"{today:%Y-%m}"
    over = [wave for wave in waves if wave.last_month < month]
    to_come = [wave for wave in waves if wave.first_month > month]
    return {
        "stages": [stage.key],
        "before": over[-1].key if over else "",
        "after": to_come[0].key if to_come else "",
    }


def as_typed(measure: Measure) -> dict[str, Any]:
    """A measure as somebody would type it, to be corrected."""
    places = list(measure.places.all())
    months = {
        f"{name}_{end}": getattr(measure, f"{name}_{end}")
        for name in WINDOWS
        for end in ("from", "to")
    }
    return months | {
        "stages": [one.stage.key for one in measure.measured_stages.all()],
        "methods": measure.methods,
        "locations": [one.location.code for one in places if not one.is_control],
        "control": [one.location.code for one in places if one.is_control],
        "starts_on": measure.starts_on,
        "planned_n": measure.planned_n,
    }
