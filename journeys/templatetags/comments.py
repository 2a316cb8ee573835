"""The speech bubble beside a stage or a touchpoint, and comments with their mentions marked."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from journeys.commenting import Bubbles, split_at_names
from journeys.models import Comment

register = template.Library()


@register.inclusion_tag("journeys/_map_bubble.html")
def bubble(bubbles: Bubbles | str | None, part: str, row: int, name: str) -> dict[str, Any]:
    """Nothing where the page was given no bubbles: documents and shared links draw none.

    The address is relative to that of the map, on which alone bubbles stand.
    """
    if not isinstance(bubbles, Bubbles):
        return {"shown": False}
    return {
        "shown": True,
        "part": part,
        "row": row,
        "name": name,
        "count": bubbles.at(part, row),
        "address": f"comments/{part}/{row}/",
    }


@register.filter
def with_mentions(comment: Comment) -> SafeString:
    """The text, escaped, with the names of those it mentions marked."""
    people = [mention.person for mention in comment.mentions.all()]
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<b class='mention'>{}</b>", piece) if is_name else piece,)
            for piece, is_name in split_at_names(comment.text, people)
        ),
    )
