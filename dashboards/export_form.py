"""Which document, and in which language; the filters are those of the page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from dashboards.driver_exports import DriverExport
from dashboards.exports import HEAT_MAPS, Export
from dashboards.heat_map import By
from journeys.models import Stage
from observations.models import IndicatorDefinition


def _choice(label: Any, choices: Iterable[tuple[str, Any]], **more: Any) -> forms.ChoiceField:
    more.setdefault("widget", forms.Select(attrs={"class": "form-select"}))
    return forms.ChoiceField(label=label, choices=list(choices), **more)


class ExportForm(forms.Form):
    document = _choice(gettext_lazy("Document"), Export.choices)
    by = _choice(
        gettext_lazy("Rows of the heat map"), By.choices, initial=By.LOCATION, required=False
    )
    language = _choice(gettext_lazy("Language"), settings.LANGUAGES)
    # Several forms may stand on one page, the filters among them.
    prefix = "export"

    def parameters(self) -> dict[str, str]:
        """What is asked for beside the journey and its filters."""
        if self.cleaned_data["document"] not in HEAT_MAPS:
            return {}
        return {"by": self.cleaned_data["by"] or By.LOCATION.value}


_WORDS: Final = {
    "indicator": (
        gettext_lazy("Indicator"),
        gettext_lazy("No indicator of the programme has this key."),
    ),
    "stage": (gettext_lazy("Stage"), gettext_lazy("No stage of the perimeter has this key.")),
}


class DriverExportForm(forms.Form):
    """Beside the chart its indicator and its stage are chosen already: `is_chosen` hides them."""

    document = _choice(gettext_lazy("Document"), DriverExport.choices)
    language = _choice(gettext_lazy("Language"), settings.LANGUAGES)
    prefix = "export"
    field_order = ("document", "indicator", "stage", "language")

    def __init__(
        self,
        *args: Any,
        definitions: Iterable[IndicatorDefinition],
        stages: Iterable[Stage],
        is_chosen: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offered = {
            "indicator": {one.key: one.name for one in definitions},
            "stage": {one.key: one.name for one in stages},
        }
        hidden = {"widget": forms.HiddenInput()} if is_chosen else {}
        for name, (label, unknown) in _WORDS.items():
            errors = {"invalid_choice": unknown}
            self.fields[name] = _choice(
                label, self._offered[name].items(), error_messages=errors, **hidden
            )
        self.order_fields(self.field_order)

    def parameters(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self._offered}

    def known(self) -> dict[str, str]:
        """What is chosen so far, without what can't be read."""
        values = {name: str(self[name].value() or "") for name in self._offered}
        return {name: key for name, key in values.items() if key in self._offered[name]}
