"""The typical journey as it can be read now: cells and aggregated readings through the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from journeys.models import Journey, Stage
from observations.cells import (
    cells_and_pools,
    facts_of,
    items_of,
    readings_in,
    shares_in,
    versions_in,
)
from observations.missed_basics import missed_basics
from observations.models import PendingFold
from observations.selection import Selection
from scoring.basics import MissedBasic
from scoring.classify import JourneyReading, Pool, score_journey
from scoring.models import Framework
from scoring.scale import Item


@dataclass(frozen=True)
class ScoreSheet:
    """The scores of one framework version under one selection, and how fresh they are.

    `framework` is None where the journey has no published version: nothing can be said then.
    `stages` are those of the perimeter in journey order, `items` what is scored in them, and
    `pools` the pooled variance of each method, never filtered; `versions` count the observations of
    each version in the window, newest first.
    """

    journey: Journey
    framework: Framework | None
    selection: Selection
    stages: tuple[Stage, ...]
    items: list[Item]
    pools: dict[str, Pool]
    reading: JourneyReading
    versions: tuple[tuple[int, int], ...]
    pending: int

    @cached_property
    def missed_basics(self) -> dict[str, tuple[MissedBasic, ...]]:
        """Read when first asked for, in two queries: pages say it in words, the API has no place for it."""
        if self.framework is None:
            return {}
        return missed_basics(self.framework, self.selection, self.reading.stages)


def read_scores(journey: Journey, selection: Selection) -> ScoreSheet:
    """The number of queries is fixed, and none of them touches an observation."""
    versions = versions_in(journey, selection)
    framework = _framework(journey, selection, versions)
    stages = tuple(stage for stage in journey.stages.all() if stage.in_perimeter)
    if framework is None or not journey.segment.in_perimeter:
        stages = ()
    items = items_of(framework, selection) if framework and stages else []
    cells, pools = cells_and_pools(framework, selection, stages) if framework else ([], {})
    reading = score_journey(
        stages=facts_of(journey, stages, items),
        cells=cells,
        pools=pools,
        shares=shares_in(journey, selection),
        method_weights=journey.programme.method_weights,
        thresholds=framework.thresholds if framework else Framework().thresholds,
        readings=readings_in(framework, selection, stages, items) if framework else [],
    )
    pending = PendingFold.objects.filter(framework=framework).count() if framework else 0
    return ScoreSheet(
        journey, framework, selection, stages, items, pools, reading, versions, pending
    )


def _framework(
    journey: Journey, selection: Selection, versions: tuple[tuple[int, int], ...]
) -> Framework | None:
    """The version asked for, else the newest with observations in the window, else the newest."""
    published = Framework.objects.published().filter(journey=journey)
    version = selection.version or (versions[0][0] if versions else None)
    if version is not None:
        framework: Framework | None = published.get(version=version)
    else:
        framework = published.order_by("-version").first()
    if framework is not None:
        framework.journey = journey  # with what the caller has read of it
    return framework
