"""What all phones of a workshop show alike, drawn once for the room and kept for a few seconds.

When the facilitator moves on, thirty phones ask within half a second. What is kept is drawn from a
`Screen`, which knows no participant: nobody's own ideas and dots can be in it. It is kept under
the place that it was drawn for, so that what shows totals is found from such a place only, and
under the room's stamp, which every change of it moves on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from actionplans.workshop_flow import Phase, takes_ideas
from actionplans.workshop_models import Workshop
from actionplans.workshop_screens import GroupLine, Screen

# As long as a stamp that was never moved on may show something old.
KEPT_SECONDS: Final = 10


class Look(StrEnum):
    """How a candidate of the vote looks to somebody."""

    FREE = "free"
    DOTTED = "dotted"
    NO_DOTS_LEFT = "no-dots-left"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group in the vote, as HTML for each look."""

    group: int
    html: dict[Look, SafeString]


@dataclass(frozen=True, slots=True)
class Shared:
    """`gap` is the one of the round if it takes ideas now; `html` what nobody has for oneself."""

    question: str
    gap: int | None
    html: SafeString
    candidates: tuple[Candidate, ...]


def shared_of(workshop: Workshop, stamp: int) -> Shared:
    """The stamp was read before the workshop."""
    key = _key(workshop, stamp)
    found: Shared | None = cache.get(key)
    if found is None:
        found = _drawn(Screen(workshop))
        cache.set(key, found, KEPT_SECONDS)
    return found


def _key(workshop: Workshop, stamp: int) -> str:
    place, language = workshop.place.key.replace(":", "-"), get_language() or ""
    return f"workshop-{workshop.pk}-shared-{stamp}-{place}-{workshop.version}-{language}"


def _drawn(screen: Screen) -> Shared:
    gap = screen.gap.gap if screen.gap else None
    if gap is not None and not takes_ideas(screen.place, gap.position):
        gap = None
    return Shared(
        question=screen.question,
        gap=gap.pk if gap else None,
        html=render_to_string("actionplans/_room_shared.html", {"screen": screen}),
        candidates=tuple(_candidates(screen)) if screen.place.phase is Phase.VOTE else (),
    )


def _candidates(screen: Screen) -> Iterator[Candidate]:
    """The first one of each gap stands under the name of its stage."""
    for _gap, lines in groupby(screen.groups, lambda line: line.group.gap_id):
        for number, line in enumerate(lines):
            yield Candidate(line.group.pk, _looks(line, is_first=number == 0))


def _looks(line: GroupLine, *, is_first: bool) -> dict[Look, SafeString]:
    context = {"group": line.group, "is_first": is_first}
    return {
        look: render_to_string("actionplans/_room_candidate.html", context | {"look": look})
        for look in Look
    }
