"""What has turned from one month's end to the next in one stage; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scoring.figures import Certainty, Flag, Label, StageScore


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """A stage as it stood at the end of a month, by the framework version that was read then."""

    month: str
    version: int | None
    score: StageScore


@dataclass(frozen=True, slots=True)
class Turn:
    """`was` is the class confirmed before, of a turn of class."""

    month: str
    score: StageScore
    was: Label | None = None


def class_turns(ends: Sequence[MonthEnd]) -> Iterator[Turn]:
    """A confirmed class that is not the one confirmed last (3.1): the first month only begins.

    Classes of two framework versions are not compared: the count begins anew with each.
    """
    known: Label | None = None
    version: int | None = None
    for end in ends:
        if end.version != version:
            known, version = None, end.version
        if end.score.certainty is not Certainty.CONFIRMED:
            continue
        if known is not None and known is not end.score.label:
            yield Turn(end.month, end.score, known)
        known = end.score.label


def gate_turns(ends: Sequence[MonthEnd]) -> Iterator[Turn]:
    """Basics not covered (3.1) where they were, or where it could not be said: the first month only
    begins."""
    was_broken = False
    for number, end in enumerate(ends):
        if end.score.label is Label.INSUFFICIENT:
            continue
        is_broken = Flag.BASICS_NOT_COVERED in end.score.flags
        if number and is_broken and not was_broken:
            yield Turn(end.month, end.score)
        was_broken = is_broken
