"""Points and scores as people read them: signed, in the reader's own decimal mark."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils import formats

register = template.Library()


@register.filter
def signed(points: int | None) -> str:
    """3 is "+3", 0 is "0"."""
    if points is None:
        return ""
    return f"{points:+d}" if points else "0"


@register.filter
def score(value: Fraction | None) -> str:
    """50/3 is "+16.7": rounded half-even, once, here."""
    if value is None:
        return ""
    tenths = Decimal(round(value * 10)) / 10
    shown = f"{abs(tenths):.1f}".removesuffix(".0")
    shown = shown.replace(".", formats.get_format("DECIMAL_SEPARATOR"))
    return f"+{shown}" if tenths > 0 else f"-{shown}" if tenths < 0 else shown


@register.filter
def side(points: int) -> str:
    """The CSS class of a level."""
    return "plus" if points > 0 else "minus" if points < 0 else "zero"
