"""Two windows of a journey compared, stage by stage: the cells of both through the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils import timezone

from journeys.models import Journey, Stage
from observations.cells import (
    cells_in,
    items_of,
    pools_of,
    readings_in,
    shares_in,
    versions_in,
)
from observations.models import PendingFold
from observations.selection import Comparison, Selection
from scoring.change import Group, Period, Rules, StageChange, Withheld, compare_stage
from scoring.models import Framework
from scoring.scale import Item
from scoring.vector import Vector


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """The changes between two windows, read in one framework version.

    `versions` count the observations of each version before and after, newest first. A window that
    is not `after_closed` may still bring observations: a verdict is only final once it is.
    """

    journey: Journey
    framework: Framework | None
    comparison: Comparison
    stages: tuple[StageChange, ...]
    versions: tuple[tuple[int, int, int], ...]
    after_closed: bool
    pending: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """One framework version with the perimeter stages and interactions read in it."""

    framework: Framework
    stages: tuple[Stage, ...]
    items: list[Item]


def read_changes(journey: Journey, comparison: Comparison) -> ChangeSheet:
    """The number of queries is fixed, and none of them touches an observation."""
    before = dict(versions_in(journey, comparison.before))
    after = dict(versions_in(journey, comparison.after))
    framework = _framework(journey, before, after)
    stages = tuple(stage for stage in journey.stages.all() if stage.in_perimeter)
    if framework is None or not journey.segment.in_perimeter:
        stages = ()
    return ChangeSheet(
        journey=journey,
        framework=framework,
        comparison=comparison,
        stages=_compare(framework, stages, comparison, before, after) if framework else (),
        versions=tuple(
            (version, before.get(version, 0), after.get(version, 0))
            for version in sorted(before | after, reverse=True)
        ),
        after_closed=_closed(comparison.after),
        pending=PendingFold.objects.filter(framework=framework).count() if framework else 0,
    )


def _framework(
    journey: Journey, before: Mapping[int, int], after: Mapping[int, int]
) -> Framework | None:
    """The newest version observed in both windows, else the newest observed, else the newest."""
    published = Framework.objects.published().filter(journey=journey)
    published = published.select_related("journey__programme")
    seen = before.keys() & after.keys() or before.keys() | after.keys()
    if seen:
        return published.get(version=max(seen))
    return published.order_by("-version").first()


def _closed(window: Selection) -> bool:
    return window.last_month is not None and window.last_month < f"{timezone.localdate():%Y-%m}"


def _compare(
    framework: Framework,
    stages: tuple[Stage, ...],
    comparison: Comparison,
    before: Mapping[int, int],
    after: Mapping[int, int],
) -> tuple[StageChange, ...]:
    reason = None
    if comparison.before.overlaps(comparison.after):
        reason = Withheld.WINDOWS_OVERLAP
    elif before and after and not before.keys() & after.keys():
        reason = Withheld.DIFFERENT_FRAMEWORK
    if reason is not None:
        return tuple(StageChange(stage.key, excluded_because=reason) for stage in stages)
    ground = _Ground(framework, stages, items_of(framework, Selection()) if stages else [])
    rules = Rules(
        pools=pools_of(framework, stages),
        method_weights=framework.journey.programme.method_weights,
        min_observations=framework.thresholds.min_observations,
    )
    acted_on = _groups(ground, comparison.before, comparison.after)
    control: dict[str, Group] = {}
    if comparison.control:
        control = _groups(
            ground,
            replace(comparison.before, locations=comparison.control),
            replace(comparison.after, locations=comparison.control),
        )
    return tuple(
        compare_stage(stage.key, acted_on[stage.key], rules, control=control.get(stage.key))
        for stage in stages
    )


def _groups(ground: _Ground, before: Selection, after: Selection) -> dict[str, Group]:
    """What each stage was read from at the locations of the two selections."""
    shares = shares_in(ground.framework.journey, before)
    periods = [_periods(ground, window) for window in (before, after)]
    return {
        stage.key: Group(periods[0][stage.key], periods[1][stage.key], shares)
        for stage in ground.stages
    }


def _periods(ground: _Ground, window: Selection) -> dict[str, Period]:
    cells: dict[str, dict[str, dict[str | None, Vector]]] = {
        stage.key: {} for stage in ground.stages
    }
    for cell in cells_in(ground.framework, window):
        if cell.stage in cells:
            cells[cell.stage].setdefault(cell.method, {})[cell.location] = cell.vector
    rows = readings_in(ground.framework, window, ground.stages, ground.items)
    return {
        key: Period(found, {row.method: row for row in rows if row.stage == key})
        for key, found in cells.items()
    }
