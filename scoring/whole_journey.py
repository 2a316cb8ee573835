"""Whole journeys of locations side by side: the cumulative score (2.4) of each location read alone.

It is x of the summed journey rows of the methods used in at least one stage: the very score that a
filter by that location gives. Every point counts as it fell, so that methods have no weight in it,
and its variance is that of the one vector they add up to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from scoring.classify import score_stage
from scoring.consolidate import method_weight, score_method
from scoring.figures import CellRow, LocationShare, MethodScore, StageFacts, StageScore
from scoring.intervals import DEFAULT_POOL, Pool
from scoring.scale import Thresholds
from scoring.vector import Vector

WHOLE_JOURNEY: Final = "*"
# Read like an ordinary stage: its label and target are never shown.
_FACTS: Final = StageFacts.from_items(
    WHOLE_JOURNEY, [], criticality=1, has_touchpoint=False, reach_bp=10_000
)


@dataclass(frozen=True, slots=True)
class WholeScore:
    """One location, and the methods whose observations the score adds up."""

    score: StageScore
    methods: tuple[str, ...]


def score_whole_journeys(
    *,
    stages: Sequence[StageFacts],
    cells: Sequence[CellRow],
    locations: Sequence[LocationShare],
    pools: Mapping[str, Pool],
    method_weights: Mapping[str, int],
    thresholds: Thresholds,
) -> dict[str, WholeScore]:
    """`cells` are those of all `stages` and the journey rows; those of other stages are ignored."""
    found: dict[str, list[CellRow]] = {}
    for cell in cells:
        if cell.location is not None:
            found.setdefault(cell.location, []).append(cell)
    weights = {cell.method: method_weight(cell.method, method_weights) for cell in cells}
    # One stage with enough observations makes a cumulative score.
    needed = min(thresholds.observations_needed(stage.criticality) for stage in stages)
    scores = {}
    for share in locations:
        own = found.get(share.code, [])
        lacking = _lacking(own, stages, weights, thresholds)
        methods = _methods(own, share, lacking, weights, pools)
        score = score_stage(_FACTS, _FACTS.criticality, methods, thresholds)
        least = min(lacking.values(), default=needed)
        used = tuple(sorted(method for method, missing in lacking.items() if not missing))
        scores[share.code] = WholeScore(replace(score, missing=least), used)
    return scores


def _lacking(
    cells: Sequence[CellRow],
    stages: Sequence[StageFacts],
    weights: Mapping[str, int],
    thresholds: Thresholds,
) -> dict[str, int]:
    """What each method lacks where it lacks least; 0 where it is used in at least one stage."""
    needed = {one.key: thresholds.observations_needed(one.criticality) for one in stages}
    lacking: dict[str, int] = {}
    for cell in cells:
        if cell.stage in needed and cell.vector.has_data and weights[cell.method] > 0:
            missing = max(0, needed[cell.stage] - cell.vector.n)
            lacking[cell.method] = min(missing, lacking.get(cell.method, missing))
    return lacking


def _methods(
    cells: Sequence[CellRow],
    share: LocationShare,
    lacking: Mapping[str, int],
    weights: Mapping[str, int],
    pools: Mapping[str, Pool],
) -> list[MethodScore]:
    """The used methods as one; where none is used, each by itself and none of them used."""
    rows = {cell.method: cell.vector for cell in cells if cell.stage is None}
    rows = {method: vector for method, vector in rows.items() if vector.has_data}
    used = {method: vector for method, vector in rows.items() if lacking.get(method) == 0}
    if used:
        whole: dict[str | None, Vector] = {share.code: Vector.total(used.values())}
        pool = _pool_of(used, pools)
        return [
            score_method(
                WHOLE_JOURNEY, whole, weight=1, min_observations=0, pool=pool, shares=[share]
            )
        ]
    return [
        score_method(
            method,
            {share.code: vector},
            weight=weights[method],
            min_observations=vector.n + 1,
            pool=pools.get(method, DEFAULT_POOL),
            shares=[share],
        )
        for method, vector in rows.items()
    ]


def _pool_of(rows: Mapping[str, Vector], pools: Mapping[str, Pool]) -> Pool:
    """The prior variance of observations of several methods: the mean of theirs over the observations."""
    n = sum(vector.n for vector in rows.values())
    own = [(vector.n, pools.get(method, DEFAULT_POOL)) for method, vector in rows.items()]
    return Pool(
        sum((Fraction(part, n) * pool.v0 for part, pool in own), Fraction(0)),
        sum(pool.df for _part, pool in own),
    )
