"""What an action is worth: its impact by replay, its effort, and where the two put it (3.6).

    impact_a = sum_s (c_s/3) r_s Delta_s kappa_s reach_a        Delta_s = X'_s - X_s

The factors are always shown; the product is a sorting aid, like the index of a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import median
from typing import Final, TypeVar

from actionplans.priority import confidence
from scoring.classify import StageScore
from scoring.numbers import BASIS_POINTS

Key = TypeVar("Key")

TENTHS: Final = 10  # effort is kept in tenths of a person-day


@dataclass(frozen=True, slots=True)
class StageImpact:
    """One stage: `criticality` is c_s/3, `reach` r_s, `delta` Delta_s, `confidence` kappa_s.

    `action_reach` is the share of the stage's cases that the action can reach, as declared.
    """

    stage: str
    criticality: Fraction
    reach: Fraction
    delta: Fraction
    confidence: Fraction
    action_reach: Fraction

    @property
    def value(self) -> Fraction:
        return self.criticality * self.reach * self.delta * self.confidence * self.action_reach


class Quadrant(StrEnum):
    """Impact against effort."""

    QUICK_WIN = "quick_win"  # much impact, little effort
    MAJOR_PROJECT = "major_project"  # much impact, much effort
    FILL_IN = "fill_in"  # little of both
    THINK_TWICE = "think_twice"  # little impact, much effort


def stage_delta(before: StageScore, after: StageScore) -> Fraction | None:
    """Delta = X' - X, exact; None without observations."""
    if before.score is None or after.score is None:
        return None
    return after.score - before.score


def stage_impact(before: StageScore, after: StageScore, *, reach_bp: int) -> StageImpact | None:
    """The impact with its factors, as the stage stands before; None where it is insufficient."""
    kappa, delta = confidence(before), stage_delta(before, after)
    if kappa is None or delta is None:
        return None
    return StageImpact(
        stage=before.stage,
        criticality=Fraction(before.criticality, 3),
        reach=Fraction(before.reach_bp, BASIS_POINTS),
        delta=delta,
        confidence=kappa,
        action_reach=Fraction(reach_bp, BASIS_POINTS),
    )


def impact(stages: Sequence[StageImpact]) -> Fraction:
    return sum((stage.value for stage in stages), Fraction(0))


def effort_days(
    tenths: int | None, cost_cents: int | None, day_rate_cents: int | None
) -> Fraction | None:
    """Person-days plus cost over day rate. None if nothing is given, or a cost without a rate."""
    if tenths is None and cost_cents is None:
        return None
    own = Fraction(tenths or 0, TENTHS)
    if not cost_cents:
        return own
    return own + Fraction(cost_cents, day_rate_cents) if day_rate_cents else None


def per_day(impact: Fraction | None, effort: Fraction | None) -> Fraction | None:
    """Impact for a person-day; None where either is unknown, or nothing is to be done."""
    if impact is None or not effort:
        return None
    return impact / effort


def quadrants(
    actions: Mapping[Key, tuple[Fraction, Fraction]],
    *,
    impact_line: Fraction | None = None,
    effort_line: Fraction | None = None,
) -> dict[Key, Quadrant]:
    """Place each (impact, effort) by the medians of all, or by fixed lines.

    On the line is much impact, and little effort: a lone action comes first. What gains nothing
    is never much impact.
    """
    if not actions:
        return {}
    if impact_line is None:
        impact_line = median(one for one, _effort in actions.values())
    if effort_line is None:
        effort_line = median(effort for _impact, effort in actions.values())
    much = {key: one > 0 and one >= impact_line for key, (one, _effort) in actions.items()}
    little = {key: effort <= effort_line for key, (_impact, effort) in actions.items()}
    return {key: _quadrant(much=much[key], little=little[key]) for key in actions}


def _quadrant(*, much: bool, little: bool) -> Quadrant:
    if much:
        return Quadrant.QUICK_WIN if little else Quadrant.MAJOR_PROJECT
    return Quadrant.FILL_IN if little else Quadrant.THINK_TWICE
