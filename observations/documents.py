"""One observation as sent: checked field by field, before anything touches the database.

The document is that of the programme bundle and of the API. Errors are collected, all of them, each
with the JSON path of its place: `{"path": "/answers/i11", "detail": "..."}`.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.models import Method
from observations.guides import Guide, GuideBook
from scoring.scale import NA, NO, Answer

FieldError = dict[str, str]

# A NUL, or half a surrogate pair; and the same in compact JSON, where a NUL is escaped.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PERHAPS_UNSTORABLE = re.compile(r"\\u0000|[\ud800-\udfff]")

# Where RFC 8785 may differ from sorted compact JSON: fractions, integers of 16 digits and more, and
# characters that sort otherwise in UTF-16. Every number stands behind one of `:[,`.
_PERHAPS_OTHERWISE = re.compile(r"[:\[,]-?(?:\d{16}|\d+[.e])|NaN|Infinity|[\ud800-\U0010ffff]")

MAX_NOTE = 2000
MAX_COMMENT = 5000
MAX_MEDIA = 50
MAX_MEDIA_BYTES = 20 * 1024 * 1024
# What a browser may show: pictures that hold no script. {type: how its file is called}
PHOTO_TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}

REQUIRED = ("id", "journey", "framework_version", "method", "observed_at", "answers")
# Kept in the revision's details as they came.
DETAILS = ("notes", "comment", "media")
DEVICE = ("forked_from", "visit", "started_at", "duration_s", "device_time")


@dataclass(frozen=True, slots=True)
class Submission:
    """A document that may be stored: its references resolved, its hash taken."""

    id: uuid.UUID
    guide: Guide
    method: str
    location_id: int | None
    channel_id: int | None
    observed_at: datetime
    observer: str
    customer: str
    answers: dict[str, Answer]
    details: dict[str, Any]
    base_revision: int | None
    sha256: str

    @property
    def month(self) -> str:
        """The month of the date as written, with its own offset."""
        return f"{self.observed_at:%Y-%m}"

    @property
    def framework_id(self) -> int:
        return self.guide.framework_id

    @property
    def media(self) -> list[dict[str, Any]]:
        """The manifest of its photos."""
        return self.details.get("media") or []

    @property
    def visit_id(self) -> uuid.UUID | None:
        """The planned visit it names; a text that is no UUID stays in the details and names none."""
        return uuid_of({"id": self.details.get("visit")})

    @property
    def utc_offset(self) -> int:
        """Minutes east of UTC."""
        offset = self.observed_at.utcoffset()
        return int(offset.total_seconds() // 60) if offset else 0


class Refused(Exception):
    """The document can't be stored; `errors` says where and why."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


