"""The course of a workshop: its phases, its rounds, its clock. Values in, values out; no ORM.

A round belongs to one gap: its evidence, ideas in private, grouping. After the last round one vote
over the groups of all rounds, the matrix of impact and effort, the actions, the end:

    prepared -> lobby -> (evidence -> ideas -> grouping) x gaps -> vote -> matrix -> commit -> closed

Nothing moves by itself: a time box that is over says so and waits for the facilitator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    PREPARED = "prepared"  # being put together; nobody can join
    LOBBY = "lobby"  # the code is on the wall
    EVIDENCE = "evidence"
    IDEAS = "ideas"  # each phone sees its own only
    GROUPING = "grouping"
    VOTE = "vote"  # no total is in any answer
    MATRIX = "matrix"
    COMMIT = "commit"
    CLOSED = "closed"


ROUND: Final = (Phase.EVIDENCE, Phase.IDEAS, Phase.GROUPING)
AFTER_ROUNDS: Final = (Phase.VOTE, Phase.MATRIX, Phase.COMMIT, Phase.CLOSED)
TIMED: Final = (*ROUND, Phase.VOTE, Phase.MATRIX, Phase.COMMIT)
# In minutes: two hours with three gaps.
TIME_BOXES: Final[Mapping[Phase, int]] = {
    Phase.EVIDENCE: 5,
    Phase.IDEAS: 8,
    Phase.GROUPING: 10,
    Phase.VOTE: 6,
    Phase.MATRIX: 15,
    Phase.COMMIT: 20,
}
MOST_MINUTES: Final = 120


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workshop stands; `gap` counts from 0 and stays at the last one after the rounds."""

    phase: Phase
    gap: int = 0

    @property
    def key(self) -> str:
        """What "I am done" refers to: a phase, and in a round its gap."""
        return f"{self.phase}:{self.gap}" if self.phase in ROUND else str(self.phase)


class NoSuchMove(Exception):
    """The workshop can't go there from where it is."""


def following(place: Place, *, gaps: int) -> Place:
    """Raises NoSuchMove at the end, and where there is no gap to work on."""
    if place.phase is Phase.CLOSED or gaps < 1:
        raise NoSuchMove
    if place.phase is Phase.PREPARED:
        return Place(Phase.LOBBY)
    if place.phase is Phase.LOBBY:
        return Place(Phase.EVIDENCE)
    if place.phase is Phase.GROUPING:
        more = place.gap + 1 < gaps
        return Place(Phase.EVIDENCE, place.gap + 1) if more else Place(Phase.VOTE, place.gap)
    order = (*ROUND, *AFTER_ROUNDS)
    return replace(place, phase=order[order.index(place.phase) + 1])


def preceding(place: Place, *, gaps: int) -> Place:
    """Raises NoSuchMove where nothing lies behind: what was closed stays closed."""
    if place.phase in (Phase.PREPARED, Phase.LOBBY, Phase.CLOSED):
        raise NoSuchMove
    if place.phase is Phase.EVIDENCE:
        return Place(Phase.GROUPING, place.gap - 1) if place.gap else Place(Phase.LOBBY)
    if place.phase is Phase.VOTE:
        return Place(Phase.GROUPING, min(place.gap, gaps - 1))
    order = (*ROUND, *AFTER_ROUNDS)
    return replace(place, phase=order[order.index(place.phase) - 1])


def skipping_to_vote(place: Place) -> Place:
    """The gaps that are left wait for another day."""
    if place.phase is not Phase.GROUPING:
        raise NoSuchMove
    return replace(place, phase=Phase.VOTE)


def is_open(phase: Phase) -> bool:
    """People can join and come back."""
    return phase not in (Phase.PREPARED, Phase.CLOSED)


def is_revealed(place: Place, gap: int) -> bool:
    """Everybody sees the ideas on this gap; before that only their authors do."""
    if place.phase in AFTER_ROUNDS:
        return True
    return gap < place.gap or (gap == place.gap and place.phase is Phase.GROUPING)


def takes_ideas(place: Place, gap: int) -> bool:
    """From its round on, so that what a phone kept through a dead spot is not lost."""
    if not is_open(place.phase) or place.phase is Phase.LOBBY:
        return False
    begun = place.phase is not Phase.EVIDENCE or gap < place.gap
    return gap <= place.gap and begun


def shows_totals(place: Place) -> bool:
    """From the closing of the vote on."""
    return place.phase in (Phase.MATRIX, Phase.COMMIT, Phase.CLOSED)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time box: running to `ends_at`, or paused with `left_s` seconds left, or none at all."""

    ends_at: datetime | None = None
    left_s: int | None = None

    @classmethod
    def started(cls, minutes: int, now: datetime) -> Clock:
        return cls(ends_at=now + timedelta(minutes=minutes)) if minutes else cls()

    @property
    def is_paused(self) -> bool:
        return self.left_s is not None

    def seconds_left(self, now: datetime) -> int | None:
        """Never below 0; None without a time box."""
        if self.left_s is not None:
            return self.left_s
        if self.ends_at is None:
            return None
        return max(0, round((self.ends_at - now).total_seconds()))

    def paused(self, now: datetime) -> Clock:
        left = self.seconds_left(now)
        return self if left is None else Clock(left_s=left)

    def resumed(self, now: datetime) -> Clock:
        if self.left_s is None:
            return self
        return Clock(ends_at=now + timedelta(seconds=self.left_s))

    def extended(self, minutes: int, now: datetime) -> Clock:
        """From now on where the time was over."""
        more = (self.seconds_left(now) or 0) + 60 * minutes
        if self.is_paused:
            return Clock(left_s=more)
        return Clock(ends_at=now + timedelta(seconds=more))
