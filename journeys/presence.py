"""Who else has a map open: each open map says so every few seconds, and is forgotten soon after.

Kept in Django's cache: shared between processes with Redis, of one process without. Two people who
say so in the same instant may overwrite each other; the next pulse, well within `LIFE`, mends it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.models import Journey

PULSE_SECONDS: float = 10  # between two pulses of an open map
LIFE: Final = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    name: str
    initials: str


@dataclass(frozen=True, slots=True)
class _Here:
    """When a person was last heard of, and when each of their open pages."""

    name: str
    initials: str
    at: float
    tabs: dict[str, float]


def others_on(journey: Journey, person: User, tab: str = "") -> list[Person]:
    """Says that `person` has the map open, in the page `tab`; answers who else has, by name.

    The person's own other pages stand at the end. A page that is being loaded has no name yet.
    """
    key, now = f"here:{journey.pk}", time.time()
    kept: dict[int, _Here] = cache.get(key) or {}
    kept = {pk: each for pk, each in kept.items() if now - each.at < LIFE}
    had = kept[person.pk].tabs if person.pk in kept else {}
    tabs = {name: at for name, at in had.items() if now - at < LIFE} | ({tab: now} if tab else {})
    kept[person.pk] = _Here(str(person), person.initials, now, tabs)
    cache.set(key, kept, timeout=int(LIFE))
    others = [Person(pk, each.name, each.initials) for pk, each in kept.items() if pk != person.pk]
    others.sort(key=lambda each: (each.name.casefold(), each.pk))
    if tab and len(tabs) > 1:
        others.append(Person(person.pk, own_other_page(), person.initials))
    return others


def own_other_page() -> str:
    """What a person's other open page is called, where others have their names."""
    return _("you, in another tab")
