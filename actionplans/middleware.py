"""Phones of a workshop ask for news twice a second, and mostly there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from actionplans.workshop_cookie import has_news, phone_of

# The address of the changing part of a phone's page (`actionplans:room-screen`).
SCREEN: Final = "/w/room/screen/"


class NoNewsMiddleware:
    """304 before sessions, languages, addresses and the database are looked at.

    It says nothing but that the phone is up to date, and only to a phone with a cookie of ours. Every
    other answer is the view's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == SCREEN and request.method == "GET":
            held = request.headers.get("If-None-Match", "")
            phone = phone_of(request) if held else None
            if phone is not None and not has_news(held, phone):
                return HttpResponse(status=304, headers={"ETag": held, "Cache-Control": "no-store"})
        return self.get_response(request)
