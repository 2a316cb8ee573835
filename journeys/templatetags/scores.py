"""How score points are printed: with a true minus sign, which is not read as a dash."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def whole_score(value: float) -> str:
    """Whole points, 0 without a sign."""
    whole = round(value)
    return str(whole) if whole >= 0 else f"\N{MINUS SIGN}{-whole}"
