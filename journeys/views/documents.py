"""A document in the making: its page with a bar, and the file for whoever asked for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.documents import may_still_read
from journeys.models import Document
from journeys.pages import show


def go_to_document(document: Document) -> HttpResponse:
    """Its page; where it has been made at once, the file itself."""
    document.refresh_from_db()
    is_ready = document.state == Document.State.READY
    name = "journeys:document-file" if is_ready else "journeys:document-detail"
    return redirect(name, document.programme.slug, document.pk)


@login_required
@require_GET
@never_cache
def document_detail(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Asks again every second until the file is there."""
    document = _own(request, slug, pk)
    args = [slug, document.pk]
    context = {
        "document": document,
        "document_url": reverse("journeys:document-detail", args=args),
        "file_url": reverse("journeys:document-file", args=args),
    }
    return show(request, "journeys/document_detail", context)


@login_required
@require_GET
def document_file(request: HttpRequest, slug: str, pk: UUID) -> HttpResponseBase:
    return file_answer(_own(request, slug, pk))


def file_answer(document: Document) -> FileResponse:
    """404 while it is not there, and once it is gone."""
    if document.state != Document.State.READY:
        raise Http404
    try:
        content = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=document.file_name,
        content_type=document.content_type,
        headers={"Cache-Control": "private, no-store"},
    )


def _own(request: HttpRequest, slug: str, pk: UUID) -> Document:
    """What somebody asked for holds what they may see: theirs alone, and while they may see it."""
    access = enter(request, slug)
    own = access.programme.documents.filter(asked_by=access.user).select_related("programme")
    found: Document = get_object_or_404(own, pk=pk)
    if not may_still_read(found, access):
        raise Http404
    return found
