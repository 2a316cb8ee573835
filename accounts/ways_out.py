"""The way out of letters without logging in: a signed token is the proof.

A GET only asks, because mail programs look at links before people do; a POST, which they send in one
click (RFC 8058), takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.letters import in_language_of
from accounts.models import User


@dataclass(frozen=True, slots=True)
class WayOut:
    """Whose letters end, in whose words (`language` where they chose none), and what they were about."""

    person: User
    language: str
    subheading: str
    names: Sequence[Any]
    settings_url: str
    take: Callable[[], object]


def link_out(url_name: str, told: Any) -> str:
    """It never expires: a letter may be read years later."""
    token = signing.dumps(told, salt=_salt(url_name))
    return settings.SITE_URL + reverse(url_name, args=[token])


def told_by(url_name: str, token: str) -> Any:
    """None for a token that was not signed here, or for another way out."""
    try:
        return signing.loads(token, salt=_salt(url_name))
    except signing.BadSignature:
        return None


def _salt(url_name: str) -> str:
    return url_name.replace(":", ".")


def answer(request: HttpRequest, way: WayOut) -> HttpResponse:
    if request.method == "POST":
        way.take()
    with in_language_of(way.person, way.language):
        context = {"way": way, "is_done": request.method == "POST"}
        page = render(request, "accounts/way_out.html", context)
    page["Content-Language"] = way.person.language or way.language
    return page
