"""The bytes of photos named in a manifest, as a tablet sends them or a lead brings them."""

from __future__ import annotations

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.db import transaction

from observations.models import Media, Observation


class NotAnnounced(Exception):
    """The current manifest names no photo of this id."""


class OtherBytes(Exception):
    """These are not the bytes that the manifest announced."""


@transaction.atomic
def receive_photo(*, observation: Observation, medium: uuid.UUID, content: bytes) -> bool:
    """True where they are stored now; the same bytes again change nothing.

    Raises NotAnnounced or OtherBytes.
    """
    named = Media.objects.select_for_update().filter(observation=observation, uuid=medium).first()
    if named is None:
        raise NotAnnounced(medium)
    if hashlib.sha256(content).hexdigest() != named.sha256 or len(content) != named.size:
        raise OtherBytes(medium)
    if named.file:
        return False
    # Named by its hash: the same photo twice is one file's content, never a clash.
    named.file.save(named.sha256, ContentFile(content))
    return True
