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
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Pulse:
    """The stamps of one screen: the room's and its own, and the turn in which all is read again."""

    room: int
    own: int
    turn: int

    def etag(self, *variants: str) -> str:
        """`variants` are what else tells documents apart."""
        return f'{self._beginning}{"-".join(variants)}"'

    def is_of(self, etag: str) -> bool:
        """Whether nothing has changed since; proxies that compress answers call ETags weak."""
        return etag.removeprefix("W/").startswith(self._beginning)

    @property
    def _beginning(self) -> str:
        return f'"{self.room}-{self.own}-{self.turn}-'


def pulse_of(workshop: int, own: str) -> Pulse:
    """Of the screen whose own key this is; read before what it shows. One question to the cache."""
    keys = (room_key(workshop), own)
    known = cache.get_many(keys)
    for key in keys:
        if key not in known:
            cache.add(key, _fresh(), _LIFE)
            known[key] = cache.get(key)
    return Pulse(known[keys[0]], known[keys[1]], _turn(keys))


def _turn(keys: Iterable[str]) -> int:
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
