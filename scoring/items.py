"""Interactions as the arithmetic sees them, and the target of a stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from scoring.numbers import x

EXCEEDS: Final = 2  # "exceeds expectations" on the -3..+3 scale


class Kind(StrEnum):
    """Kano's three classes."""

    BASIC = "basic"
    PERFORMANCE = "performance"
    DELIGHT = "delight"


@dataclass(frozen=True, slots=True)
class Item:
    """One interaction of a framework, as the arithmetic sees it."""

    key: str
    stage: str
    kind: Kind
    weight: int
    points: tuple[int, ...]
    target: int | None = None
    channel: str | None = None

    @property
    def gain(self) -> int:
        """The most it can add to a customer's sum."""
        return self.weight * max((0, *self.points))

    @property
    def loss(self) -> int:
        """The most it can take from a customer's sum, as a positive number."""
        return -self.weight * min((0, *self.points))


@dataclass(frozen=True, slots=True)
class Target:
    """A stage at its target levels, all interactions applying; `score` = x(S, P, Q)."""

    S: int
    P: int
    Q: int
    score: Fraction


def target_score(items: Iterable[Item]) -> Target | None:
    """tau of one stage: x(S_target, P_full, Q_full). A missing target counts 0; None if all are missing."""
    items = list(items)
    if all(item.target is None for item in items):
        return None
    S = sum(item.weight * (item.target or 0) for item in items)
    P = sum(item.gain for item in items)
    Q = sum(item.loss for item in items)
    return Target(S, P, Q, x(S, P, Q))
