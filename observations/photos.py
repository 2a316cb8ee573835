"""Photos: what a manifest names, what has arrived of it, and the bytes as they come."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models.fields.files import FieldFile

from observations.documents import PHOTO_TYPES, Submission
from observations.models import Media, Observation, Revision
from observations.photo_metadata import without_origin


class NotAnnounced(Exception):
    """The current manifest names no photo of this id."""


class OtherBytes(Exception):
    """These are not the bytes that the manifest announced."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo of a manifest: whether its bytes are here, and whether a page can show them."""

    id: str
    has_arrived: bool
    is_picture: bool


def photos_of(revision: Revision) -> dict[str, list[Shown]]:
    """As the revision's own manifest names them, by interaction; "" has those of none."""
    items = revision.details.get("media") or []
    if not items:
        return {}
    arrived = {
        (str(one), sha256)
        for one, sha256 in Media.objects.filter(observation=revision.observation_id)
        .exclude(file="")
        .values_list("uuid", "sha256")
    }
    found: dict[str, list[Shown]] = {}
    for item in items:
        one = str(uuid.UUID(item["id"]))
        shown = Shown(one, (one, item["sha256"]) in arrived, item["type"] in PHOTO_TYPES)
        found.setdefault(item.get("interaction") or "", []).append(shown)
    return found


def pictures_among(revisions: Collection[Revision]) -> dict[int, list[str]]:
    """The ids of those that have arrived and that a page can show, by observation."""
    named = {
        (revision.observation_id, str(uuid.UUID(item["id"])), item["sha256"])
        for revision in revisions
        for item in revision.details.get("media") or []
        if item["type"] in PHOTO_TYPES
    }
    if not named:
        return {}
    arrived = (
        Media.objects.filter(observation__in={one for one, _id, _sha256 in named})
        .exclude(file="")
        .order_by("pk")
        .values_list("observation", "uuid", "sha256")
    )
    found: dict[int, list[str]] = {}
    for observation, medium, sha256 in arrived:
        if (observation, str(medium), sha256) in named:
            found.setdefault(observation, []).append(str(medium))
    return found


@transaction.atomic
def receive_photo(*, observation: Observation, medium: uuid.UUID, content: bytes) -> bool:
    """True where they are stored now, for good; the same bytes again change nothing.

    The observation is locked before the photo, as by a correction: one waits for the other.
    Raises NotAnnounced or OtherBytes.
    """
    Observation.objects.select_for_update().get(pk=observation.pk)
    named = Media.objects.select_for_update().filter(observation=observation, uuid=medium).first()
    if named is None:
        raise NotAnnounced(medium)
    if hashlib.sha256(content).hexdigest() != named.sha256 or len(content) != named.size:
        raise OtherBytes(medium)
    if named.file:
        return False
    # Named by the hash of what was announced: the same photo twice is one file's content, never a
    # clash. What is stored tells no place, by whichever way it came.
    named.file.save(named.sha256, ContentFile(without_origin(content)))
    _settle_on_disk(named.file)
    return True


def _settle_on_disk(file: FieldFile) -> None:
    """The file and its name in its folder: the sender deletes its own once it has our answer."""
    try:
        path = Path(file.path)
    except NotImplementedError:  # a storage without a disk of ours
        return
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def receive_photo_at(*, rows: Iterable[Observation], medium: uuid.UUID, content: bytes) -> None:
    """At each of them that waits for these bytes. Raises NotAnnounced or OtherBytes where none does."""
    refusal: NotAnnounced | OtherBytes | None = None
    taken = False
    for row in rows:
        try:
            receive_photo(observation=row, medium=medium, content=content)
            taken = True
        except OtherBytes as other:
            refusal = other
        except NotAnnounced as unknown:
            refusal = refusal or unknown
    if refusal is not None and not taken:
        raise refusal


def drop_photos(row: Observation, submission: Submission) -> None:
    """Photos still to come, and those whose bytes the new manifest replaces, of a locked row.

    What has arrived stays where the new manifest names it, and where only a former one does. Bytes
    that are replaced stay on the disk, under their hash.
    """
    wanted = {uuid.UUID(item["id"]): item for item in submission.media}
    for photo in Media.objects.filter(observation=row):
        item = wanted.get(photo.uuid)
        if not photo.file or (item and item["sha256"] != photo.sha256):
            photo.delete()
        elif item and photo.interaction != (item.get("interaction") or ""):
            photo.interaction = item.get("interaction") or ""
            photo.save(update_fields=["interaction"])


def missing_media(row: Observation) -> list[str]:
    """Ids of the manifest whose bytes have not arrived."""
    return [str(medium.uuid) for medium in row.media.all() if not medium.file]


def missing_now(row: Observation) -> list[str]:
    """The same, asked anew."""
    return [str(m.uuid) for m in Media.objects.filter(observation=row, file="").order_by("pk")]
