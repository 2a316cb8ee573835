"""What the holder of a link sees: maps, read only, without an account.

An unknown, revoked or expired link and a map that is not in it all answer the same page. These
pages set no cookie but the session that remembers a password that fitted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from journeys.forms.sharing import SharePasswordForm
from journeys.map_grid import map_of
from journeys.map_printing import map_pdf, map_png
from journeys.models import Journey, ShareLink
from journeys.pages import form_status
from journeys.sharing import (
    TooManyTries,
    access_of_link,
    lanes_shown,
    maps_of,
    note_opening,
    open_link,
    password_fits,
)
from journeys.views.map_documents import document_answer, language_asked

OPENED: Final = "opened_share_links"

P = ParamSpec("P")
LinkView = Callable[Concatenate[HttpRequest, ShareLink, P], HttpResponse]
TokenView = Callable[Concatenate[HttpRequest, str, P], HttpResponse]


def _for_readers(view: LinkView[P]) -> TokenView[P]:
    """Finds the link, speaks the language asked for, and keeps the address to itself."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        known = language_asked(request)
        with translation.override(known):
            link = open_link(token)
            page = _closed(request) if link is None else view(request, link, *args, **kwargs)
        page["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        page["Referrer-Policy"] = "no-referrer"
        page["Content-Language"] = known or settings.LANGUAGE_CODE
        return page

    return cast("TokenView[P]", never_cache(answer))


# No token against forged requests: its cookie would be one more, and a page without a referrer
# sends an Origin that Django refuses. Forging this form opens a map in the reader's own browser.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@_for_readers
def shared(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The maps of a link, or its only one; before these the password, where there is one."""
    if request.method == "POST" and not _is_unlocked(request, link):
        return _try_password(request, link)
    if request.method == "POST":
        return redirect(request.get_full_path())
    if not _is_unlocked(request, link):
        return _ask_password(request, SharePasswordForm())
    maps = list(maps_of(link))
    if not maps:
        return _closed(request)
    if len(maps) == 1:
        return redirect(_beside(request, f"{maps[0].key}/"))
    note_opening(link)
    return render(request, "journeys/shared.html", {"link": link, "maps": maps})


@require_GET
@_for_readers
def shared_map(request: HttpRequest, link: ShareLink, key: str) -> HttpResponse:
    """The map, or with `?view=table` the same cells as a table."""
    if not _is_unlocked(request, link):
        return redirect(_beside(request, "../"))
    journey = _map_at(link, key)
    if journey is None:
        return _closed(request)
    note_opening(link)
    context: dict[str, Any] = {
        "link": link,
        "token": request.resolver_match.kwargs["token"] if request.resolver_match else "",
        "journey": journey,
        "journeys": maps_of(link).only("key", "name"),
        "map": map_of(journey, access_of_link(link), lanes_shown(link)),
        "as_table": request.GET.get("view") == "table",
    }
    return render(request, "journeys/shared_map.html", context)


@require_GET
@_for_readers
def shared_map_pdf(request: HttpRequest, link: ShareLink, key: str) -> HttpResponse:
    return _document(request, link, key, map_pdf, "pdf")


@require_GET
@_for_readers
def shared_map_png(request: HttpRequest, link: ShareLink, key: str) -> HttpResponse:
    return _document(request, link, key, map_png, "png")


def _document(
    request: HttpRequest, link: ShareLink, key: str, make: Callable[..., bytes], kind: str
) -> HttpResponse:
    if not _is_unlocked(request, link):
        return redirect(_beside(request, "../"))
    journey = _map_at(link, key)
    if journey is None:
        return _closed(request)
    grid = map_of(journey, access_of_link(link), lanes_shown(link))
    return document_answer(make(journey, grid), journey, kind)


def _map_at(link: ShareLink, key: str) -> Journey | None:
    return Journey.objects.for_map().filter(pk__in=maps_of(link).values("pk"), key=key).first()


def _is_unlocked(request: HttpRequest, link: ShareLink) -> bool:
    return not link.password or link.pk in request.session.get(OPENED, [])


def _ask_password(request: HttpRequest, form: SharePasswordForm, status: int = 200) -> HttpResponse:
    return render(request, "journeys/shared_password.html", {"form": form}, status=status)


def _try_password(request: HttpRequest, link: ShareLink) -> HttpResponse:
    form = SharePasswordForm(request.POST)
    if not form.is_valid():
        return _ask_password(request, form, form_status(form))
    try:
        fits = password_fits(link, form.cleaned_data["password"])
    except TooManyTries:
        return render(request, "journeys/shared_wait.html", status=429)
    if not fits:
        form.add_error("password", translation.gettext("This is not the password of this link."))
        return _ask_password(request, form, form_status(form))
    request.session[OPENED] = [*request.session.get(OPENED, []), link.pk]
    return redirect(request.get_full_path())


def _beside(request: HttpRequest, way: str) -> str:
    """A way from here that keeps what was asked for, the language above all."""
    query = request.GET.urlencode()
    return f"{way}?{query}" if query else way


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "journeys/shared_closed.html", status=404)
