"""Text without what XML 1.0 can't hold: a slide, a sheet or a drawing with it is broken as a whole.

It comes in with what people paste. A NUL and half a surrogate pair are no matter of this: every door
refuses them, and no database holds them.
"""

from __future__ import annotations

import re
from typing import Any, Final

UNWRITABLE: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BREAKS: Final = "\x0b\x0c"


def plain_text(text: str) -> str:
    """Presentations break a line with a vertical tab: that and a form feed become a space."""
    return UNWRITABLE.sub(lambda found: " " if found[0] in _BREAKS else "", text)


def plain_values(value: Any) -> Any:
    """`plain_text` for each text of a JSON document; its keys stay as they are."""
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, dict):
        return {key: plain_values(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain_values(part) for part in value]
    return value
