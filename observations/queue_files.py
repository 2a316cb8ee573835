"""The last resort: a tablet's queue as a file, brought by a lead through the same door.

`{"format": "cxplan.queue", "version": 1, "device": {"id", "name"}, "programme": slug,
"exported_at": iso, "observations": [documents], "media": [{"id", "observation", "type", "sha256",
"data": base64}]}`. Who observed stays as sealed in each document; who brought it is the lead.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.api.parsers import MAX_DEPTH, is_deeper
from observations.documents import FieldError, uuid_of
from observations.intake import Outcome, submit_observations
from observations.models import Device, Observation
from observations.ownership import may_change
from observations.photos import NotAnnounced, OtherBytes, receive_photo

FORMAT: Final = "cxplan.queue"
VERSION: Final = 1
MAX_FILE_BYTES: Final = 100 * 1024 * 1024
MAX_ITEMS: Final = 5000  # observations, and photos
BATCH: Final = 100


class BadFile(Exception):
    """Nothing of the file can be taken; `errors` says where and why."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class QueueFile:
    device: Device | None
    documents: Sequence[Any]
    media: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Photo:
    """What became of a photo: "stored", "unchanged" or "refused", with the reasons."""

    path: str
    id: str
    status: str
    errors: list[FieldError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Brought:
    """In the order of the file."""

    outcomes: list[Outcome]
    photos: list[Photo]


def read_queue_file(raw: bytes, *, programme: Programme) -> QueueFile:
    """The file's own shape; what its documents say is the door's business. Raises BadFile."""
    try:
        content = json.loads(raw)
    except RecursionError as error:
        raise BadFile([_error("/", _("This JSON is nested too deep."))]) from error
    except UnicodeDecodeError as error:
        raise BadFile([_error("/", _("This is no JSON file."))]) from error
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        detail = _("This is no JSON from line %(line)d, column %(column)d on.") % place
        raise BadFile([_error("/", detail)]) from error
    if is_deeper(content, MAX_DEPTH):
        raise BadFile([_error("/", _("This JSON is nested too deep."))])
    if errors := list(_find_errors(content, programme)):
        raise BadFile(errors)
    named = content.get("device")
    one = uuid_of(named)
    device = Device.objects.filter(programme=programme, uuid=one).first() if one else None
    return QueueFile(device, content["observations"], content.get("media") or [])


def _find_errors(content: Any, programme: Programme) -> Iterator[FieldError]:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        yield _error("/format", _("This is not the queue of a tablet: “cxplan.queue” is missing."))
        return
    if content.get("version") != VERSION:
        yield _error("/version", _("Only version 1 of this file can be read."))
        return
    if content.get("programme") != programme.slug:
        yield _error("/programme", _other_programme(content.get("programme"), programme))
    for key in ("observations", "media"):
        rows = content.get(key, [] if key == "media" else None)
        if not isinstance(rows, list):
            yield _error(f"/{key}", _("A list."))
        elif len(rows) > MAX_ITEMS:
            yield _error(f"/{key}", _("At most %(limit)d items a file.") % {"limit": MAX_ITEMS})


def _other_programme(named: Any, programme: Programme) -> str:
    return _(
        "This file belongs to the programme “%(other)s”, not to “%(this)s”: take it there."
    ) % {"other": str(named)[:60], "this": programme.slug}


def _error(path: str, detail: str) -> FieldError:
    return {"path": path, "detail": detail}


def bring_queue(*, queue: QueueFile, access: Access, user: User) -> Brought:
    """Each document, then each photo, on its own: one that is bad spoils no other.

    A batch is one transaction; whatever stops half-way, the file can be sent again.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(queue.documents), BATCH):
        outcomes += submit_observations(
            programme=access.programme,
            documents=queue.documents[start : start + BATCH],
            user=user,
            access=access,
            device=queue.device,
        )
    photos = [
        _bring_photo(access, item, f"/media/{index}") for index, item in enumerate(queue.media)
    ]
    return Brought(outcomes, photos)


def _bring_photo(access: Access, item: Any, path: str) -> Photo:
    one = uuid_of(item)
    shown = str(one) if one else path
    try:
        is_new = _store_photo(access, item, path)
    except BadFile as bad:
        return Photo(path, shown, "refused", bad.errors)
    return Photo(path, shown, "stored" if is_new else "unchanged")


def _store_photo(access: Access, item: Any, path: str) -> bool:
    """True where its bytes are new; raises BadFile with the reason for this photo."""
    one = uuid_of(item)
    if one is None or not isinstance(item, Mapping):
        raise BadFile([_error(path, _("A medium has an id, which is a UUID."))])
    content = _bytes_of(item, path)
    owner = uuid_of({"id": item.get("observation")})
    rows = Observation.objects.filter(programme=access.programme)
    row = rows.filter(uuid=owner).first() if owner else None
    if row is None or not may_change(access, row):
        detail = _("Its observation is not on the server.")
        raise BadFile([_error(f"{path}/observation", detail)])
    try:
        return receive_photo(observation=row, medium=one, content=content)
    except NotAnnounced as error:
        detail = _("Its observation names no such photo.")
        raise BadFile([_error(f"{path}/id", detail)]) from error
    except OtherBytes as error:
        detail = _("These are not the bytes of the manifest.")
        raise BadFile([_error(f"{path}/sha256", detail)]) from error


def _bytes_of(item: Mapping[str, Any], path: str) -> bytes:
    data = item.get("data")
    try:
        content = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError) as error:
        raise BadFile([_error(f"{path}/data", _("This is no base64."))]) from error
    if not content:
        raise BadFile([_error(f"{path}/data", _("This field is needed."))])
    if hashlib.sha256(content).hexdigest() != item.get("sha256"):
        detail = _("These bytes have another SHA-256: the file was damaged.")
        raise BadFile([_error(f"{path}/sha256", detail)])
    return content
