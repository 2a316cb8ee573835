"""Fields for how people write shares, months and short lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _


class PercentField(forms.DecimalField):
    """Shown and typed in % with up to 2 decimals, comma or point; its value is basis points."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(min_value=0, max_value=100, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Basis points as people read them: 1250 is 12.5."""
        if not isinstance(value, int):
            return value
        shown = (Decimal(value) / 100).normalize()
        return formats.localize_input(Decimal(f"{shown:f}"))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removesuffix("%").strip().replace(",", ".")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else int(percent * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class MonthInput(forms.TextInput):
    input_type = "month"


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class LinesField(forms.CharField):
    """A short list, one text a line; empty lines are left out."""

    def __init__(self, *, line_length: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)
        self.line_length = line_length

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        for line in value:
            if len(line) > self.line_length:
                raise forms.ValidationError(
                    _("At most %(limit)d characters a line: “%(line)s…”"),
                    params={"limit": self.line_length, "line": line[:30]},
                )

    def run_validators(self, value: Any) -> None:
        """`validate` has looked at each line already."""
