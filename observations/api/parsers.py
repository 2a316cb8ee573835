"""JSON as the API takes it: not so deep that reading it breaks the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MAX_DEPTH = 20


class ShallowJSONParser(JSONParser):
    """400 for JSON nested deeper than any observation is."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            document = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deep.")) from error
        if is_deeper(document, MAX_DEPTH):
            raise ParseError(_("This JSON is nested too deep."))
        return document


def is_deeper(document: Any, depth: int) -> bool:
    """Whether it is nested deeper than `depth`; without recursion."""
    level = [document]
    for _level in range(depth):
        level = [
            part
            for one in level
            if isinstance(one, (dict, list))
            for part in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
