"""The map to print or to paste: one A3 PDF, one PNG."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.map_grid import map_of
from journeys.map_printing import map_pdf, map_png
from journeys.models import Journey
from journeys.rights import Right

KINDS = {"pdf": "application/pdf", "png": "image/png"}


@login_required
@require_GET
def journey_map_pdf(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """All lanes that this person sees, in the language they read or in that of `?language=`."""
    return _document(request, slug, key, map_pdf, "pdf")


@login_required
@require_GET
def journey_map_png(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    return _document(request, slug, key, map_png, "png")


def language_asked(request: HttpRequest) -> str | None:
    """That of `?language=` where the app speaks it, else that of the moment."""
    asked = request.GET.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language()


def document_answer(content: bytes, journey: Journey, kind: str) -> HttpResponse:
    name = f"{slugify(journey.name)[:60] or 'map'}.{kind}"
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _document(
    request: HttpRequest, slug: str, key: str, make: Callable[..., bytes], kind: str
) -> HttpResponse:
    access = enter(request, slug, see=Right.SEE_METHOD)
    journey = get_object_or_404(Journey.objects.for_map(), programme=access.programme, key=key)
    with translation.override(language_asked(request)):
        return document_answer(make(journey, map_of(journey, access)), journey, kind)
