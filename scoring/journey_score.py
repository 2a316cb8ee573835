"""Stages -> journey: J by criticality, and the literal cumulative score beside it."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from scoring.figures import CellRow, Flag, JourneyScore, Label, StageFacts, StageScore
from scoring.intervals import DEFAULT_POOL, Part, Pool, cell_interval, mover
from scoring.numbers import Interval, x
from scoring.vector import Vector

FIRST_AND_LAST: Final = 2  # the least criticality of first and last contact
COMPLETE_JOURNEY: Final = Fraction(4, 5)


def effective_criticality(stages: Sequence[StageFacts]) -> dict[str, int]:
    """c_s by stage key: as declared, but at least 2 for the first and last stage with a touchpoint."""
    contacts = [stage.key for stage in stages if stage.has_touchpoint]
    ends = {contacts[0], contacts[-1]} if contacts else set()
    return {
        stage.key: max(stage.criticality, FIRST_AND_LAST if stage.key in ends else 0)
        for stage in stages
    }


def score_whole_journey(
    stages: Sequence[StageScore], cells: Sequence[CellRow], pools: Mapping[str, Pool]
) -> JourneyScore:
    """J = sum c_s X_s / sum c_s over the stages that are not insufficient, MOVER with a_s = c_s / sum c.

    MOVER treats the stages as independent, though one customer goes through several.
    """
    known = [stage for stage in stages if stage.label is not Label.INSUFFICIENT]
    used = sum(stage.criticality for stage in known)
    total = sum(stage.criticality for stage in stages)
    parts = [part for stage in known for part in _part(stage, used)]
    targets = [
        Fraction(stage.criticality, used) * stage.target.score
        for stage in known
        if stage.target is not None
    ]
    has_target = bool(known) and len(targets) == len(known)
    sums, cumulative_interval = _cumulative(stages, cells, pools)
    return JourneyScore(
        score=sum((p.coefficient * p.estimate for p in parts), Fraction(0)) if parts else None,
        interval=mover(parts) if parts else None,
        target=sum(targets, Fraction(0)) if has_target else None,
        coverage=(used, total),
        flags=(Flag.PARTIAL_JOURNEY,) if used < COMPLETE_JOURNEY * total else (),
        cumulative=x(sums.S, sums.P, sums.Q) if sums else None,
        cumulative_interval=cumulative_interval,
        cumulative_sums=sums,
    )


def _part(stage: StageScore, used: int) -> list[Part]:
    if stage.score is None or stage.interval is None:
        return []
    return [Part(Fraction(stage.criticality, used), stage.score, *stage.interval)]


def _cumulative(
    stages: Sequence[StageScore], cells: Sequence[CellRow], pools: Mapping[str, Pool]
) -> tuple[Vector | None, Interval | None]:
    """The summed journey rows, over the methods used in a stage (all methods if none is).

    The interval is that of the journey vector, given for one used method and one stratum alone.
    Without any journey row (a channel reading) stage sums add up to the same score, but not to
    its squares: no interval then.
    """
    rows = [cell for cell in cells if cell.stage is None]
    squares_known = bool(rows)
    if not rows:
        keys = {stage.stage for stage in stages}
        rows = [cell for cell in cells if cell.stage in keys]
    used = {m.method for stage in stages for m in stage.methods if m.used}
    observed = {m.method for stage in stages for m in stage.methods if m.used and not m.aggregated}
    strata: dict[tuple[str, str | None], Vector] = {}
    for cell in rows:
        if not observed or cell.method in observed:
            key = (cell.method, cell.location)
            strata[key] = strata.get(key, Vector()) + cell.vector
    strata = {key: vector for key, vector in strata.items() if vector.has_data}
    if not strata:
        return None, None
    whole = Vector.total(strata.values())
    if not squares_known or len(used) != 1 or len(strata) != 1:
        return whole, None
    (method, _), *_ = strata
    return whole, cell_interval(whole, pools.get(method, DEFAULT_POOL).v0)
