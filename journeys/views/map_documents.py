"""The map to print or to paste: one A3 PDF, one PNG."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.documents import MadeFile, ask_for_document
from journeys.map_documents import is_big, kind_of, printed
from journeys.map_grid import map_of
from journeys.models import Journey
from journeys.rights import Right
from journeys.views.documents import go_to_document


@login_required
@require_GET
def journey_map_pdf(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """All lanes that this person sees, in the language they read or in that of `?language=`."""
    return _document(request, slug, key, "pdf")


@login_required
@require_GET
def journey_map_png(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _document(request, slug, key, "png")


def language_asked(request: HttpRequest) -> str | None:
    """That of `?language=` where the app speaks it, else that of the moment."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()


def download(made: MadeFile) -> HttpResponse:
    return HttpResponse(
        made.content,
        content_type=made.content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{made.name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _document(request: HttpRequest, slug: str, key: str, extension: str) -> HttpResponse:
    """A large map takes seconds: a worker prints it, and the page of the document says how far."""
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(access.programme.journeys, key=key)
    with translation.override(language_asked(request)):
        if is_big(journey):
            document = ask_for_document(
                programme=access.programme,
                kind=kind_of(extension),
                parameters={"journey": journey.pk},
                origin=journey.get_absolute_url(),
                asked_by=access.user,
            )
            return go_to_document(document)
        journey = Journey.objects.for_map().get(pk=journey.pk)
        return download(printed(journey, map_of(journey, access), extension))
