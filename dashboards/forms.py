"""What executives write beside the figures, and the names of saved views."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dashboards.models import QUERY_LENGTH, SavedView, SignedReport


class SignOffForm(forms.ModelForm[SignedReport]):
    class Meta:
        model = SignedReport
        fields = ("note",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


class SavedViewForm(forms.ModelForm[SavedView]):
    """Whoever may not share a view isn't asked."""

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        if len(self.instance.query) > QUERY_LENGTH:
            raise forms.ValidationError(_("These are too many filters for one view."))
        return self.cleaned_data

    def clean_name(self) -> str:
        """The constraint is on columns that the form does not show."""
        name: str = self.cleaned_data["name"]
        others = SavedView.objects.filter(
            programme=self.instance.programme, owner=self.instance.owner, name=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_taken())
        return name

    def save_unless_taken(self) -> bool:
        """False, with the same words, where the name was taken since it was looked for: by a second click."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError:
            self.add_error("name", _taken())
            return False
        return True


def _taken() -> str:
    return _("You have a view of this name.")
