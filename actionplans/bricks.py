"""What a priority still lacks: a process, a tool or a skill (R88); and what its index is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from actionplans.models import Action
from actionplans.priority import Row
from actionplans.worth_words import percent_text
from scoring import wording
from scoring.classify import Label
from scoring.numbers import BASIS_POINTS
from scoring.scale import MOMENT_OF_TRUTH


@dataclass(frozen=True, slots=True)
class Brick:
    name: str
    is_there: bool


def bricks_of(gap: Gap) -> list[Brick]:
    """The three dimensions, and whether an action that was not dropped has each; [] without a gap."""
    if not gap.asks_for_action:
        return []
    there = {action.dimension for action in gap.actions if action.status != Action.Status.DROPPED}
    return [Brick(str(name), value in there) for value, name in Action.Dimension.choices]


def missing_bricks(gap: Gap) -> list[str]:
    """Once there is an action: without any, that is what is said."""
    if gap.lacks_action:
        return []
    return [brick.name.lower() for brick in bricks_of(gap) if not brick.is_there]


def factors_of(gap: Gap) -> list[tuple[str, str]]:
    """Each factor of the index with its name, in the order of the formula; [] without an index."""
    stage, kappa = gap.score, gap.priority.confidence
    if gap.priority.index is None or kappa is None or stage.gap is None:
        return []
    return [
        (
            _("criticality"),
            _("%(c)d of %(most)d") % {"c": stage.criticality, "most": MOMENT_OF_TRUTH},
        ),
        (_("customers"), percent_text(stage.reach_bp, BASIS_POINTS)),
        (_("gap"), wording.gap_text(stage.gap, stage.evidence)),
        (_("confidence"), percent_text(kappa.numerator, kappa.denominator)),
    ]


def index_of(gap: Gap) -> str:
    index = gap.priority.index
    return "" if index is None else wording.gap_text(index, gap.score.evidence).lstrip("+")


def is_measured(gaps: Iterable[Gap]) -> bool:
    """At least one stage has a score: there is something to compare with afterwards (R4)."""
    return any(gap.score.label is not Label.INSUFFICIENT for gap in gaps)


# The lists of the plan: which rows of the tier table each one holds.
LISTS: dict[str, frozenset[Row]] = {
    "remove": frozenset({Row.REMOVE_DISAPPOINTMENT, Row.COVER_BASICS}),
    "create": frozenset({Row.CREATE_ENCHANTMENT}),
    "measure": frozenset({Row.INSUFFICIENT, Row.VERIFY_BASICS}),
}


def list_names() -> list[tuple[str, str]]:
    return [
        ("", _("All stages")),
        ("remove", _("Remove disappointment")),
        ("create", _("Create enchantment")),
        ("measure", _("Measure first")),
    ]
