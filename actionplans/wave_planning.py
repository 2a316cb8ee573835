"""Before a wave: what could it show? The spread of a stage's observations, from all that was seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from journeys.models import Journey, Stage
from observations.cells import cells_in, items_of
from observations.pooling import pools_of
from observations.selection import Selection
from scoring.consolidate import method_weight
from scoring.intervals import DEFAULT_POOL, MIN_POOL_DF, Pool
from scoring.items import Item
from scoring.models import Framework
from scoring.planning import (
    MethodSpread,
    detectable,
    needed,
    spread_of_one,
    spread_together,
)
from scoring.vector import Vector


@dataclass(frozen=True, slots=True)
class KnownMethod:
    """`n` observations seen so far; `is_assumed` where too few say how much they differ."""

    method: str
    n: int
    sd: float
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class WavePlan:
    """`sd` is that of one observation of a wave, in score points: its methods together.

    A control as large doubles the variance: what is looked at is then a difference of differences.
    """

    stage: Stage
    methods: tuple[KnownMethod, ...]
    sd: float
    with_control: bool

    @property
    def spread(self) -> float:
        return self.sd * sqrt(2) if self.with_control else self.sd

    def detectable(self, n: int) -> float:
        return detectable(self.spread, n)

    def needed(self, delta: float) -> int:
        return needed(self.spread, delta)


def plan_waves(
    journey: Journey,
    stages: Sequence[Stage],
    *,
    methods: Collection[str],
    locations: Collection[str],
    with_control: bool,
) -> list[WavePlan]:
    """One plan a stage that is scored; without methods, those that were used there.

    The spread is the pooled one of each method (2.2), which is the same under any filter; what a
    point is worth comes from the observations of the stage, else from its framework. The number of
    queries is fixed.
    """
    framework = Framework.objects.published().filter(journey=journey).order_by("-version").first()
    if framework is None:
        return []
    seen: dict[str, dict[str, Vector]] = {stage.key: {} for stage in stages}
    asked = Selection(methods=tuple(methods), locations=tuple(locations) or None)
    for cell in cells_in(framework, asked):
        if cell.stage in seen and cell.vector.has_data:
            of_stage = seen[cell.stage]
            of_stage[cell.method] = of_stage.get(cell.method, Vector()) + cell.vector
    pools = pools_of(framework, [stage for stage in journey.stages.all() if stage.in_perimeter])
    items = items_of(framework, Selection())
    found = []
    for stage in stages:
        used = seen[stage.key]
        own = [item for item in items if item.stage == stage.key]
        known = [
            _known(method, used.get(method), pools.get(method, DEFAULT_POOL), own)
            for method in methods or sorted(used)
        ]
        if known:
            found.append(_together(stage, known, journey.programme.method_weights, with_control))
    return found


def _known(method: str, vector: Vector | None, pool: Pool, items: Sequence[Item]) -> KnownMethod:
    """Without an observation, as if a visit met every interaction of the stage, and scored 0."""
    if vector is None:
        gain, loss = sum(item.gain for item in items), sum(item.loss for item in items)
        vector = Vector(P=gain, Q=loss)
    sd = spread_of_one(pool.v0, vector.S, vector.P, vector.Q)
    return KnownMethod(method, vector.n, sd, is_assumed=pool.df < MIN_POOL_DF)


def _together(
    stage: Stage, known: Sequence[KnownMethod], weights: dict[str, int], with_control: bool
) -> WavePlan:
    """Methods in the parts that they had so far; equal parts where one was not used yet."""
    total = sum(one.n for one in known)
    is_new = any(one.n == 0 for one in known)
    spreads = [
        MethodSpread(
            method_weight(one.method, weights),
            Fraction(1, len(known)) if is_new else Fraction(one.n, total),
            one.sd,
        )
        for one in known
    ]
    used = [one for one in spreads if one.weight > 0]
    return WavePlan(stage, tuple(known), spread_together(used) if used else 0.0, with_control)
