"""The field app's shell: public and the same for everybody, because it knows nobody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from observations.field_app import (
    ENTRY,
    ICON,
    SHELL_TEMPLATE,
    STYLE,
    modules,
    read_shell,
    static_address,
    words_json,
    worker_script,
)
from observations.field_icons import SIZES, icon_png

ACCENT = "#3f4fb5"
PAPER = "#f7f6f2"


def _never_stale(response: HttpResponse) -> HttpResponse:
    """Asked for again each time: the worker is what keeps the app for offline."""
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def field(request: HttpRequest) -> HttpResponse:
    context = {
        "build": read_shell()["build"],
        "style": static_address(STYLE),
        "entry": static_address(ENTRY),
        "icon": static_address(ICON),
        "modules": [static_address(path) for path in modules()],
    }
    return _never_stale(render(request, SHELL_TEMPLATE, context))


@require_GET
def field_service_worker(request: HttpRequest) -> HttpResponse:
    return _never_stale(HttpResponse(worker_script(), content_type="text/javascript"))


@require_GET
def field_manifest(request: HttpRequest) -> HttpResponse:
    def icon(size: int, purpose: str) -> dict[str, Any]:
        address = reverse("observations:field-icon", args=[size])
        return {
            "src": address,
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }

    scope = reverse("observations:field")
    manifest = {
        "id": scope,
        "name": _("cxplan in the field"),
        "short_name": "cxplan",
        "description": _("Observations by tablet, with or without a network"),
        "lang": request.LANGUAGE_CODE,
        "start_url": scope,
        "scope": scope,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": [icon(192, "any"), icon(512, "any"), icon(512, "maskable")],
    }
    answer = JsonResponse(manifest, content_type="application/manifest+json")
    answer["Vary"] = "Accept-Language, Cookie"
    return _never_stale(answer)


@require_GET
def field_words(request: HttpRequest, language: str) -> HttpResponse:
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return _never_stale(HttpResponse(words_json(language), content_type="application/json"))


@require_GET
def field_icon(request: HttpRequest, size: int) -> HttpResponse:
    if size not in SIZES:
        raise Http404
    headers = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(icon_png(size), content_type="image/png", headers=headers)
