"""One answer for a page and for htmx: the fragment is the part of the page that changes.

`journeys/perimeter.html` includes `journeys/_perimeter.html`; htmx gets the second alone. A valid
POST always answers 302 to the page that shows the result: a browser follows it to the whole page,
htmx follows it to the fragment. An invalid form answers 422, a stale one 409, with what was typed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page `template` ("journeys/perimeter"), or its fragment where htmx asks."""
    app, page = template.split("/", 1)
    htmx: Any = getattr(request, "htmx", None)
    name = f"{app}/_{page}.html" if htmx and not htmx.boosted else f"{app}/{page}.html"
    answer = render(request, name, context, status=status)
    answer["Vary"] = "HX-Request, Cookie, Accept-Language"
    return answer


def form_status(form: forms.BaseForm) -> int:
    """200 for a fresh form, 422 for one with errors, 409 for one that another person overtook."""
    if getattr(form, "is_stale", False):
        return 409
    return 422 if form.errors else 200
