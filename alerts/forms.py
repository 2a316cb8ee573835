"""The address of another program and what it is told; the name of what reads the feed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.models import FeedToken, Kind, Webhook
from alerts.posting import NotAllowed, check_url
from alerts.webhooks import TYPES


class WebhookForm(forms.ModelForm[Webhook]):
    """Whether the name leads into a private network is asked when something is sent: names move."""

    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy(
            "It must be reachable from the internet; redirects are not followed."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        choices=[(kind.value, kind.label) for kind in TYPES],
        widget=forms.CheckboxSelectMultiple,
        initial=[kind.value for kind in TYPES],
    )

    class Meta:
        model = Webhook
        fields = ("url", "kinds", "is_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [
            (kind.value, format_html('{} (<code lang="en">{}</code>)', Kind(kind).label, name))
            for kind, name in TYPES.items()
        ]
        self.fields["kinds"].choices = names  # type: ignore[attr-defined]  # in the reader's language
        if self.instance._state.adding:
            del self.fields["is_on"]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            check_url(url)
        except NotAllowed as error:
            raise forms.ValidationError(
                _("Only http and https, without a name and a password in the address.")
            ) from error
        return url


class FeedTokenForm(forms.ModelForm[FeedToken]):
    class Meta:
        model = FeedToken
        fields = ("name",)
