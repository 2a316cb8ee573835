"""A ZIP of photos between its preview and its confirmation: kept a day at most, under a random name."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER: Final = "odk-imports"
KEPT: Final = timedelta(days=1)


def stash(file: File[bytes]) -> str:
    """The name to ask for it by; what nobody confirmed within a day goes meanwhile."""
    _sweep()
    file.seek(0)
    return default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.zip", file)


def stashed(name: str) -> File[bytes] | None:
    return default_storage.open(name) if default_storage.exists(name) else None


def drop(name: str) -> None:
    default_storage.delete(name)


def _sweep() -> None:
    if not default_storage.exists(FOLDER):
        return
    oldest = timezone.now() - KEPT
    for name in default_storage.listdir(FOLDER)[1]:
        if default_storage.get_created_time(f"{FOLDER}/{name}") < oldest:
            drop(f"{FOLDER}/{name}")
