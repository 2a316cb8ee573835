"""Two people on one form: the second is told what the first changed, and loses nothing typed."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.map_authors import overtaken_by

Row = TypeVar("Row", bound=models.Model)


class StaleEdit(Exception):
    """The row was changed by somebody else between this person's reading and writing."""


class VersionedForm(forms.ModelForm[Row]):
    """A form of a row with a `version` that grows by one with each save.

    The page carries the version it was drawn from. If the row is newer by then, `is_stale` is set
    and the error says what stands there now, field by field; the typed values stay in the form.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reader: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.is_stale = False
        self.fields["version"].initial = getattr(self.instance, "version", 0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        model = type(self.instance)
        now = model._default_manager.filter(pk=self.instance.pk).first()
        if now is not None and data.get("version") != getattr(now, "version", None):
            self.is_stale = True
            said = overtaken_by(now, self.reader)
            self.add_error(None, said or _("Somebody else changed this while you were editing."))
            self._show_difference(now, data)
            # Saving again then means: mine, knowing theirs.
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data[self.add_prefix("version")] = str(getattr(now, "version", 0))  # type: ignore[index]
        return data

    def tell_deleted(self, reason: str) -> None:
        """The row, or what it belongs to, is gone: what was typed stays to be copied elsewhere."""
        self.is_stale = True
        self.add_error(None, reason)

    def values_of(self, row: models.Model) -> dict[str, Any]:
        """What the row holds of the form's fields, as they clean what is typed."""
        return forms.model_to_dict(row, fields=[name for name in self.fields if name != "version"])

    def _show_difference(self, now: models.Model, data: dict[str, Any]) -> None:
        for name, value in self.values_of(now).items():
            typed = data.get(name)
            if getattr(typed, "pk", typed) != value:
                self.add_error(
                    name, _("It is now: %(value)s") % {"value": self._shown(name, value)}
                )

    def _shown(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return ", ".join(value) or "—"
        shown = self.fields[name].prepare_value(value)
        return dict(getattr(self.fields[name], "choices", ())).get(value, shown)

    def save(self, commit: bool = True) -> Row:
        """Raises StaleEdit if another save came between `clean` and here."""
        row = self.instance
        if row.pk is None or not commit:
            return super().save(commit)
        seen = self.cleaned_data["version"]
        with transaction.atomic():
            model = type(row)
            if not model._default_manager.filter(pk=row.pk, version=seen).update(version=seen + 1):
                raise StaleEdit(row)
            row.version = seen + 1  # type: ignore[attr-defined]
            return super().save()
