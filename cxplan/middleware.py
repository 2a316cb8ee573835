"""What no address and no form of the site can mean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.utils.translation import gettext as _

from journeys.plain_text import UNWRITABLE, plain_text


class NoNullCharacterMiddleware:
    """400 for a NUL in path or query: no name holds one, and PostgreSQL refuses to look for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(_("This address holds a character that no name has."))
        return self.get_response(request)


class PlainTextMiddleware:
    """What was pasted into a form arrives as text that documents can hold, whichever form it is.

    Passwords are nobody's text to change, and the API's documents are kept as they were sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: object
    ) -> None:
        """After the CSRF check, which reads the form first and answers for one that can't be read."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = _plain(request.POST)  # type: ignore[assignment]


def _plain(form: QueryDict) -> QueryDict:
    if not any(UNWRITABLE.search(text) for _name, texts in form.lists() for text in texts):
        return form
    plain = form.copy()
    for name, texts in form.lists():
        if "password" not in name:
            plain.setlist(name, [plain_text(text) for text in texts])
    return plain
