"""What is compared with what: the parameters of `read_comparison`, as a form in the URL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dashboards.filters import AddressForm, readable_locations
from journeys.access import Access
from journeys.forms.fields import MonthInput
from journeys.models import Method, Wave
from observations.selection import COMPARISON_PARAMETERS, WINDOWS

MONTHS = tuple(name for name in COMPARISON_PARAMETERS if name.endswith(("_from", "_to")))


class ComparisonForm(AddressForm):
    """Draws what the URL says; `read_comparison` decides whether it can be read.

    What the URL says and the programme doesn't know stays, as one more choice.
    """

    before = forms.CharField(
        label=gettext_lazy("Before"),
        required=False,
        help_text=gettext_lazy("The wave in which it was chosen what to act on."),
    )
    after = forms.CharField(
        label=gettext_lazy("After"),
        required=False,
        help_text=gettext_lazy("The wave that shows what became of it."),
    )
    baseline = forms.CharField(
        label=gettext_lazy("Second baseline"),
        required=False,
        help_text=gettext_lazy(
            "Another wave before the action, not used for choosing. Used where there is no control."
        ),
    )
    control = forms.MultipleChoiceField(
        label=gettext_lazy("Control locations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Where nothing was done. All others are compared with them."),
    )

    def __init__(
        self,
        query: QueryDict,
        *,
        access: Access,
        waves: Iterable[Wave],
        suggested: Mapping[str, str],
    ) -> None:
        asked = {name: _last(query, name) for name in COMPARISON_PARAMETERS}
        every = [code for value in query.getlist("control") for code in _codes(value)]
        codes = list(dict.fromkeys(every))
        self.is_asked = any(asked.values())
        self.asked = (asked if self.is_asked else asked | dict(suggested)) | {
            "control": ",".join(codes)
        }
        super().__init__({**self.asked, "control": codes})
        for name, label in _month_labels().items():
            self.fields[name] = forms.CharField(label=label, required=False, widget=MonthInput)
            self.fields[name].widget.attrs["class"] = "form-control"
        self._offer_waves([(wave.key, wave.name) for wave in waves])
        self._offer_locations(access, codes)

    def _offer_waves(self, choices: list[tuple[str, str]]) -> None:
        known = dict(choices)
        for name in WINDOWS:
            value = self.asked[name]
            more = [(value, value)] if value and value not in known else []
            nothing = ("", pgettext("wave", "None") if name == "baseline" else _("Choose a wave"))
            self.fields[name].widget = forms.Select(choices=[nothing, *choices, *more])
            self.fields[name].widget.attrs["class"] = "form-select"

    def _offer_locations(self, access: Access, codes: Iterable[str]) -> None:
        """Only where there are two: a control leaves at least one location out."""
        self._places = dict(readable_locations(access).values_list("code", "name"))
        known = dict(self._places)
        known |= {code: code for code in codes if code not in known}
        if len(known) < 2 and not codes:
            del self.fields["control"]
            return
        control = self.fields["control"]
        assert isinstance(control, forms.MultipleChoiceField)
        control.choices = list(known.items())

    @property
    def narrowed(self) -> dict[str, str]:
        """What else the URL selects, as a measured action's link does: by parameter."""
        return {name: self.asked[name] for name in ("method", "location") if self.asked[name]}

    @property
    def narrowed_words(self) -> str:
        methods = [str(dict(Method.choices).get(one, one)) for one in _codes(self.asked["method"])]
        places = [self._places.get(one, one) for one in _codes(self.asked["location"])]
        return ", ".join([*methods, *places])

    @property
    def windows(self) -> list[forms.BoundField]:
        return [self[name] for name in WINDOWS]

    @property
    def months(self) -> list[forms.BoundField]:
        return [self[name] for name in MONTHS]

    @property
    def uses_months(self) -> bool:
        return any(self.asked[name] or name in self.errors for name in MONTHS)


def _last(query: QueryDict, name: str) -> str:
    return str(query.get(name) or "").strip()


def _codes(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _month_labels() -> dict[str, str]:
    return {
        "before_from": _("Before: first month"),
        "before_to": _("Before: last month"),
        "after_from": _("After: first month"),
        "after_to": _("After: last month"),
        "baseline_from": _("Second baseline: first month"),
        "baseline_to": _("Second baseline: last month"),
    }
