"""What the forms of steps 1 and 2 share: keys made from names, and guarded fields."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Div, Layout, Row
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from journeys.guards import blocking_reasons
from journeys.keys import free_key
from journeys.ordering import next_place

AnyRow = TypeVar("AnyRow", bound=models.Model)


def grid(*rows: tuple[tuple[str, int], ...]) -> FormHelper:
    """A crispy helper without a form tag: rows of (field, columns of twelve)."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        *(
            Row(
                *(Column(Div(name), css_class=f"col-12 col-md-{width}") for name, width in row),
                css_class="g-3",
            )
            for row in rows
        )
    )
    helper.render_unmentioned_fields = True
    return helper


class RowForm(forms.ModelForm[AnyRow]):
    """A form of one row among its `siblings`.

    The key is asked at creation only, and made from the name where it is left empty. A field named
    in `guarded` shows why it may not change where a guard says so.
    """

    key_field: ClassVar = "key"
    name_field: ClassVar = "name"
    guarded: ClassVar[tuple[str, ...]] = ()
    reserved_keys: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, *args: Any, siblings: models.QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.siblings = siblings
        self.is_new = self.instance.pk is None
        if not self.is_new:
            self.fields.pop(self.key_field, None)
        elif self.key_field in self.fields:
            self.fields[self.key_field].required = False
            self.fields[self.key_field].help_text = _("Made from the name if you leave it empty.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_new and self.key_field in self.fields:
            self._give_key(data)
        elif not self.is_new:
            self._ask_guards()
        return data

    def _give_key(self, data: dict[str, Any]) -> None:
        if self.key_field in self.errors:
            return
        taken = set(self.siblings.values_list(self.key_field, flat=True))
        key = data.get(self.key_field) or ""
        if not key and data.get(self.name_field):
            data[self.key_field] = free_key(data[self.name_field], taken | self.reserved_keys)
        elif key in self.reserved_keys:
            self.add_error(self.key_field, _("This key has a meaning of its own: choose another."))
        elif key in taken:
            self.add_error(self.key_field, _("This key is taken: choose another."))

    def _ask_guards(self) -> None:
        for name in set(self.guarded) & set(self.changed_data):
            for reason in blocking_reasons(self.instance, [name]):
                self.add_error(name, reason)

    def save(self, commit: bool = True) -> AnyRow:
        if self.is_new and hasattr(self.instance, "position"):
            self.instance.position = next_place(self.siblings)
        return super().save(commit)
