"""Two windows of a journey compared, stage by stage: what was seen in both through the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

from django.utils import timezone

from journeys.models import Journey, Stage
from observations.cells import (
    cells_in,
    facts_of,
    items_of,
    readings_in,
    shares_in,
    versions_in,
    within,
)
from observations.common_ground import CommonGround, GroundSource, find_common_ground
from observations.pending import pending_among
from observations.pooling import pools_of
from observations.selection import Comparison, Selection
from scoring.change import (
    Group,
    Period,
    Rules,
    StageChange,
    Withheld,
    before_closing,
    compare_stage,
)
from scoring.change_journey import compare_journey
from scoring.intervals import Pool
from scoring.journey_score import effective_criticality
from scoring.models import Framework, StageCell
from scoring.scale import Item
from scoring.vector import Vector


@dataclass(frozen=True, slots=True)
class VersionCount:
    """The observations of a framework version in each window."""

    version: int
    before: int
    after: int
    baseline: int | None


@dataclass(frozen=True, slots=True)
class ChangeSheet:
    """The changes between two windows, read in one framework version or on a common ground.

    `common_ground` is None where one version carries all windows, which `framework` then is; else
    `framework` is the newest of the ground. `versions` are newest first. A window that is not
    `after_closed` may still bring observations: there is no verdict before. `pending`
    counts what is not in the figures yet: a common ground reads observations, and misses none.
    `whole` is the change of the journey score, None where there is no stage to compare.
    """

    journey: Journey
    framework: Framework | None
    comparison: Comparison
    stages: tuple[StageChange, ...]
    whole: StageChange | None
    versions: tuple[VersionCount, ...]
    common_ground: CommonGround | None
    after_closed: bool
    pending: int


class Source(Protocol):
    """Where a comparison is read from."""

    @property
    def stages(self) -> tuple[Stage, ...]: ...

    def has(self, stage: Stage) -> bool:
        """Whether the stage can be compared at all."""

    def periods(self, window: Selection) -> dict[str, Period]:
        """What each stage was read from in a window."""

    def pools(self) -> dict[str, Pool]: ...


@dataclass(frozen=True, slots=True)
class CellSource:
    """The cells of the one framework version that carries all windows."""

    framework: Framework
    stages: tuple[Stage, ...]
    items: list[Item]

    @classmethod
    def of(cls, framework: Framework, stages: tuple[Stage, ...]) -> Self:
        return cls(framework, stages, items_of(framework, Selection()) if stages else [])

    def has(self, stage: Stage) -> bool:
        return stage in self.stages

    def periods(self, window: Selection) -> dict[str, Period]:
        cells: dict[str, dict[str, dict[str | None, Vector]]] = {
            stage.key: {} for stage in self.stages
        }
        for cell in cells_in(self.framework, window):
            if cell.stage in cells:
                cells[cell.stage].setdefault(cell.method, {})[cell.location] = cell.vector
        rows = readings_in(self.framework, window, self.stages, self.items)
        return {
            key: Period(found, {row.method: row for row in rows if row.stage == key})
            for key, found in cells.items()
        }

    def pools(self) -> dict[str, Pool]:
        return pools_of(self.framework, self.stages)


def read_changes(journey: Journey, comparison: Comparison) -> ChangeSheet:
    """Windows share no month. The number of queries is fixed; none touches an observation where one
    version carries all windows."""
    seen = [dict(versions_in(journey, window)) for window in comparison.windows]
    frameworks = _frameworks(journey, seen)
    ground = find_common_ground(frameworks) if len(frameworks) > 1 else None
    framework = max(frameworks, key=lambda one: one.version, default=None)
    stages = tuple(stage for stage in journey.stages.all() if stage.in_perimeter)
    if framework is None or not journey.segment.in_perimeter:
        stages = ()
    pending = 0
    if framework is not None and ground is None:
        pending = pending_among([journey]).get(journey.pk, 0)
    compared = _compare(framework, ground, stages, comparison) if framework else ()
    versions = _counts(seen, with_baseline=comparison.second_baseline is not None)
    whole = (
        _whole(journey, stages, compared, _of(versions, framework, ground)) if compared else None
    )
    closed = is_closed(comparison.after)
    return ChangeSheet(
        journey=journey,
        framework=framework,
        comparison=comparison,
        stages=compared if closed else tuple(before_closing(one) for one in compared),
        whole=whole if closed or whole is None else before_closing(whole),
        versions=versions,
        common_ground=ground,
        after_closed=closed,
        pending=pending,
    )


def _of(
    versions: Sequence[VersionCount], framework: Framework | None, ground: CommonGround | None
) -> list[VersionCount]:
    """The counts of the versions that are compared."""
    if ground is not None:
        return [one for one in versions if one.version in ground.versions]
    return [one for one in versions if framework and one.version == framework.version]


def _whole(
    journey: Journey,
    stages: Sequence[Stage],
    compared: Sequence[StageChange],
    counts: Sequence[VersionCount],
) -> StageChange:
    return compare_journey(
        compared,
        effective_criticality(facts_of(journey, stages, [])),
        n_before=sum(one.before for one in counts),
        n_after=sum(one.after for one in counts),
        n_baseline=sum(one.baseline or 0 for one in counts),
    )


def observed_months(journey: Journey, selection: Selection | None = None) -> set[str]:
    """The months in which the journey was observed, in any version; at all without a selection."""
    cells = StageCell.objects.filter(framework__journey=journey, stage=None, n__gt=0)
    if selection is not None:
        cells = cells.filter(within(selection))
    return set(cells.values_list("month", flat=True).distinct())


def _frameworks(journey: Journey, seen: Sequence[Mapping[int, int]]) -> list[Framework]:
    """The newest version that carries every window alone, else those that carry each together.

    A version carries a window alone with half of its observations or more, and as many as a score
    needs: one stray answer to an old guide decides nothing, and most of what was seen is compared. A
    window in which nothing was observed says nothing of versions; without any, the newest counts.
    """
    published = Framework.objects.published().filter(journey=journey)
    published = published.select_related("journey__programme")
    observed = [versions for versions in seen if versions]
    if not observed:
        newest = published.order_by("-version").first()
        return [] if newest is None else [newest]
    there = {one.version: one for one in published.filter(version__in=set().union(*observed))}
    alone = [
        framework
        for framework in there.values()
        if all(_carries(framework, versions) for versions in observed)
    ]
    if alone:
        return [max(alone, key=lambda one: one.version)]
    wanted = set().union(*(_carriers(versions) for versions in observed))
    return [framework for version, framework in there.items() if version in wanted]


def _carries(framework: Framework, versions: Mapping[int, int]) -> bool:
    n = versions.get(framework.version, 0)
    return n >= framework.thresholds.min_observations and 2 * n >= sum(versions.values())


def _carriers(versions: Mapping[int, int]) -> set[int]:
    """Most observed first, the newest of equals, until they hold half of the window."""
    found: set[int] = set()
    held = 0
    for version, n in sorted(versions.items(), key=lambda one: (-one[1], -one[0])):
        if 2 * held < sum(versions.values()):
            found.add(version)
            held += n
    return found


def _counts(seen: Sequence[Mapping[int, int]], *, with_baseline: bool) -> tuple[VersionCount, ...]:
    """Of the locations acted on: those of a control are no part of the change."""
    before, after = seen[:2]
    baseline = seen[2] if with_baseline else {}
    return tuple(
        VersionCount(
            version,
            before.get(version, 0),
            after.get(version, 0),
            baseline.get(version, 0) if with_baseline else None,
        )
        for version in sorted(set().union(before, after, baseline), reverse=True)
    )


def is_closed(window: Selection) -> bool:
    """Whether its last month is over."""
    return window.last_month is not None and window.last_month < f"{timezone.localdate():%Y-%m}"


def _compare(
    framework: Framework,
    ground: CommonGround | None,
    stages: tuple[Stage, ...],
    comparison: Comparison,
) -> tuple[StageChange, ...]:
    if not stages:
        return ()
    source: Source = (
        CellSource.of(framework, stages) if ground is None else GroundSource.of(ground, stages)
    )
    baseline = comparison.second_baseline
    acted_on = _groups(source, framework, comparison.before, comparison.after)
    control = _control(source, framework, comparison)
    since = source.periods(baseline) if baseline else {}
    rules = Rules(
        pools=source.pools(),
        method_weights=framework.journey.programme.method_weights,
        min_observations=framework.thresholds.min_observations,
    )
    return tuple(
        compare_stage(
            stage.key,
            acted_on[stage.key],
            _rules_of(stage, rules, framework),
            control=control.get(stage.key),
            baseline=since.get(stage.key),
        )
        if source.has(stage)
        else StageChange(stage.key, excluded_because=Withheld.DIFFERENT_FRAMEWORK)
        for stage in stages
    )


def _rules_of(stage: Stage, rules: Rules, framework: Framework) -> Rules:
    needed = framework.thresholds.observations_needed(stage.criticality)
    return replace(rules, min_observations=needed)


def _control(source: Source, framework: Framework, comparison: Comparison) -> dict[str, Group]:
    if not comparison.control:
        return {}
    before, after = comparison.windows[2:]
    return _groups(source, framework, before, after)


def _groups(
    source: Source, framework: Framework, before: Selection, after: Selection
) -> dict[str, Group]:
    """What each stage was read from at the locations of the two selections."""
    shares = shares_in(framework.journey, before)
    first, second = source.periods(before), source.periods(after)
    return {
        stage.key: Group(first[stage.key], second[stage.key], shares) for stage in source.stages
    }
