"""The icons under which the field app stands on a home screen, drawn from our own SVG."""

from __future__ import annotations

from functools import lru_cache

import resvg_py

from observations.field_app import ICON, content_of

# What phones and tablets ask for; Apple's is 180.
SIZES = (180, 192, 512)
_ROUNDED = 'rx="7" '


@lru_cache(maxsize=len(SIZES))
def icon_png(size: int) -> bytes:
    """Square to the edge, because each system cuts its own corners."""
    drawing = content_of(ICON).decode()
    assert _ROUNDED in drawing, "the corners of the icon are no longer where they were"
    square = drawing.replace(_ROUNDED, "")
    return bytes(resvg_py.svg_to_bytes(svg_string=square, width=size, height=size))
