"""Numbers that people type with decimals and that are kept as whole numbers: money, days."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import formats


class ScaledField(forms.DecimalField):
    """Shown and typed with decimals, comma or point; its value is a whole number of `1 / scale`."""

    scale: int
    digits: int
    most: int

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        kwargs.setdefault("min_value", 0)
        super().__init__(max_value=self.most, decimal_places=self.digits, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        shown = Decimal(value) / self.scale
        places = self.digits if shown % 1 else 0
        return formats.localize_input(Decimal(f"{shown:.{places}f}"))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return None if number is None else int(number * self.scale)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except forms.ValidationError:
            return True


class DaysField(ScaledField):
    """Person-days, kept in tenths."""

    scale, digits, most = 10, 1, 100_000


class MoneyField(ScaledField):
    """Kept in cents."""

    scale, digits, most = 100, 2, 1_000_000_000
