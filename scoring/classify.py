"""Cells -> the typical journey: strata, methods, stages, journey, each with its qualification.

The door to the scoring of cells; the steps are in `consolidate`, `labels` and `journey_score`.
"""

from collections.abc import Mapping, Sequence

from scoring.consolidate import (
    consolidate,
    diverge,
    method_weight,
    score_method,
    score_reading_row,
)
from scoring.figures import (
    CellRow,
    Certainty,
    Evidence,
    Exclusion,
    Flag,
    JourneyReading,
    JourneyScore,
    Label,
    LocationShare,
    MethodScore,
    ReadingRow,
    StageFacts,
    StageScore,
    StratumScore,
)
from scoring.intervals import DEFAULT_POOL, Pool, pool_variance
from scoring.journey_score import effective_criticality, score_whole_journey
from scoring.labels import INSUFFICIENT, qualify
from scoring.scale import Thresholds
from scoring.vector import Vector

__all__ = [
    "CellRow",
    "Certainty",
    "Evidence",
    "Exclusion",
    "Flag",
    "JourneyReading",
    "JourneyScore",
    "Label",
    "LocationShare",
    "MethodScore",
    "Pool",
    "ReadingRow",
    "StageFacts",
    "StageScore",
    "StratumScore",
    "pool_variance",
    "score_journey",
    "score_stage",
]

_StageCells = dict[str, dict[str | None, Vector]]


def score_journey(
    *,
    stages: Sequence[StageFacts],
    cells: Sequence[CellRow],
    pools: Mapping[str, Pool],
    shares: Sequence[LocationShare],
    method_weights: Mapping[str, int],
    thresholds: Thresholds,
    readings: Sequence[ReadingRow] = (),
) -> JourneyReading:
    """Read the typical journey from cells.

    `stages` are those of the perimeter, in journey order, each listed even without data; cells of
    other stages are ignored. `shares` are the programme's locations, or those that a location or
    region filter names. A method without a pool takes v0 = 0.16, one without a weight its default.
    """
    by_stage = _group(cells)
    criticality = effective_criticality(stages)
    scored = []
    for facts in stages:
        needed = thresholds.observations_needed(facts.criticality)
        methods = [
            score_method(
                method,
                vectors,
                weight=method_weight(method, method_weights),
                min_observations=needed,
                pool=pools.get(method, DEFAULT_POOL),
                shares=shares,
            )
            for method, vectors in by_stage.get(facts.key, {}).items()
        ]
        methods += [
            score_reading_row(
                row,
                weight=method_weight(row.method, method_weights),
                min_observations=needed,
            )
            for row in readings
            if row.stage == facts.key
        ]
        scored.append(score_stage(facts, criticality[facts.key], methods, thresholds))
    return JourneyReading(tuple(scored), score_whole_journey(scored, cells, pools))


def _group(cells: Sequence[CellRow]) -> dict[str, _StageCells]:
    """Group by stage, method and location what has data (n <= 0 has none)."""
    sums: dict[tuple[str, str, str | None], Vector] = {}
    for cell in cells:
        if cell.stage is not None:
            key = (cell.stage, cell.method, cell.location)
            sums[key] = sums[key] + cell.vector if key in sums else cell.vector
    grouped: dict[str, _StageCells] = {}
    for (stage, method, location), vector in sums.items():
        if vector.has_data:
            grouped.setdefault(stage, {}).setdefault(method, {})[location] = vector
    return grouped


def score_stage(
    facts: StageFacts,
    criticality: int,
    methods: Sequence[MethodScore],
    thresholds: Thresholds,
) -> StageScore:
    """Consolidate the methods of one stage and qualify it; `criticality` is the effective one.

    If no method is used, the figures are given over all with n >= 1, but the stage stays insufficient.
    """
    methods = sorted(methods, key=lambda method: method.method)
    used = [method for method in methods if method.used]
    basis = used or methods
    figures = consolidate(basis) if basis else None
    sums = Vector.total(method.sums for method in basis)
    qualification = INSUFFICIENT
    # Readings alone carry no observation: they never make a label.
    if figures is not None and any(not method.aggregated for method in used):
        qualification = qualify(
            score=figures.score,
            interval=figures.interval,
            sums=sums,
            has_basic=facts.has_basic,
            has_exceeding=facts.has_exceeding,
            thresholds=thresholds,
            other_flags=_method_flags(used),
        )
    return StageScore(
        stage=facts.key,
        criticality=criticality,
        reach_bp=facts.reach_bp,
        sums=sums,
        missing=_missing(methods, thresholds.observations_needed(criticality)),
        score=figures.score if figures else None,
        raw_score=figures.raw_score if figures else None,
        interval=figures.interval if figures else None,
        label=qualification.label,
        certainty=qualification.certainty,
        evidence=qualification.evidence,
        flags=qualification.flags,
        target=facts.target,
        methods=tuple(methods),
    )


def _method_flags(used: Sequence[MethodScore]) -> frozenset[Flag]:
    flags = frozenset(flag for method in used for flag in method.flags)
    return flags | {Flag.METHODS_DIVERGE} if diverge(used) else flags


def _missing(methods: Sequence[MethodScore], min_observations: int) -> int:
    """How many observations the best placed method lacks: methods don't add up to one that may be used."""
    counts = [m.n for m in methods if m.weight > 0 and not m.aggregated]
    return max(0, min_observations - max(counts, default=0))
