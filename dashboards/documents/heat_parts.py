"""The rows of a heat map that is handed out: the parts that the page shows, with the same scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actionplans.gaps import Gap
from dashboards.heat_map import By, HeatRow, heat_cell, journey_cell
from dashboards.segment_heat import segment_parts
from journeys.access import Access
from observations.breakdowns import Part, read_breakdown
from observations.scores import ScoreSheet


@dataclass(frozen=True, slots=True)
class HeatParts:
    """All of them, where the page stops after so many rows."""

    by: By
    parts: tuple[Part, ...]

    @property
    def has_journey(self) -> bool:
        """A channel never has a journey score: for channels there would be a column of dashes."""
        return self.by is not By.CHANNEL

    def rows(self, stages: Sequence[Gap]) -> list[HeatRow]:
        """Cells as the page words and colours them; they lead nowhere."""
        return [
            HeatRow(
                name=part.name,
                url="",
                cells=tuple(heat_cell(part.stages.get(gap.stage.key), "") for gap in stages),
                journey=journey_cell(part.journey, ""),
            )
            for part in self.parts
        ]


def read_heat_parts(sheet: ScoreSheet, access: Access, by: By) -> HeatParts:
    if by.dimension is not None:
        return HeatParts(by, tuple(read_breakdown(sheet, by.dimension)))
    is_scored = sheet.framework is not None and bool(sheet.stages)
    return HeatParts(by, tuple(segment_parts(sheet, access)) if is_scored else ())
