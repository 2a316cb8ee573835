"""How screens learn that something changed without asking the database.

Each audience of a workshop has a stamp in the cache that every change moves on, after its commit.
A screen reads the stamps before it reads the database, and they are its ETag: whatever is
committed later moves a stamp on, so that no screen ever holds an old document under a current
ETag, in whatever order two writers reach the cache. A stamp that the cache lost comes back as
another number. A process that dies between commit and stamp costs at most RECHECK_SECONDS.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Final
from zlib import crc32

from django.core.cache import cache
from django.db import transaction

RECHECK_SECONDS: Final = 30
_LIFE: Final = 7 * 24 * 3600


def room_key(workshop: int) -> str:
    """What everybody in the room sees."""
    return f"workshop-{workshop}-room"


def desk_key(workshop: int) -> str:
    """What the console and the projector see besides: who is here, who is done."""
    return f"workshop-{workshop}-desk"


def phone_key(participant: int) -> str:
    """What one phone sees besides: its own ideas and dots."""
    return f"workshop-phone-{participant}"


def etag(keys: Iterable[str], *variants: str) -> str:
    """Read before the document it stands for; `variants` are what else tells documents apart."""
    keys = list(keys)
    known = cache.get_many(keys)
    for key in keys:
        if key not in known:
            cache.add(key, _fresh(), _LIFE)
            known[key] = cache.get(key)
    stamps = "-".join(str(known[key]) for key in keys)
    return f'"{stamps}-{_recheck(keys)}-{"-".join(variants)}"'


def _recheck(keys: Iterable[str]) -> int:
    """Another number every RECHECK_SECONDS, for each screen at a moment of its own."""
    apart = crc32("".join(keys).encode()) % RECHECK_SECONDS
    return int((time.time() + apart) // RECHECK_SECONDS)


def moved_on(*keys: str) -> None:
    """After the commit; at once outside of a transaction."""
    transaction.on_commit(lambda: _move_on(keys))


def _move_on(keys: Iterable[str]) -> None:
    for key in keys:
        try:
            cache.incr(key)
        except ValueError:  # not there, or not any more
            cache.set(key, _fresh(), _LIFE)


def _fresh() -> int:
    """Never a number that the stamp had before."""
    return time.time_ns() // 1000
