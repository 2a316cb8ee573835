"""Files of actions: what may be attached, how it is called, and where its bytes go in the end.

What a file is follows from the ending of its name and never from what a browser said; whatever it
is, it is served as a download that no browser may guess at, run or frame.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from actionplans.action_models import FOLDER, ActionFile
from actionplans.models import Action
from journeys.audit import record

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_FILES: Final = 20
TYPES: Final = {
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "md": "text/markdown",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "webp": "image/webp",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A file that a stopped request left behind is nobody's after so long.
LEFT_BEHIND: Final = timedelta(days=1)


class FileRefused(Exception):
    """Why a file can't be attached, in a sentence."""


@transaction.atomic
def attach_file(*, action: Action, upload: UploadedFile[Any], actor: User) -> ActionFile:
    """Raises FileRefused for a kind that is not known, and for too much."""
    Action.objects.select_for_update().get(pk=action.pk)
    name = clean_name(upload.name or "")
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in TYPES:
        raise FileRefused(
            _("Files of this kind can't be attached. Those that can: %(kinds)s.")
            % {"kinds": ", ".join(sorted(TYPES))}
        )
    if (upload.size or 0) > MOST_BYTES:
        raise FileRefused(_("At most %(most)d MB.") % {"most": MOST_BYTES // 1024 // 1024})
    if action.files.count() >= MOST_FILES:
        raise FileRefused(_("An action has at most %(most)d files.") % {"most": MOST_FILES})
    file = ActionFile(
        action=action, name=name, content_type=TYPES[ending], size=upload.size or 0, added_by=actor
    )
    file.file.save(name, upload, save=False)
    file.save(force_insert=True)
    record(
        programme=action.programme,
        actor=actor,
        verb="attached a file",
        subject=action,
        changes={"file": ["", name]},
    )
    return file


@transaction.atomic
def drop_file(*, file: ActionFile, actor: User) -> None:
    """The row now, the bytes once that is sure."""
    action = file.action
    record(
        programme=action.programme,
        actor=actor,
        verb="removed a file",
        subject=action,
        changes={"file": [file.name, ""]},
    )
    stored = file.file.name
    file.delete()
    transaction.on_commit(lambda: drop_bytes([stored]))


def drop_bytes(paths: Iterable[str | None]) -> None:
    storage = ActionFile._meta.get_field("file").storage
    for path in paths:
        if path:
            storage.delete(path)


def sweep_files() -> int:
    """Bytes without a row, as a deleted programme leaves them; how many were let go."""
    storage = ActionFile._meta.get_field("file").storage
    if not storage.exists(FOLDER):
        return 0
    _folders, names = storage.listdir(FOLDER)
    before = timezone.now() - LEFT_BEHIND
    old = [
        path
        for path in (f"{FOLDER}/{name}" for name in names)
        if storage.get_modified_time(path) < before
    ]
    kept = set(ActionFile.objects.filter(file__in=old).values_list("file", flat=True))
    drop_bytes(sorted(set(old) - kept))
    return len(set(old) - kept)


def clean_name(name: str) -> str:
    """The last part of a path, without what can't be seen, short enough, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    last = re.sub(r"\s+", " ", "".join(c for c in last if c.isprintable())).strip(" .")
    path = PurePath(last or "file")
    return path.stem[: 120 - len(path.suffix[:12])] + path.suffix[:12]
