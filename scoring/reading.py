"""A framework version as its page shows it: stage by stage, under the three phases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from journeys.models import Stage
from scoring.models import Framework, Interaction
from scoring.targets import stage_targets


@dataclass(frozen=True, slots=True)
class SheetStage:
    """`heads_phase` where the phase begins; `target` is tau, None without any target."""

    stage: Stage
    interactions: tuple[Interaction, ...]
    heads_phase: bool
    target: Fraction | None
    kinds: tuple[tuple[str, int], ...]


def sheet_of(framework: Framework) -> list[SheetStage]:
    """Every stage of the journey, also those that nothing is asked of yet."""
    interactions = list(framework.interactions.all())
    taus = {one.stage.pk: one.after for one in stage_targets(interactions)}
    sheet = []
    phase = ""
    for stage in framework.journey.stages.all():
        own = tuple(one for one in interactions if one.stage_id == stage.pk)
        counts = Counter(one.kind for one in own)
        sheet.append(
            SheetStage(
                stage=stage,
                interactions=own,
                heads_phase=stage.phase != phase,
                target=taus.get(stage.pk),
                kinds=tuple((str(kind.label), counts[kind]) for kind in Interaction.Kind),
            )
        )
        phase = stage.phase
    return sheet
