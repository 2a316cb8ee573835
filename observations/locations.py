"""Locations side by side: the league of one stage or of the whole journey, and where delight happens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, Sum

from journeys.access import Access
from journeys.models import Location, Stage
from observations.cells import (
    cells_in,
    facts_of,
    grouped_readings,
    within,
)
from observations.models import Reading
from observations.scores import ScoreSheet
from observations.selection import Selection
from scoring.classify import CellRow, LocationShare, ReadingRow
from scoring.items import EXCEEDS, Item
from scoring.league import League, Standing, rank_locations, score_locations
from scoring.models import Framework, LevelCount
from scoring.regularity import DelightRate, Regularity, delight_rate, stage_regularity
from scoring.scale import FULL_DENOMINATOR_METHODS, NA, NO
from scoring.whole_journey import score_whole_journeys

# Whoever may read own locations only learns the mean of the others from this many of them on:
# below it, the mean and one's own score would tell what a colleague scored.
MIN_OTHERS = 3

Happened = dict[str, dict[str, tuple[int, int]]]  # {location: {method: (happened, seen)}}


@dataclass(frozen=True, slots=True)
class LeagueSheet:
    """The league as one person may see it; `stage` None is the whole journey.

    `league` holds all locations of the programme: a filter by location or region, and the
    locations a person is held to, choose the `rows` that are shown, and never who is compared.
    `is_hidden` where so few others are compared that the comparison would give them away: the
    rows then say nothing of it. `unlocated` counts the observations that name no location.
    """

    sheet: ScoreSheet
    stage: Stage | None
    needed: int
    league: League
    rows: tuple[tuple[Location, Standing], ...]
    is_hidden: bool
    unlocated: int


def read_league(sheet: ScoreSheet, access: Access, stage: Stage | None) -> LeagueSheet:
    """The number of queries is fixed, and none of them touches an observation."""
    framework = sheet.framework
    if framework is None or not sheet.stages:
        return LeagueSheet(sheet, stage, 0, League((), None), (), is_hidden=False, unlocated=0)
    among = sheet.stages if stage is None else [stage]
    everywhere = replace(sheet, selection=replace(sheet.selection, locations=None))
    cells = cells_in(framework, everywhere.selection, stage)
    locations = list(Location.objects.filter(programme=sheet.journey.programme))
    league = _league(everywhere, stage, cells, locations)
    hidden = _is_hidden(league, locations, access)
    return LeagueSheet(
        sheet=sheet,
        stage=stage,
        needed=min(framework.thresholds.observations_needed(one.criticality) for one in among),
        league=league,
        rows=_rows(league, locations, sheet.selection, is_hidden=hidden),
        is_hidden=hidden,
        unlocated=sum(
            cell.vector.n
            for cell in cells
            if cell.location is None and cell.stage == (stage.key if stage else None)
        ),
    )


def _league(
    sheet: ScoreSheet,
    stage: Stage | None,
    cells: Sequence[CellRow],
    locations: Sequence[Location],
) -> League:
    framework = sheet.framework
    assert framework is not None
    rules: dict[str, Any] = {
        "locations": [LocationShare(one.code, one.share_bp) for one in locations],
        "pools": sheet.pools,
        "method_weights": sheet.journey.programme.method_weights,
        "thresholds": framework.thresholds,
    }
    if stage is None:
        stages = facts_of(sheet.journey, sheet.stages, [])
        found = score_whole_journeys(stages=stages, cells=cells, **rules)
        return rank_locations(
            {code: one.score for code, one in found.items()},
            {code: one.methods for code, one in found.items()},
        )
    [facts] = facts_of(sheet.journey, [stage], [])
    readings = _readings(sheet, stage)
    return rank_locations(score_locations(facts=facts, cells=cells, readings=readings, **rules))


def _readings(sheet: ScoreSheet, stage: Stage) -> dict[str, list[ReadingRow]]:
    """Aggregated counts of one stage by location; those of no location belong to none."""
    rows = Reading.objects.filter(within(sheet.selection), framework=sheet.framework)
    rows = rows.exclude(location=None)
    found = grouped_readings(rows, ["location__code"], [stage], sheet.items)
    return {code: own for (code,), own in found.items()}


def _is_hidden(league: League, locations: Sequence[Location], access: Access) -> bool:
    if access.reading_location_ids is None:
        return False
    own = {one.code for one in locations if one.pk in access.reading_location_ids}
    others = sum(one.location not in own for one in league.compared)
    return others < MIN_OTHERS


def _rows(
    league: League, locations: Iterable[Location], selection: Selection, *, is_hidden: bool
) -> tuple[tuple[Location, Standing], ...]:
    named = {one.code: one for one in locations}
    shown = [
        one
        for one in league.standings
        if selection.locations is None or one.location in selection.locations
    ]
    if is_hidden:
        shown = [replace(one, kept=None, shrunk=None, rank=None) for one in shown]
    return tuple((named[one.location], one) for one in shown)


@dataclass(frozen=True, slots=True)
class StageDelight:
    """Every interaction of one stage that can exceed expectations; `regularity` None where none can."""

    stage: Stage
    rates: tuple[DelightRate, ...]

    @property
    def regularity(self) -> Regularity | None:
        return stage_regularity(self.rates)


def read_delight(sheet: ScoreSheet, stages: Sequence[Stage] | None = None) -> list[StageDelight]:
    """How regular delight is, over the methods that the scores are made of; in one query.

    Verbatims and social listening are left out, since they name a delight only where it happened;
    so are aggregated readings, which are no observations.
    """
    stages = sheet.stages if stages is None else stages
    if sheet.framework is None or not stages:
        return []
    items = [item for item in sheet.items if any(points >= EXCEEDS for points in item.points)]
    counts = _happened(sheet.framework, sheet.selection, items)
    methods = {
        score.stage: {one.method for one in score.methods if one.used and not one.aggregated}
        - FULL_DENOMINATOR_METHODS
        for score in sheet.reading.stages
    }
    thresholds = sheet.framework.thresholds
    return [
        StageDelight(
            stage,
            tuple(
                delight_rate(
                    item.key,
                    _over(counts.get(item.key, {}), methods.get(stage.key, set())),
                    min_observations=thresholds.observations_needed(stage.criticality),
                )
                for item in items
                if item.stage == stage.key
            ),
        )
        for stage in stages
    ]


def _happened(
    framework: Framework, selection: Selection, items: Iterable[Item]
) -> dict[str, Happened]:
    """By interaction; answers that are no level count neither way."""
    exceeding = Q(answer__in=[str(points) for points in range(EXCEEDS, 4)])
    rows = (
        LevelCount.objects.filter(
            within(selection), framework=framework, interaction__in=[item.key for item in items]
        )
        .exclude(location=None)
        .exclude(answer__in=(NA, NO))
        .values_list("interaction", "location__code", "method")
        .annotate(happened=Sum("count", filter=exceeding, default=0), seen=Sum("count"))
        .order_by()
    )
    found: dict[str, Happened] = {}
    for key, code, method, happened, seen in rows:
        one = found.setdefault(key, {}).setdefault(str(code), {})
        one[method] = (int(happened), int(seen))
    return found


def _over(counts: Happened, methods: set[str]) -> list[tuple[str, int, int]]:
    """Summed over the methods that count."""
    return [
        (
            code,
            sum(given[0] for method, given in by_method.items() if method in methods),
            sum(given[1] for method, given in by_method.items() if method in methods),
        )
        for code, by_method in counts.items()
    ]
