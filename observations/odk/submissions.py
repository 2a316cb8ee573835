"""Submissions as ODK Central (CSV) and KoboToolbox (JSON v2, CSV with XML names) export them."""

from __future__ import annotations

import csv
import io
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from journeys.models import Method
from observations.documents import MAX_MEDIA
from observations.odk.archive import Archive, BadPhoto
from observations.odk.names import ANSWER, NOTE, PHOTO, PLACE, answer_of, key_of

# The same for ever: an identifier made from it must come out the same at the next import.
NAMESPACE: Final = uuid.UUID("6f1d3a52-3f0a-5c1e-9d7b-2a64c7b0e5f1")
MAX_ROWS: Final = 5000
# What names a submission for good, the surest first: an edit gives a new instanceID.
IDENTIFIERS: Final = ("KEY", "rootUuid", "instanceID", "_uuid")


class Unreadable(Exception):
    """The file is not an export of submissions; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """One row of the file as a document for the door, or why it can't be one."""

    number: int
    document: dict[str, Any] = field(default_factory=dict)
    photos: int = 0
    problem: str = ""
    # Where the bytes of each photo of its manifest are: the file in the ZIP by the photo's id.
    files: dict[str, str] = field(default_factory=dict)
    photo_ids: tuple[str, ...] = ()
    # The identifiers it would have had with another method: what was sent once stays itself.
    others: tuple[str, ...] = ()


def read_submissions(
    content: bytes, programme: str, archive: Archive | None = None
) -> list[Submitted]:
    """Each row of the file, in order, with its photos where they are beside it; raises Unreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not UTF-8.")) from error
    rows = list(_json_rows(text) if text.lstrip()[:1] in ("{", "[") else _csv_rows(text))
    if len(rows) > MAX_ROWS:
        raise Unreadable(_("More than %(limit)d rows: split the file.") % {"limit": MAX_ROWS})
    return [_submitted(number, row, programme, archive) for number, row in enumerate(rows, start=1)]


def _json_rows(text: str) -> Iterator[dict[str, str]]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Unreadable(_("The file is not valid JSON.")) from error
    rows = data.get("results") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(_("A list of submissions is expected, or an object with “results”."))
    for row in rows:
        yield _flat({key: value for key, value in row.items() if isinstance(value, str | int)})


def _csv_rows(text: str) -> Iterator[dict[str, str]]:
    first = text.split("\n", 1)[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Unreadable(_("The file is not valid CSV.")) from error
    for row in rows:
        yield _flat({key: value for key, value in row.items() if isinstance(value, str) and key})


def _flat(row: Mapping[str, Any]) -> dict[str, str]:
    """Without the groups, which stand before “/” or “-”; what is empty was not answered."""
    return {re.split(r"[/-]", key)[-1]: str(value) for key, value in row.items() if value != ""}


def _submitted(
    number: int, row: Mapping[str, str], programme: str, archive: Archive | None
) -> Submitted:
    instance = next((row[name] for name in IDENTIFIERS if row.get(name)), "")
    if not instance:
        return Submitted(number, problem=_("No instanceID: nothing would tell it from another."))
    if "cx_journey" not in row:
        problem = _("It names no journey: the form was not made here.")
        return Submitted(number, problem=problem)
    named = list(_keyed(row, PHOTO))
    external = instance.removeprefix("uuid:").lower()
    document = _document(row, external, programme)
    others = tuple(
        _identifier(programme, method, document["journey"], external)
        for method in Method.values
        if method != document["method"]
    )
    files: dict[str, str] = {}
    if archive and named:
        try:
            document["media"], files = _media(named, external, programme, archive)
        except BadPhoto as bad:
            return Submitted(number, document, len(named), problem=str(bad))
    ids = tuple(photo_id(programme, external, key, name) for key, name in named)
    return Submitted(number, document, len(named), files=files, photo_ids=ids, others=others)


def _media(
    named: list[tuple[str, str]], instance: str, programme: str, archive: Archive
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The manifest, and the file of the ZIP by the photo's id. Raises BadPhoto."""
    if len(named) > MAX_MEDIA:
        raise BadPhoto(_("At most %(limit)d photos an observation.") % {"limit": MAX_MEDIA})
    manifest, files = [], {}
    for key, name in named:
        picture = archive.find(name, instance)
        one = photo_id(programme, instance, key, name)
        files[one] = picture.member
        manifest.append(
            {
                "id": one,
                "interaction": key,
                "sha256": picture.sha256,
                "size": picture.size,
                "type": picture.type,
            }
        )
    return manifest, files


def photo_id(programme: str, instance: str, key: str, name: str) -> str:
    """The same photo at the next import too."""
    return str(uuid.uuid5(NAMESPACE, f"{programme}\nodk photo\n{instance}\n{key}\n{name}"))


def _identifier(programme: str, method: str, journey: str, external: str) -> str:
    name = f"{programme}\n{method}\nodk/{journey}\n{external}"
    return str(uuid.uuid5(NAMESPACE, name))


def _document(row: Mapping[str, str], instance: str, programme: str) -> dict[str, Any]:
    """What the door refuses in it is refused there, by its path."""
    method, journey, version = row.get("method", ""), row["cx_journey"], row.get("cx_version", "")
    document: dict[str, Any] = {
        "id": _identifier(programme, method, journey, instance),
        "journey": journey,
        "framework_version": int(version) if version.isdecimal() else version,
        "method": method,
        "location": key_of(PLACE, row["location"]) if "location" in row else None,
        "observed_at": _moment(row.get("observed_at", "")),
        "observer": row.get("observer"),
        "customer": row.get("customer"),
        "answers": {key: answer_of(value) for key, value in _keyed(row, ANSWER)},
        "notes": dict(_keyed(row, NOTE)),
    }
    if "comment" in row:
        document["comment"] = row["comment"]
    return document | _device_facts(row)


def _keyed(row: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if name.startswith(prefix):
            yield key_of(prefix, name), value


def _device_facts(row: Mapping[str, str]) -> dict[str, Any]:
    start, end = _parsed(row.get("start", "")), _parsed(row.get("end", ""))
    facts: dict[str, Any] = {}
    if start:
        facts["started_at"] = start.isoformat()
    if end:
        facts["device_time"] = end.isoformat()
    if start and end and end >= start:
        facts["duration_s"] = int((end - start).total_seconds())
    return facts


def _moment(text: str) -> str:
    moment = _parsed(text)
    return moment.isoformat() if moment else text


def _parsed(text: str) -> datetime | None:
    """With its offset, or not at all: nobody knows which hour it was."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
