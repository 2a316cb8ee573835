"""Which document, and in which language; the filters are those of the page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from dashboards.exports import Export


class ExportForm(forms.Form):
    document = forms.ChoiceField(
        label=gettext_lazy("Document"),
        choices=Export.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=settings.LANGUAGES,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    # Several forms may stand on one page, the filters among them.
    prefix = "export"
