"""A form that starts from a pattern: chosen in the address, or on the form itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from actionplans.pattern_forms import StartFrom
from actionplans.patterns import fill_in, patterns_of
from journeys.models import Programme


def start_from(
    request: HttpRequest, programme: Programme, *, untouched: str = ""
) -> tuple[StartFrom, dict[str, Any] | None]:
    """The choice of patterns, and what the form then holds; None where no pattern is taken.

    A POST with `step` = pattern only fills in: nothing that was typed is lost, and nothing is made.
    """
    patterns = patterns_of(programme)
    is_asked = request.method == "POST" and request.POST.get("step") == "pattern"
    given = request.POST if is_asked else request.GET
    key = given.get("pattern", "")
    form = StartFrom({"pattern": key}, patterns=patterns)
    if not is_asked and (request.method == "POST" or not key):
        return form, None
    typed = {name: value for name, value in given.items() if name not in ("pattern", "step")}
    chosen = next((one for one in patterns if one.key == key), None)
    if chosen is None:
        return form, typed
    return form, fill_in(typed, chosen, language=programme.language, untouched=untouched)
