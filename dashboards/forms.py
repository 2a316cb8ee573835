"""What executives write beside the figures."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from dashboards.models import SignedReport


class SignOffForm(forms.ModelForm[SignedReport]):
    class Meta:
        model = SignedReport
        fields = ("note",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
