"""What replays found, kept so that a page need not go through the observations at each view.

Kept are the replayed sums of one stage under the effects of one action, before any weight, share
or criticality: those are read anew each time. The address holds everything that the sums
depend on. The facts stand in it as the stamp of the cells, and only while nothing waits to be folded:
whatever changes a fact goes through the outbox in the same transaction, and leaves it only with
a new stamp. Sums that were read while a fact arrived are at the old stamp, which nobody asks for
once the outbox is empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from observations.scores import ScoreSheet
from scoring.figures import CellRow
from scoring.replay import Effect, Tally
from scoring.scale import Item

SHAPE = 2  # of an Outcome: raised with every change of its fields


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cells of a stage as they are and under some effects; `tallies` by method."""

    before: list[CellRow]
    after: list[CellRow]
    tallies: dict[str, Tally]


def address(
    sheet: ScoreSheet, stage: str, items: Iterable[Item], effects: tuple[Effect, ...]
) -> str | None:
    """Where this outcome is kept; None while observations wait to be folded."""
    framework = sheet.framework
    if framework is None or sheet.pending:
        return None
    content = (
        framework.pk,
        framework.cells_stamp,
        framework.thresholds,
        sheet.selection,
        stage,
        [item for item in items if item.stage == stage],
        effects,
    )
    return f"replay:{SHAPE}:{hashlib.sha256(repr(content).encode()).hexdigest()}"
