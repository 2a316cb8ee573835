"""Is the change real? Two readings of one stage, like for like: same methods, same locations.

A control (locations where nothing was done) turns the change into a difference in differences;
without one a worst stage that is measured again seems to gain (regression to the mean), so a
verdict without a control says that nobody stood witness.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import Final

from scoring.change_by_method import (
    Group,
    MethodChange,
    MixShift,
    Period,
    Rules,
    Withheld,
    compare_methods,
    disagree,
)
from scoring.intervals import Part, mover, mover_difference
from scoring.numbers import Interval
from scoring.planning import MATERIAL, needed_to_conclude

__all__ = [
    "Group",
    "MethodChange",
    "MixShift",
    "Period",
    "Rules",
    "StageChange",
    "Verdict",
    "Withheld",
    "compare_stage",
    "judge",
]


class Verdict(StrEnum):
    """Without a control an improvement is observed, and not shown to be real."""

    REAL_IMPROVEMENT = "real_improvement"
    REAL_DETERIORATION = "real_deterioration"
    IMPROVEMENT_WITHOUT_CONTROL = "improvement_without_control"
    DETERIORATION_WITHOUT_CONTROL = "deterioration_without_control"
    NO_MATERIAL_CHANGE = "no_material_change"
    INCONCLUSIVE = "inconclusive"


# What a stage says of several methods left out: the reason nearest to a comparison first.
_NEAREST_FIRST: Final = (
    Withheld.TOO_FEW,
    Withheld.NO_COMMON_LOCATION,
    Withheld.WEIGHT_ZERO,
    Withheld.NO_COMMON_METHOD,
)


@dataclass(frozen=True, slots=True)
class StageChange:
    """`control` is the change at the control locations, `did` what the change is beyond it.

    `needed` is the n per wave that would be needed, where the verdict is inconclusive.
    """

    stage: str
    n_before: int = 0
    n_after: int = 0
    crude: Fraction | None = None
    change: Fraction | None = None
    interval: Interval | None = None
    control: Fraction | None = None
    control_interval: Interval | None = None
    did: Fraction | None = None
    did_interval: Interval | None = None
    verdict: Verdict | None = None
    needed: int | None = None
    simpson: bool = False
    shift: MixShift | None = None
    excluded_because: Withheld | None = None
    methods: tuple[MethodChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Combined:
    crude: Fraction
    change: Fraction
    interval: Interval
    n_before: int
    n_after: int


def compare_stage(
    stage: str, acted_on: Group, rules: Rules, *, control: Group | None = None
) -> StageChange:
    """Compare one stage in two windows; with a control, on the methods that it shares.

    A control that can't be compared withholds the verdict: whoever asked for a witness isn't
    given a verdict without one.
    """
    methods = compare_methods(acted_on, rules)
    compared = _compared(methods)
    if not compared:
        reason = _reason(acted_on, methods)
        return StageChange(stage, methods=methods, excluded_because=reason)
    if control is None:
        return _concluded(_described(stage, methods, compared), None)
    witnesses = {one.method: one for one in _compared(compare_methods(control, rules))}
    shared = [one for one in compared if one.method in witnesses]
    if all(one.aggregated for one in shared):
        found = _described(stage, methods, compared)
        return replace(found, excluded_because=Withheld.CONTROL_NOT_COMPARABLE)
    names = {one.method for one in shared}
    methods = tuple(_without_witness(one, names) for one in methods)
    witness = _combine([witnesses[one.method] for one in shared])
    return _concluded(_described(stage, methods, shared), witness)


def _without_witness(method: MethodChange, witnessed: set[str]) -> MethodChange:
    if method.excluded_because is not None or method.method in witnessed:
        return method
    return replace(method, excluded_because=Withheld.CONTROL_NOT_COMPARABLE)


def _compared(methods: Iterable[MethodChange]) -> list[MethodChange]:
    """The methods that take part; readings alone carry no observation and make no change."""
    compared = [one for one in methods if one.excluded_because is None]
    return [] if all(one.aggregated for one in compared) else compared


def _reason(group: Group, methods: Sequence[MethodChange]) -> Withheld:
    if not (group.before.methods and group.after.methods):
        return Withheld.TOO_FEW
    reasons = {one.excluded_because for one in methods}
    return next((one for one in _NEAREST_FIRST if one in reasons), Withheld.TOO_FEW)


def _described(
    stage: str, methods: tuple[MethodChange, ...], compared: Sequence[MethodChange]
) -> StageChange:
    whole = _combine(compared)
    mixed = [one for one in compared if one.simpson]
    simpson = bool(mixed) or disagree(whole.crude, whole.change)
    shifts = [one.shift for one in mixed or compared if one.shift is not None]
    return StageChange(
        stage,
        n_before=whole.n_before,
        n_after=whole.n_after,
        crude=whole.crude,
        change=whole.change,
        interval=whole.interval,
        simpson=simpson,
        shift=max(shifts, key=attrgetter("moved")) if simpson and shifts else None,
        methods=methods,
    )


def _concluded(found: StageChange, witness: _Combined | None) -> StageChange:
    """Add the verdict: on the difference in differences where there is a witness."""
    assert found.change is not None
    assert found.interval is not None
    change, interval = found.change, found.interval
    if witness is not None:
        change -= witness.change
        interval = mover_difference(found.change, found.interval, witness.change, witness.interval)
        found = replace(
            found,
            control=witness.change,
            control_interval=witness.interval,
            did=change,
            did_interval=interval,
        )
    verdict = judge(interval, witnessed=witness is not None)
    needed = None
    if verdict is Verdict.INCONCLUSIVE:
        needed = needed_to_conclude(float(change), interval, found.n_before, found.n_after)
    return replace(found, verdict=verdict, needed=needed)


def judge(interval: Interval, *, witnessed: bool) -> Verdict:
    """Read the verdict off an interval: beyond 0, else within 5 points of it, else neither."""
    low, high = interval
    if low > 0:
        return Verdict.REAL_IMPROVEMENT if witnessed else Verdict.IMPROVEMENT_WITHOUT_CONTROL
    if high < 0:
        return Verdict.REAL_DETERIORATION if witnessed else Verdict.DETERIORATION_WITHOUT_CONTROL
    if low >= -MATERIAL and high <= MATERIAL:
        return Verdict.NO_MATERIAL_CHANGE
    return Verdict.INCONCLUSIVE


def _combine(methods: Sequence[MethodChange]) -> _Combined:
    """Changes of methods by their weights; MOVER gives what two consolidated scores would."""
    total = sum(one.weight for one in methods)
    parts = []
    crude = Fraction(0)
    for one in methods:
        share = Fraction(one.weight, total)
        change = one.change or Fraction(0)
        crude += share * (one.crude or 0)
        parts.append(Part(share, change, *(one.interval or (float(change), float(change)))))
    return _Combined(
        crude=crude,
        change=sum((part.coefficient * part.estimate for part in parts), Fraction(0)),
        interval=mover(parts),
        n_before=sum(one.n_before for one in methods if not one.aggregated),
        n_after=sum(one.n_after for one in methods if not one.aggregated),
    )
