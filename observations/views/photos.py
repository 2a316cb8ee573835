"""The bytes of a photo, for who may see its observation."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from journeys.access import enter
from journeys.rights import Right
from observations.documents import PHOTO_TYPES
from observations.models import Media
from observations.views.reading import visible


@login_required
@require_GET
def observation_photo(
    request: HttpRequest, slug: str, one: uuid.UUID, medium: uuid.UUID
) -> HttpResponse:
    """As a picture where its type is one of ours; whatever else was announced is a download.

    The type is what the sender said: a browser must not guess, run or frame what it holds.
    """
    access = enter(request, slug, see=Right.SEE_OBSERVATIONS)
    row = visible(access, one)
    photo = get_object_or_404(Media.objects.exclude(file=""), observation=row, uuid=medium)
    ending = PHOTO_TYPES.get(photo.type)
    try:
        with photo.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Http404 from error
    answer = HttpResponse(
        content, content_type=photo.type if ending else "application/octet-stream"
    )
    name = f"{photo.uuid}.{ending or 'bin'}"
    answer["Content-Disposition"] = f'{"inline" if ending else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private"
    return answer
