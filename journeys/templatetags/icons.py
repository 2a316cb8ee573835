# ruff: noqa: E501  # path data does not wrap
"""`{% icon "mobile_app" %}`: an inline SVG drawn with the colour of the words around it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Drawn on 16 x 16 with round strokes of 1.5. The first seven are the channel families of R32.
_SHAPES: dict[str, str] = {
    "face_to_face": '<path d="M2 6.5 3 3h10l1 3.5M3 7.5V13h10V7.5M2 6.5a2 2 0 0 0 4 0 2 2 0 0 0 4 0 2 2 0 0 0 4 0M6.5 13v-3h3v3"/>',
    "call_centre": '<path d="M3 2.5h2.5l1.2 3-1.6 1.2a7.5 7.5 0 0 0 4.2 4.2l1.2-1.6 3 1.2V13a1 1 0 0 1-1 1A10.5 10.5 0 0 1 2 3.5a1 1 0 0 1 1-1Z"/>',
    "online": '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 1.8 2.6 3.8 2.6 6S10 12.2 8 14c-2-1.8-2.6-3.8-2.6-6S6 3.8 8 2Z"/>',
    "social_media": '<circle cx="12" cy="3.8" r="1.8"/><circle cx="4" cy="8" r="1.8"/><circle cx="12" cy="12.2" r="1.8"/><path d="m5.6 7.2 4.8-2.6M5.6 8.8l4.8 2.6"/>',
    "mobile_app": '<rect x="4.5" y="1.5" width="7" height="13" rx="1.5"/><path d="M7.2 12.2h1.6"/>',
    "correspondence": '<rect x="2" y="3.5" width="12" height="9" rx="1.2"/><path d="m2.5 4.5 5.5 4.5 5.5-4.5"/>',
    "video": '<rect x="1.5" y="4" width="9" height="8" rx="1.5"/><path d="m10.5 7.2 4-2.2v6l-4-2.2"/>',
    "push": '<path d="M2.5 8h10M9 4.5 12.5 8 9 11.5"/>',
    "pull": '<path d="M13.5 8h-10M7 4.5 3.5 8 7 11.5"/>',
    "loop": '<path d="M3 7a5 5 0 1 1 .8 4M3 3.5V7h3.5"/>',
    "undo": '<path d="M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7"/>',
    "redo": '<path d="m10.5 3 3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8H9"/>',
    "check": '<path d="m3.5 8.5 3 3 6-7"/>',
    "chevron": '<path d="m4.5 6.5 3.5 3.5 3.5-3.5"/>',
    "back": '<path d="M13 8H3.5M7 4.5 3.5 8 7 11.5"/>',
    "gauge": '<path d="M2.5 11.5a5.8 5.8 0 1 1 11 0M8 10l2.8-3.8"/>',
    "comment": '<path d="M2.5 3.5h11v7h-6l-3 3v-3h-2z"/>',
    "plus": '<path d="M8 3v10M3 8h10"/>',
    "open": '<path d="M9.5 2.5h4V6.5M13.2 2.8 8 8M6.5 4H3v9h9V9.5"/>',
    "pencil": '<path d="m3 13 .7-2.9 7-7 2.2 2.2-7 7L3 13Z"/>',
    "print": '<path d="M4.5 6V2.5h7V6M4.5 11.5H3a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v3.5a1 1 0 0 1-1 1h-1.5M4.5 9.5h7v4h-7z"/>',
    "download": '<path d="M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10"/>',
    "share": '<path d="M6.5 9.5 9.5 6.5M7.5 4.8l1.6-1.6a2.6 2.6 0 0 1 3.7 3.7l-1.6 1.6M8.5 11.2l-1.6 1.6a2.6 2.6 0 0 1-3.7-3.7l1.6-1.6"/>',
    "person": '<circle cx="8" cy="5" r="2.7"/><path d="M2.8 14a5.2 5.2 0 0 1 10.4 0"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Decoration only: the words stand beside it. Raises KeyError for a name that is not drawn."""
    if not name:
        return SafeString("")
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>',
        mark_safe(_SHAPES[name]),  # noqa: S308  # ours, above
    )


def drawing_of(name: str) -> str:
    """The icon as a picture of its own, for documents; its strokes are `currentColor`."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16"'
        ' fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round"'
        f' stroke-linejoin="round">{_SHAPES[name]}</svg>'
    )
