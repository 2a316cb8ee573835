"""An export with its photos: a ZIP with one table and the files that it names, as ODK Central makes it.

    <form>.csv, media/1700000000000.jpg, ...

KoboToolbox gives its attachments apart, in folders named by submission: with the table put beside
them it is the same. Nothing of it is ever written to a path of its own choosing.
"""

from __future__ import annotations

import hashlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Final

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from observations.documents import MAX_MEDIA_BYTES

MAX_TABLE_BYTES: Final = 5 * 1024 * 1024
MAX_ARCHIVE_BYTES: Final = 100 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 300 * 1024 * 1024
MAX_FILES: Final = 5000
TABLES: Final = (".csv", ".json")
_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_ENCRYPTED: Final = 0x1


class BadArchive(Exception):
    """The ZIP can't be read; the message says why."""


class BadPhoto(Exception):
    """This photo can't be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the ZIP as a manifest names it."""

    member: str
    sha256: str
    size: int
    type: str


@dataclass
class Archive:
    """`used` are the files that a row has named so far."""

    zip: zipfile.ZipFile
    table: bytes
    files: dict[str, list[zipfile.ZipInfo]]
    used: set[str] = field(default_factory=set)

    def find(self, name: str, instance: str) -> Picture:
        """The photo of this name; of several the one in the submission's own folder. Raises BadPhoto."""
        found = self.files.get(PurePosixPath(name).name, [])
        if len(found) > 1:
            found = [one for one in found if instance in one.filename]
        if len(found) != 1:
            raise BadPhoto(_("The photo “%(name)s” is not in the ZIP.") % {"name": name})
        self.used.add(found[0].filename)
        content = self.read(found[0].filename)
        return Picture(
            found[0].filename,
            hashlib.sha256(content).hexdigest(),
            len(content),
            _type(name, content),
        )

    def read(self, member: str) -> bytes:
        """Raises BadPhoto, for one that is damaged or too large."""
        name = PurePosixPath(member).name
        try:
            with self.zip.open(member) as file:
                content = file.read(MAX_MEDIA_BYTES + 1)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise BadPhoto(_("The photo “%(name)s” is damaged.") % {"name": name}) from error
        if len(content) > MAX_MEDIA_BYTES:
            raise BadPhoto(_("The photo “%(name)s” is larger than 20 MB.") % {"name": name})
        return content

    @property
    def superfluous(self) -> list[str]:
        """Files that no row names."""
        everything = (one.filename for found in self.files.values() for one in found)
        return sorted(set(everything) - self.used)


def _type(name: str, content: bytes) -> str:
    try:
        # Its head only: how many pixels it claims costs nothing here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            kind = Image.open(io.BytesIO(content)).format or ""
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError):
        kind = ""
    if kind not in _TYPES:
        detail = _("“%(name)s” is no JPEG, PNG or WebP picture.")
        raise BadPhoto(detail % {"name": name})
    return _TYPES[kind]


def is_archive(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def open_archive(file: IO[bytes]) -> Archive:
    """Its table and what lies beside it. Raises BadArchive."""
    try:
        opened = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise BadArchive(_("The ZIP is damaged.")) from error
    members = list(_members(opened))
    _check(members)
    tables = [one for one in members if one.filename.lower().endswith(TABLES)]
    if len(tables) != 1:
        detail = _(
            "The ZIP holds %(n)d tables (.csv or .json): one is expected, beside the photos."
        )
        raise BadArchive(detail % {"n": len(tables)})
    try:
        with opened.open(tables[0]) as table:
            content = table.read(MAX_TABLE_BYTES + 1)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
        raise BadArchive(_("The ZIP is damaged.")) from error
    if len(content) > MAX_TABLE_BYTES:
        raise BadArchive(_("The table in the ZIP is larger than 5 MB: split it."))
    files: dict[str, list[zipfile.ZipInfo]] = {}
    for one in members:
        if one is not tables[0]:
            files.setdefault(PurePosixPath(one.filename).name, []).append(one)
    return Archive(opened, content, files)


def _members(opened: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Without folders, and without what a desktop adds."""
    for one in opened.infolist():
        parts = PurePosixPath(one.filename).parts
        if not one.is_dir() and parts and not any(part.startswith((".", "__")) for part in parts):
            yield one


def _check(members: list[zipfile.ZipInfo]) -> None:
    if any(one.flag_bits & _ENCRYPTED for one in members):
        raise BadArchive(_("The ZIP has a password: export it without one."))
    if len(members) > MAX_FILES:
        raise BadArchive(_("More than %(limit)d files: split the ZIP.") % {"limit": MAX_FILES})
    if sum(one.file_size for one in members) > MAX_UNPACKED_BYTES:
        raise BadArchive(_("The ZIP holds more than 300 MB: split it."))
