"""The basics of a stage that customers missed: what the gate closed on, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MissedBasic:
    """A basic below `broken_below` in `missed` of the `seen` observations that answered it."""

    statement: str
    missed: int
    seen: int


def worst_first(basics: Iterable[MissedBasic]) -> tuple[MissedBasic, ...]:
    """Most often missed first, then those missed in a larger part; the rest as they stood.

    While folds pass each other, a count may be negative or part of nothing: it is left out.
    """
    missed = [one for one in basics if 0 < one.missed <= one.seen]
    return tuple(sorted(missed, key=lambda one: (-one.missed, one.seen)))