def canonical_sha256(document: Mapping[str, Any]) -> str:
    """SHA-256 of the RFC 8785 canonical JSON as sent, without `base_revision`.

    A document that has no canonical form (an integer beyond 2^53) is hashed as plain sorted JSON:
    it is going to quarantine, where the hash only tells copies apart.
    """
    content = {key: value for key, value in document.items() if key != "base_revision"}
    text = _compact(content)
    if not _PERHAPS_OTHERWISE.search(text):
        return hashlib.sha256(text.encode()).hexdigest()
    try:
        data = rfc8785.dumps(content)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        data = json.dumps(content, sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()


def _compact(value: Any) -> str:
    """What RFC 8785 writes, several times as fast, except where `_PERHAPS_OTHERWISE` finds a doubt."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def uuid_of(document: Any) -> uuid.UUID | None:
    """The document's own identifier, None where it has none that can be read."""
    if not isinstance(document, Mapping) or not isinstance(document.get("id"), str):
        return None
    try:
        return uuid.UUID(document["id"])
    except ValueError:
        return None


def guide_named(document: Any) -> tuple[str, int] | None:
    """The journey and version that a document names, where it names them properly."""
    if not isinstance(document, Mapping):
        return None
    journey, version = document.get("journey"), document.get("framework_version")
    if isinstance(journey, str) and isinstance(version, int) and _is_int(version):
        return None if _UNSTORABLE.search(journey) else (journey, version)
    return None


def short_text(document: Mapping[str, Any], field: str, limit: int) -> str:
    """What stands in a field where it is a short text that can be stored, else nothing."""
    value = document.get(field)
    if not isinstance(value, str) or len(value) > limit or _UNSTORABLE.search(value):
        return ""
    return value


def read_document(document: Mapping[str, Any], book: GuideBook) -> Submission:
    """The submission in `document`; raises Refused with every error found."""
    errors = list(_shape_errors(document)) or list(_content_errors(document, book))
    guide = None if errors else book.guide(document["journey"], document["framework_version"])
    if errors or guide is None:
        raise Refused(errors)
    code, channel = document.get("location"), document.get("channel")
    return Submission(
        id=uuid.UUID(document["id"]),
        guide=guide,
        method=document["method"],
        location_id=book.locations[code] if code is not None else None,
        channel_id=book.channels[channel] if channel is not None else None,
        observed_at=datetime.fromisoformat(document["observed_at"]),
        observer=document.get("observer") or "",
        customer=document.get("customer") or "",
        answers=dict(document["answers"]),
        details={key: document[key] for key in (*DETAILS, *DEVICE) if key in document},
        base_revision=document.get("base_revision"),
        sha256=canonical_sha256(document),
    )


def _error(path: str, detail: str) -> FieldError:
    """What can't be stored is escaped, because the path is going to be."""
    printable = _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", path)
    return {"path": printable, "detail": detail}


def _is_int(value: object) -> bool:
    """A whole number that every JSON reader keeps exactly."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_text(limit: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= limit


def _optional(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _shape_errors(document: Mapping[str, Any]) -> Iterator[FieldError]:
    """Missing, unknown and badly typed fields; text that no database can keep."""
    for key in REQUIRED:
        if key not in document:
            yield _error(f"/{key}", _("This field is needed."))
    for key, value in document.items():
        if key not in FIELDS:
            yield _error(f"/{key}", _("This field is not known."))
            continue
        check, wanted = FIELDS[key]
        if not check(value):
            yield _error(f"/{key}", str(wanted))
    if _PERHAPS_UNSTORABLE.search(_compact(document)):
        yield from _text_errors(document, "")


def _is_moment(value: object) -> bool:
    """An ISO 8601 date and time with its offset: without one, nobody knows which hour it was."""
    if not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    # The far ends of the calendar have no equivalent in UTC.
    return moment.utcoffset() is not None and 1000 <= moment.year < 9999


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


_MOMENT = gettext_lazy("A date and time with its offset, such as 2026-10-03T10:30:00+02:00.")
_TEXT = gettext_lazy("A short text.")
_UUID = gettext_lazy("A UUID.")
_NUMBER = gettext_lazy("A whole number.")

_METHODS = frozenset(Method.values)

# What each field must be, and the words for it.
FIELDS: dict[str, tuple[Callable[[Any], bool], str | Promise]] = {
    "id": (lambda value: uuid_of({"id": value}) is not None, _UUID),
    "journey": (_is_text(60), _TEXT),
    "framework_version": (_is_int, _NUMBER),
    "method": (
        lambda value: isinstance(value, str) and value in _METHODS,
        format_lazy(gettext_lazy("One of: {methods}."), methods=", ".join(Method.values)),
    ),
    "location": (_optional(_is_text(40)), gettext_lazy("The code of a location, or null.")),
    "channel": (_optional(_is_text(40)), gettext_lazy("The key of a channel, or null.")),
    "observed_at": (_is_moment, _MOMENT),
    "observer": (_optional(_is_text(40)), _TEXT),
    "customer": (_optional(_is_text(80)), _TEXT),
    "answers": (
        _is_object,
        gettext_lazy("An object: interaction key to points, “NA” or “NO”."),
    ),
    "notes": (_optional(_is_object), gettext_lazy("An object: interaction key to text.")),
    "comment": (
        _optional(_is_text(MAX_COMMENT)),
        format_lazy(gettext_lazy("A text of at most {limit} characters."), limit=MAX_COMMENT),
    ),
    "media": (
        _optional(lambda value: isinstance(value, list) and len(value) <= MAX_MEDIA),
        format_lazy(gettext_lazy("A list of at most {limit} media."), limit=MAX_MEDIA),
    ),
    "base_revision": (_optional(lambda value: _is_int(value) and value >= 1), _NUMBER),
    "forked_from": (_optional(lambda value: uuid_of({"id": value}) is not None), _UUID),
    "visit": (_optional(_is_text(80)), _TEXT),
    "started_at": (_optional(_is_moment), _MOMENT),
    "duration_s": (_optional(_is_int), _NUMBER),
    "device_time": (_optional(_is_moment), _MOMENT),
}


def _text_errors(value: Any, path: str) -> Iterator[FieldError]:
    """A NUL or half a surrogate pair, anywhere in the document."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            yield _error(path or "/", _("This text holds a character that can't be stored."))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _text_errors(key, path)
            yield from _text_errors(part, f"{path}/{key}")
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _text_errors(part, f"{path}/{index}")


def _content_errors(document: Mapping[str, Any], book: GuideBook) -> Iterator[FieldError]:
    """References and answers, once every field has its shape."""
    yield from _reference_errors(document, book)
    guide = book.guide(document["journey"], document["framework_version"])
    if guide is None:
        yield _guide_error(document, book)
        return
    if (guide.framework_id, document["method"]) in book.aggregated:
        detail = _("This method is already there as aggregated readings in this framework version.")
        yield _error("/method", detail)
    yield from _answer_errors(document["answers"], guide)
    for key, note in (document.get("notes") or {}).items():
        if key not in guide.items:
            yield _error(f"/notes/{key}", _("This interaction is not in the guide."))
        elif not isinstance(note, str) or len(note) > MAX_NOTE:
            wanted = _("A text of at most %(limit)d characters.") % {"limit": MAX_NOTE}
            yield _error(f"/notes/{key}", wanted)
    for index, item in enumerate(document.get("media") or []):
        yield from _media_errors(item, guide, f"/media/{index}")


def _reference_errors(document: Mapping[str, Any], book: GuideBook) -> Iterator[FieldError]:
    location, channel = document.get("location"), document.get("channel")
    if location is not None and location not in book.locations:
        yield _error("/location", _("No location of the programme has this code."))
    if channel is not None and channel not in book.channels:
        yield _error("/channel", _("No channel of the programme has this key."))


def _guide_error(document: Mapping[str, Any], book: GuideBook) -> FieldError:
    journey, version = document["journey"], document["framework_version"]
    if journey not in book.journeys:
        return _error("/journey", _("No journey of the programme has this key."))
    status = book.statuses.get((journey, version))
    if status is None:
        return _error("/framework_version", _("This journey has no such framework version."))
    if status == "draft":
        return _error("/framework_version", _("This framework version is not published yet."))
    return _error("/framework_version", _("This framework version is closed."))


def _answer_errors(answers: Mapping[str, Any], guide: Guide) -> Iterator[FieldError]:
    for key, answer in answers.items():
        item = guide.items.get(key)
        if item is None:
            yield _error(f"/answers/{key}", _("This interaction is not in the guide."))
        elif answer in (NA, NO) and isinstance(answer, str):
            continue
        elif not _is_int(answer) or answer not in item.points:
            levels = ", ".join(str(points) for points in item.points)
            wanted = _("One of its levels (%(levels)s), “NA” or “NO”.") % {"levels": levels}
            yield _error(f"/answers/{key}", wanted)


def _media_errors(item: Any, guide: Guide, path: str) -> Iterator[FieldError]:
    if not isinstance(item, dict) or uuid_of(item) is None:
        yield _error(path, _("A medium has an id, which is a UUID."))
        return
    named = item.get("interaction")
    if named is not None and (not isinstance(named, str) or named not in guide.items):
        yield _error(f"{path}/interaction", _("This interaction is not in the guide."))
    digest = item.get("sha256")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        yield _error(f"{path}/sha256", _("A SHA-256 in 64 hexadecimal digits."))
    if not _is_int(item.get("size")) or not 0 < item["size"] <= MAX_MEDIA_BYTES:
        yield _error(f"{path}/size", _("A size in bytes, of 20 MB at most."))
    if not isinstance(item.get("type"), str) or item["type"] not in PHOTO_TYPES:
        yield _error(f"{path}/type", _("One of image/jpeg, image/png and image/webp."))
