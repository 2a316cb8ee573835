"""Shares are stored in basis points and read in %."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils import formats

register = template.Library()


@register.filter
def percent(basis_points: int | None) -> str:
    """1250 is "12.5", in the reader's own decimal mark; the sign stands in the translated text."""
    if basis_points is None:
        return ""
    shown = (Decimal(basis_points) / 100).normalize()
    return formats.localize(Decimal(f"{shown:f}"))


@register.filter
def key_in(row: Any, panel: Any) -> str:
    """What names the row in an address: its key, or a location's code."""
    return str(getattr(row, panel.form.key_field))
