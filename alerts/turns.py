"""What has turned from one month's end to the next in one stage; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

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


def class_turns(ends: Sequence[MonthEnd], known: Label | None = None) -> Iterator[Turn]:
    """A confirmed class that is not the one confirmed last (3.1): the first month only begins.

    `known` is the class confirmed last before the first month, by its version. Classes of two
    framework versions are not compared: the count begins anew with each.
    """
    for number, end in enumerate(ends):
        if number and end.version != ends[number - 1].version:
            known = None
        if end.score.certainty is not Certainty.CONFIRMED:
            continue
        if number and known is not None and known is not end.score.label:
            yield Turn(end.month, end.score, known)
        known = end.score.label


def lacks_memory(ends: Sequence[MonthEnd]) -> bool:
    """Whether a turn of class hangs on what was confirmed before the first month.

    Before a month without enough data there was never enough by the same version: nothing is taken
    away from the months as time goes on.
    """
    if not ends or ends[0].score.certainty is Certainty.CONFIRMED:
        return False
    if ends[0].score.label is Label.INSUFFICIENT:
        return False
    same = takewhile(lambda end: end.version == ends[0].version, ends)
    return any(end.score.certainty is Certainty.CONFIRMED for end in same)


def gate_turns(ends: Sequence[MonthEnd]) -> Iterator[Turn]:
    """Basics not covered (3.1) where they were, or where it could not be said: the first month only
    begins, and so does the first of each framework version, whose basics are others.

    Where the first month could not say it, none before could (see `lacks_memory`): the same turns are
    found whichever month comes first.
    """
    was_broken = False
    for number, end in enumerate(ends):
        begins = number == 0 or end.version != ends[number - 1].version
        if begins:
            was_broken = False
        if end.score.label is Label.INSUFFICIENT:
            continue
        is_broken = Flag.BASICS_NOT_COVERED in end.score.flags
        if is_broken and not was_broken and not begins:
            yield Turn(end.month, end.score)
        was_broken = is_broken
