"""Observations narrowed to what an interaction cost or earned in them: the way from a score to its causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from journeys.models import Stage
from observations.models import Revision
from observations.selection import BadSelection
from scoring.models import Interaction

if TYPE_CHECKING:
    from observations.querysets import ObservationQuerySet

EFFECTS: Final[Mapping[str, tuple[int, ...]]] = {"cost": (-3, -2, -1), "earned": (1, 2, 3)}


@dataclass(frozen=True, slots=True)
class Answered:
    """`effect` is "cost" or "earned"."""

    interaction: Interaction
    effect: str

    @property
    def words(self) -> str:
        if self.effect == "cost":
            text = _("only those in which “%(statement)s” cost points")
        else:
            text = _("only those in which “%(statement)s” earned points")
        return text % {"statement": self.interaction.statement}


def read_answered(query: Mapping[str, str], stage: Stage | None) -> Answered | None:
    """`interaction` with `effect`, within a stage; None where neither is asked for.

    Raises BadSelection where the stage has no such interaction, or the effect is neither of the two.
    """
    key, effect = query.get("interaction", ""), query.get("effect", "")
    if not key and not effect:
        return None
    if effect not in EFFECTS:
        raise BadSelection({"effect": _("One of: %(effects)s.") % {"effects": ", ".join(EFFECTS)}})
    rows = Interaction.objects.filter(stage=stage, key=key).exclude(framework__status="draft")
    interaction = rows.order_by("-framework__version").first() if stage else None
    if interaction is None:
        raise BadSelection({"interaction": _("No interaction of the stage has this key.")})
    return Answered(interaction, effect)


def answered(rows: ObservationQuerySet, wanted: Answered) -> ObservationQuerySet:
    """Those whose current answers have the interaction on that side of 0."""
    level = KeyTransform(wanted.interaction.key, "answers")
    current = Revision.objects.filter(observation=OuterRef("pk"), is_current=True)
    return rows.filter(
        Exists(current.annotate(level=level).filter(level__in=EFFECTS[wanted.effect]))
    )
