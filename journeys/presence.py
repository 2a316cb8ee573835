"""Who else has a map open: each open map says so every few seconds, and is forgotten soon after.

Kept in Django's cache: shared between processes with Redis, of one process without. Two people who
say so in the same instant may overwrite each other; the next pulse, well within `LIFE`, mends it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache

from accounts.models import User
from journeys.models import Journey

PULSE_SECONDS: float = 10  # between two pulses of an open map
LIFE: Final = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    name: str
    initials: str


def others_on(journey: Journey, person: User) -> list[Person]:
    """Says that `person` has the map open, and answers who else has, by name."""
    key, now = f"presence:{journey.pk}", time.time()
    kept: dict[int, tuple[str, str, float]] = cache.get(key) or {}
    kept = {pk: each for pk, each in kept.items() if now - each[2] < LIFE}
    kept[person.pk] = (str(person), person.initials, now)
    cache.set(key, kept, timeout=int(LIFE))
    others = [
        Person(pk, name, initials) for pk, (name, initials, _) in kept.items() if pk != person.pk
    ]
    return sorted(others, key=lambda each: (each.name.casefold(), each.pk))
