"""What the holder of a link sees: maps, read only, without an account.

An unknown, revoked or expired link and a map that is not in it all answer the same page. These
pages set no cookie but the session that remembers a password that fitted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from journeys.documents import TooManyDocuments, ask_for_document, count_printed_at_once
from journeys.forms.sharing import SharePasswordForm
from journeys.map_documents import grid_of_link, is_big, kind_of, printed
from journeys.models import Document, Journey, ShareLink
from journeys.pages import form_status
from journeys.sharing import (
    TooManyTries,
    maps_of,
    note_opening,
    open_link,
    password_fits,
)
from journeys.views.documents import file_answer
from journeys.views.map_documents import download, language_asked

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
        "map": grid_of_link(journey, link),
        "as_table": request.GET.get("view") == "table",
    }
    return render(request, "journeys/shared_map.html", context)


@require_GET
@_for_readers
def shared_map_pdf(request: HttpRequest, link: ShareLink, key: str) -> HttpResponse:
    return _document(request, link, key, "pdf")


@require_GET
@_for_readers
def shared_map_png(request: HttpRequest, link: ShareLink, key: str) -> HttpResponse:
    return _document(request, link, key, "png")


@require_GET
@_for_readers
def shared_document(request: HttpRequest, link: ShareLink, pk: UUID) -> HttpResponse:
    """A large map in the making; the page loads itself again, since it has no script."""
    document = _document_of(request, link, pk)
    if document is None:
        return _closed(request)
    context = {"link": link, "document": document, "file_url": "file/"}
    page = render(request, "journeys/shared_document.html", context)
    if document.is_unfinished:
        page["Refresh"] = "2"
    return page


@require_GET
@_for_readers
def shared_document_file(request: HttpRequest, link: ShareLink, pk: UUID) -> HttpResponse:
    document = _document_of(request, link, pk)
    try:
        return _closed(request) if document is None else file_answer(document)  # type: ignore[return-value]
    except Http404:
        return _closed(request)


def _document_of(request: HttpRequest, link: ShareLink, pk: UUID) -> Document | None:
    """None too where the password has not been told: whoever asked for it has told it."""
    if not _is_unlocked(request, link):
        return None
    return link.documents.filter(pk=pk).first()


def _document(request: HttpRequest, link: ShareLink, key: str, extension: str) -> HttpResponse:
    if not _is_unlocked(request, link):
        return redirect(_beside(request, "../"))
    journey = _map_at(link, key)
    if journey is None:
        return _closed(request)
    try:
        if not is_big(journey):
            count_printed_at_once(link)
            return download(printed(journey, grid_of_link(journey, link), extension))
        document = ask_for_document(
            programme=link.programme,
            kind=kind_of(extension),
            parameters={"journey": journey.pk},
            # From the document's page, so that the link's secret is not kept.
            origin=f"../../{journey.key}/?language={translation.get_language()}",
            link=link,
        )
    except TooManyDocuments:
        return render(request, "journeys/shared_busy.html", status=429)
    document.refresh_from_db()
    is_ready = document.state == Document.State.READY
    ending = "file/" if is_ready else ""
    return redirect(_beside(request, f"../documents/{document.pk}/{ending}"))


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
