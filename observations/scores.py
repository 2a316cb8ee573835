"""The typical journey as it can be read now: cells and aggregated readings through the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from journeys.models import Journey, Stage
from observations.cells import (
    Scored,
    Versions,
    cells_among,
    items_among,
    readings_among,
    shares_among,
    shares_of,
    stage_facts,
    touched_among,
    versions_among,
)
from observations.missed_basics import missed_basics
from observations.pending import pending_among
from observations.pooling import Pools, pools_among
from observations.selection import Selection
from scoring.basics import MissedBasic
from scoring.classify import (
    CellRow,
    JourneyReading,
    LocationShare,
    ReadingRow,
    score_journey,
)
from scoring.models import Framework
from scoring.scale import Item


@dataclass(frozen=True)
class ScoreSheet:
    """The scores of one framework version under one selection, and how fresh they are.

    `framework` is None where the journey has no published version: nothing can be said then.
    `stages` are those of the perimeter in journey order, `items` what is scored in them, and
    `pools` the pooled variance of each method, never filtered; `versions` count the observations of
    each version in the window, newest first. `pending` are all observations of the journey that
    are not counted yet, of whichever version.
    """

    journey: Journey
    framework: Framework | None
    selection: Selection
    stages: tuple[Stage, ...]
    items: list[Item]
    pools: Pools
    reading: JourneyReading
    versions: Versions
    pending: int

    @cached_property
    def missed_basics(self) -> dict[str, tuple[MissedBasic, ...]]:
        """Read when first asked for, in two queries: pages say it in words, the API has no place for it."""
        if self.framework is None:
            return {}
        return missed_basics(self.framework, self.selection, self.reading.stages)


def read_scores(journey: Journey, selection: Selection) -> ScoreSheet:
    """The number of queries is fixed; of the observations only those not folded yet are touched."""
    [sheet] = read_all_scores([journey], selection)
    return sheet


def read_all_scores(journeys: Sequence[Journey], selection: Selection) -> list[ScoreSheet]:
    """Each journey of one programme under one selection, in as many queries as a single one takes."""
    versions = versions_among(journeys, selection)
    frameworks = _frameworks(journeys, selection, versions)
    scored = _scored(frameworks, selection)
    shares = shares_of(journeys[0].programme) if journeys else {}
    read = _Read(
        selection=selection,
        versions=versions,
        scored={journey: scored[framework.pk] for journey, framework in frameworks.items()},
        cells=cells_among(list(scored.values()), selection, shares),
        pools=pools_among(list(scored.values())),
        readings=readings_among(scored.values(), selection),
        touched=touched_among(journeys),
        shares=shares_among(shares, selection),
        pending=pending_among(journeys),
    )
    return [read.sheet(journey) for journey in journeys]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of all journeys: `versions`, `scored` and `pending` by journey, `touched` are
    stages."""

    selection: Selection
    versions: Mapping[int, Versions]
    scored: Mapping[int, Scored]
    cells: Mapping[int, list[CellRow]]
    pools: Mapping[int, Pools]
    readings: Mapping[int, list[ReadingRow]]
    touched: frozenset[int]
    shares: list[LocationShare]
    pending: Mapping[int, int]

    def sheet(self, journey: Journey) -> ScoreSheet:
        own = self.scored.get(journey.pk)
        framework, stages, items = (own.framework, own.stages, own.items) if own else (None, (), [])
        key = framework.pk if framework else 0
        pools = self.pools.get(key, {})
        reading = score_journey(
            stages=stage_facts(stages, items, self.touched),
            cells=self.cells.get(key, []),
            pools=pools,
            shares=self.shares,
            method_weights=journey.programme.method_weights,
            thresholds=(framework or Framework()).thresholds,
            readings=self.readings.get(key, []),
        )
        return ScoreSheet(
            journey=journey,
            framework=framework,
            selection=self.selection,
            stages=stages,
            items=items,
            pools=pools,
            reading=reading,
            versions=self.versions.get(journey.pk, ()),
            pending=self.pending.get(journey.pk, 0),
        )


def _scored(frameworks: Mapping[int, Framework], selection: Selection) -> dict[int, Scored]:
    """By primary key of the framework; outside of the perimeter nothing is scored."""
    stages = {
        framework.pk: tuple(stage for stage in framework.journey.stages.all() if stage.in_perimeter)
        if framework.journey.segment.in_perimeter
        else ()
        for framework in frameworks.values()
    }
    items = items_among([one for one in frameworks.values() if stages[one.pk]], selection)
    return {
        one.pk: Scored(one, stages[one.pk], items.get(one.pk, [])) for one in frameworks.values()
    }


def _frameworks(
    journeys: Sequence[Journey], selection: Selection, versions: Mapping[int, Versions]
) -> dict[int, Framework]:
    """Of each journey the version asked for, else the newest with observations in the window.

    Without any observation it is the newest.
    """
    published: dict[int, dict[int, Framework]] = {}
    rows = Framework.objects.published().filter(journey__in=[journey.pk for journey in journeys])
    for framework in rows.order_by("-version"):
        published.setdefault(framework.journey_id, {})[framework.version] = framework
    found = {}
    for journey in journeys:
        own = published.get(journey.pk)
        if not own:
            continue
        seen = versions.get(journey.pk)
        version = selection.version or (seen[0][0] if seen else next(iter(own)))
        found[journey.pk] = own[version]
        own[version].journey = journey  # with what the caller has read of it
    return found
