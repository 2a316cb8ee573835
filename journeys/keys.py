"""Keys made from names: readable in addresses, bundles and exports, unique in their scope."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.text import slugify

# In addresses, `wave=all` is all months together.
NO_WAVE_KEYS: Final = frozenset({"all"})


def free_key(name: str, taken: Collection[str], *, max_length: int = 40) -> str:
    """`name` as a key that is not `taken`: "Checkout" is checkout, then checkout-2, checkout-3."""
    stem = slugify(name)[:max_length].strip("-_") or "x"
    key, number = stem, 1
    while key in taken:
        number += 1
        ending = f"-{number}"
        key = stem[: max_length - len(ending)].rstrip("-_") + ending
    return key
