"""Which document, and in which language; the filters are those of the page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from dashboards.exports import HEAT_MAPS, Export
from dashboards.heat_map import By


class ExportForm(forms.Form):
    document = forms.ChoiceField(
        label=gettext_lazy("Document"),
        choices=Export.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    by = forms.ChoiceField(
        label=gettext_lazy("Rows of the heat map"),
        choices=By.choices,
        initial=By.LOCATION,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    # Several forms may stand on one page, the filters among them.
    prefix = "export"

    def parameters(self) -> dict[str, str]:
        """What is asked for beside the journey and its filters."""
        if self.cleaned_data["document"] not in HEAT_MAPS:
            return {}
        return {"by": self.cleaned_data["by"] or By.LOCATION.value}
