"""Impact against effort: computed by replay where an effect is given, else as the room sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from actionplans.effect import TENTHS, Quadrant, impact, quadrants, stage_impact
from actionplans.gaps import journey_at, whole_sheet
from actionplans.workshop_models import IdeaGroup, WorkshopGap
from actionplans.worth_words import days_text, quadrant_word
from journeys.access import Access
from observations.replays import Wanted, replay
from scoring import wording
from scoring.classify import Label
from scoring.numbers import exact
from scoring.replay import Effect

# The ends of the axes: the first that holds everything.
IMPACT_AXES: Final = (20, 50, 100, 200)
EFFORT_AXES: Final = (20, 50, 100, 200, 500, 1000)


def replay_effect(
    gap: WorkshopGap, effect: Effect, *, reach_bp: int | None, access: Access
) -> dict[str, Any]:
    """{"impact", "n", "changed", "before", "after"}, or {"missing": why} where none can be computed."""
    sheet = whole_sheet(journey_at(access, gap.stage.journey.key), access)
    [found] = replay(sheet, [Wanted(gap.stage.key, (effect,))])
    if found is None:
        return {"missing": "not_scored"}
    if found.unknown or found.after is None:
        return {"missing": "unknown_level"}
    if found.before.label is Label.INSUFFICIENT:
        return {"missing": "not_measured"}
    if reach_bp is None:
        return {"missing": "no_reach"}
    one = stage_impact(found.before, found.after, reach_bp=reach_bp)
    if one is None:
        return {"missing": "not_measured"}
    return {
        "impact": exact(impact([one])),
        "n": found.tally.n,
        "changed": found.tally.changed,
        "before": wording.stage_score_text(found.before),
        "after": wording.score_text(found.after.score, found.before.evidence),
    }


@dataclass(frozen=True, slots=True)
class Spot:
    """A group in the matrix; `votes` is None while they are hidden. `x` and `y` are per cent."""

    group: IdeaGroup
    votes: int | None
    impact: Fraction | None
    effort: Fraction | None
    is_replayed: bool
    quadrant: Quadrant | None = None
    x: float = 0
    y: float = 0

    @property
    def is_placed(self) -> bool:
        return self.impact is not None and self.effort is not None

    @property
    def from_left(self) -> str:
        return f"{self.x:.1f}%"

    @property
    def from_top(self) -> str:
        return f"{100 - self.y:.1f}%"

    @property
    def is_right(self) -> bool:
        """Its name stands on its left then, to stay within the matrix."""
        return self.x > 55  # per cent

    @property
    def impact_text(self) -> str:
        return wording.UNKNOWN if self.impact is None else f"{float(self.impact):.0f}"

    @property
    def quadrant_word(self) -> str:
        return "" if self.quadrant is None else quadrant_word(self.quadrant)

    @property
    def missing(self) -> str:
        """Why an effect that was given has no computed impact."""
        words = {
            "not_scored": _("This stage is not scored: estimate it."),
            "unknown_level": _("The version observed has no such level: estimate it."),
            "not_measured": _("Too few observations to replay: estimate it."),
            "no_reach": _("Say which part of the cases it reaches."),
        }
        return words.get(self.group.replay.get("missing", ""), "")

    @property
    def effort_typed(self) -> str:
        """As a form shows it, in the reader's own decimal mark."""
        return "" if self.effort is None else days_text(self.effort)


@dataclass(frozen=True, slots=True)
class Matrix:
    spots: tuple[Spot, ...]
    impact_end: int
    effort_end: int

    @property
    def placed(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.is_placed]


def matrix_of(groups: Iterable[IdeaGroup], votes: Mapping[int, int] | None) -> Matrix:
    """The groups with the most dots first; quadrants by the medians of those that are placed."""
    rows = [(group, _impact(group), _effort(group)) for group in groups]
    impact_end = _end(IMPACT_AXES, (one for _group, one, _effort in rows))
    effort_end = _end(EFFORT_AXES, (effort for _group, _impact, effort in rows))
    found = quadrants(
        {
            group.pk: (one, effort)
            for group, one, effort in rows
            if one is not None and effort is not None
        }
    )
    spots = [
        Spot(
            group=group,
            votes=None if votes is None else votes.get(group.pk, 0),
            impact=one,
            effort=effort,
            is_replayed="impact" in group.replay,
            quadrant=found.get(group.pk),
            x=float((effort or 0) / effort_end * 100),
            y=float((one or 0) / impact_end * 100),
        )
        for group, one, effort in rows
    ]
    spots.sort(key=lambda spot: -(spot.votes or 0))
    return Matrix(tuple(spots), impact_end, effort_end)


def _impact(group: IdeaGroup) -> Fraction | None:
    if "impact" in group.replay:
        return Fraction(group.replay["impact"])
    return None if group.impact is None else Fraction(group.impact)


def _effort(group: IdeaGroup) -> Fraction | None:
    return None if group.effort_tenths is None else Fraction(group.effort_tenths, TENTHS)


def _end(axes: tuple[int, ...], values: Iterable[Fraction | None]) -> int:
    most = max((value for value in values if value is not None), default=Fraction(0))
    return next((end for end in axes if most <= end), max(int(most) + 1, axes[-1]))
