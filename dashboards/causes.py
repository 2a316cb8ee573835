"""What cost and what earned most points in a stage, and what the gate held back, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.evidence import InteractionLine, LevelLine
from scoring.items import Kind
from scoring.vector import Vector

MOST = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """An interaction with what it brought on one side of 0, and the levels that did."""

    statement: str
    points: int
    facts: tuple[str, ...]
    query: str

    @property
    def count(self) -> int:
        """How many points, for the plural: languages have no word for -2 of them."""
        return abs(self.points)


def cost_most(lines: Iterable[InteractionLine]) -> list[Cause]:
    costly = sorted((line for line in lines if line.lost < 0), key=lambda line: line.lost)
    return [_cause(line, line.lost, sign=-1) for line in costly[:MOST]]


def earned_most(lines: Iterable[InteractionLine]) -> list[Cause]:
    """Points before the gate, as each interaction has them."""
    earning = sorted((line for line in lines if line.earned > 0), key=lambda line: -line.earned)
    return [_cause(line, line.earned, sign=1) for line in earning[:MOST]]


def _cause(line: InteractionLine, points: int, *, sign: int) -> Cause:
    levels = [level for level in line.levels if level.points and level.points * sign > 0]
    levels.sort(key=lambda level: -sign * (level.points or 0))
    facts = tuple(_fact(level, line.seen) for level in levels)
    effect = "cost" if sign < 0 else "earned"
    query = urlencode({"interaction": line.interaction.key, "effect": effect})
    return Cause(line.interaction.statement, points, facts, query)


def _fact(level: LevelLine, seen: int) -> str:
    return _("“%(level)s” in %(count)d of %(seen)d") % {
        "level": level.label,
        "count": level.count,
        "seen": seen,
    }


def by_points(lines: Iterable[InteractionLine]) -> list[InteractionLine]:
    """What cost most first, what earned most last; equal ones as they stand in the guide."""
    return sorted(lines, key=lambda line: line.earned + line.lost)


def held_back_points(
    sums: Vector,
    lines: Iterable[InteractionLine],
    whole: Iterable[InteractionLine],
    broken_below: int,
) -> str:
    """The points that the gate took, and why, as a sentence; empty where it took none.

    The gate takes the points of delights in those observations where a basic was missed. Which
    delight and which basic, the counts can tell where there is only one that may be meant. The gate
    is the stage's: `whole` are its interactions in all channels, also where `lines` are of one.
    """
    points = sums.raw - sums.S
    if points <= 0:
        return ""
    delights = [one for one in lines if one.interaction.kind == Kind.DELIGHT and one.earned > 0]
    basics = [one for one in whole if _is_missed_basic(one, broken_below)]
    sentence = _why_not_acquired(points, delight=len(delights) == 1, basic=len(basics) == 1)
    return sentence % {
        "points": points,
        "delight": next((one.interaction.statement for one in delights), ""),
        "basic": next((one.interaction.statement for one in basics), ""),
    }


def _is_missed_basic(line: InteractionLine, broken_below: int) -> bool:
    return line.interaction.kind == Kind.BASIC and any(
        level.value is not None and level.value < broken_below and level.count > 0
        for level in line.levels
    )


def _why_not_acquired(points: int, *, delight: bool, basic: bool) -> str:
    if delight and basic:
        return ngettext(
            "%(points)d point of “%(delight)s” was not acquired, because the basic “%(basic)s”"
            " was missed in the same observations.",
            "%(points)d points of “%(delight)s” were not acquired, because the basic “%(basic)s”"
            " was missed in the same observations.",
            points,
        )
    if delight:
        return ngettext(
            "%(points)d point of “%(delight)s” was not acquired, because a basic was missed in"
            " the same observations.",
            "%(points)d points of “%(delight)s” were not acquired, because a basic was missed in"
            " the same observations.",
            points,
        )
    if basic:
        return ngettext(
            "%(points)d point of delight was not acquired, because the basic “%(basic)s” was"
            " missed in the same observations.",
            "%(points)d points of delight were not acquired, because the basic “%(basic)s” was"
            " missed in the same observations.",
            points,
        )
    return ngettext(
        "%(points)d point of delight was not acquired, because a basic was missed in the same"
        " observations.",
        "%(points)d points of delight were not acquired, because a basic was missed in the same"
        " observations.",
        points,
    )
