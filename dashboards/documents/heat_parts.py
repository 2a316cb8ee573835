"""The rows of a heat map that is handed out: the parts that the page shows, with the same scores."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.heat_map import By
from dashboards.segment_heat import segment_parts
from journeys.access import Access
from observations.breakdowns import Part, read_breakdown
from observations.scores import ScoreSheet


@dataclass(frozen=True, slots=True)
class HeatParts:
    """All of them, where the page stops after so many rows."""

    by: By
    parts: tuple[Part, ...]


def read_heat_parts(sheet: ScoreSheet, access: Access, by: By) -> HeatParts:
    if by.dimension is not None:
        return HeatParts(by, tuple(read_breakdown(sheet, by.dimension)))
    is_scored = sheet.framework is not None and bool(sheet.stages)
    return HeatParts(by, tuple(segment_parts(sheet, access)) if is_scored else ())
