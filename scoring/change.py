"""Is the change real? Two readings of one stage, like for like: same methods, same locations.

A worst stage that is measured again seems to gain with nothing done (regression to the mean). Two
guards stand against it, the first where both are given: a control (locations where nothing was
done) turns the change into a difference in differences; a second baseline, measured before the
action and not used for choosing, takes the place of the first. Without either a verdict says that
nobody stood witness.
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
    "Guard",
    "MethodChange",
    "MixShift",
    "Period",
    "Rules",
    "StageChange",
    "Verdict",
    "Withheld",
    "before_closing",
    "compare_stage",
    "judge",
]


class Verdict(StrEnum):
    """Without a guard an improvement is observed, and not shown to be real."""

    REAL_IMPROVEMENT = "real_improvement"
    REAL_DETERIORATION = "real_deterioration"
    IMPROVEMENT_WITHOUT_CONTROL = "improvement_without_control"
    DETERIORATION_WITHOUT_CONTROL = "deterioration_without_control"
    NO_MATERIAL_CHANGE = "no_material_change"
    INCONCLUSIVE = "inconclusive"


class Guard(StrEnum):
    """What stands against regression to the mean."""

    CONTROL = "control"
    BASELINE = "baseline"


# What a stage says of several methods left out: the reason nearest to a comparison first.
_NEAREST_FIRST: Final = (
    Withheld.TOO_FEW,
    Withheld.NO_COMMON_LOCATION,
    Withheld.WEIGHT_ZERO,
    Withheld.NO_COMMON_METHOD,
)
_NO_WITNESS: Final = {
    Guard.CONTROL: Withheld.CONTROL_NOT_COMPARABLE,
    Guard.BASELINE: Withheld.BASELINE_NOT_COMPARABLE,
}


@dataclass(frozen=True, slots=True)
class StageChange:
    """`before` and `after` are the scores of what is compared, `change` what lies between them.

    `control` is the change at the control locations, `did` what the change is beyond it;
    `baseline` is the change since the second baseline, from `n_baseline` observations then to
    `n_baseline_after`: fewer than `n_after` where the baseline has not every location. `needed` is
    the n per wave that would be needed, where the verdict is inconclusive. Where nothing can be
    compared, `n_before` and `n_after` count all that was seen.
    """

    stage: str
    n_before: int = 0
    n_after: int = 0
    before: Fraction | None = None
    before_interval: Interval | None = None
    after: Fraction | None = None
    after_interval: Interval | None = None
    crude: Fraction | None = None
    change: Fraction | None = None
    interval: Interval | None = None
    guard: Guard | None = None
    control: Fraction | None = None
    control_interval: Interval | None = None
    did: Fraction | None = None
    did_interval: Interval | None = None
    n_baseline: int = 0
    n_baseline_after: int = 0
    baseline: Fraction | None = None
    baseline_interval: Interval | None = None
    verdict: Verdict | None = None
    needed: int | None = None
    simpson: bool = False
    shift: MixShift | None = None
    excluded_because: Withheld | None = None
    methods: tuple[MethodChange, ...] = ()

    @property
    def judged(self) -> tuple[Fraction, Interval] | None:
        """The change that the verdict is read off, and its interval: the guarded one if there is one."""
        for change, interval in (
            (self.did, self.did_interval),
            (self.baseline, self.baseline_interval),
            (self.change, self.interval),
        ):
            if change is not None and interval is not None:
                return change, interval
        return None


@dataclass(frozen=True, slots=True)
class _Combined:
    crude: Fraction
    before: Fraction
    before_interval: Interval
    after: Fraction
    after_interval: Interval
    change: Fraction
    interval: Interval
    n_before: int
    n_after: int


def compare_stage(
    stage: str,
    acted_on: Group,
    rules: Rules,
    *,
    control: Group | None = None,
    baseline: Period | None = None,
) -> StageChange:
    """Compare one stage in two windows; with a guard, on the methods that it shares.

    A guard that can't be compared withholds the verdict: whoever asked for a witness isn't given a
    verdict without one. A control comes before a second baseline, which is then not read.
    """
    methods = compare_methods(acted_on, rules)
    compared = _compared(methods)
    guard, group = _guard(acted_on, control, baseline)
    if not compared:
        return StageChange(
            stage,
            n_before=acted_on.before.n,
            n_after=acted_on.after.n,
            guard=guard,
            methods=methods,
            excluded_because=_reason(acted_on, methods),
        )
    if guard is None or group is None:
        return _concluded(_described(stage, methods, compared), None)
    witnesses = {one.method: one for one in _compared(compare_methods(group, rules))}
    shared = [one for one in compared if one.method in witnesses]
    if all(one.aggregated for one in shared):
        found = _described(stage, methods, compared)
        return replace(found, guard=guard, excluded_because=_NO_WITNESS[guard])
    methods = tuple(_beside_witness(one, witnesses.get(one.method), guard) for one in methods)
    witness = _combine([witnesses[one.method] for one in shared])
    return _concluded(replace(_described(stage, methods, shared), guard=guard), witness)


def _guard(
    acted_on: Group, control: Group | None, baseline: Period | None
) -> tuple[Guard | None, Group | None]:
    if control is not None:
        return Guard.CONTROL, control
    if baseline is not None:
        return Guard.BASELINE, replace(acted_on, before=baseline)
    return None, None


def _beside_witness(
    method: MethodChange, witness: MethodChange | None, guard: Guard
) -> MethodChange:
    if method.excluded_because is not None:
        return method
    if witness is None:
        return replace(method, excluded_because=_NO_WITNESS[guard])
    if guard is Guard.BASELINE and witness.places != method.places:
        return replace(method, judged_at=witness.places)
    return method


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
        before=whole.before,
        before_interval=whole.before_interval,
        after=whole.after,
        after_interval=whole.after_interval,
        crude=whole.crude,
        change=whole.change,
        interval=whole.interval,
        simpson=simpson,
        shift=max(shifts, key=attrgetter("moved")) if simpson and shifts else None,
        methods=methods,
    )


def _concluded(found: StageChange, witness: _Combined | None) -> StageChange:
    """Add the verdict: on the guarded change where there is a witness."""
    n_before, n_after = found.n_before, found.n_after
    if witness is not None and found.guard is Guard.BASELINE:
        n_before, n_after = witness.n_before, witness.n_after
        found = replace(
            found,
            n_baseline=n_before,
            n_baseline_after=n_after,
            baseline=witness.change,
            baseline_interval=witness.interval,
        )
    elif witness is not None:
        found = _beyond_control(found, witness)
    assert found.judged is not None
    change, interval = found.judged
    verdict = judge(interval, witnessed=witness is not None)
    needed = None
    if verdict is Verdict.INCONCLUSIVE:
        needed = needed_to_conclude(float(change), interval, n_before, n_after)
    return replace(found, verdict=verdict, needed=needed)


def before_closing(found: StageChange) -> StageChange:
    """The same figures without their verdict, while the window after may still bring observations.

    Whoever looks again and again, and stops at a good moment, finds gains that are none.
    """
    if found.verdict is None:
        return found
    return replace(found, verdict=None, needed=None, excluded_because=Withheld.WINDOW_OPEN)


def _beyond_control(found: StageChange, witness: _Combined) -> StageChange:
    """The difference in differences: DiD = (A - B) - (CA - CB), by MOVER."""
    assert found.change is not None
    assert found.interval is not None
    return replace(
        found,
        control=witness.change,
        control_interval=witness.interval,
        did=found.change - witness.change,
        did_interval=mover_difference(
            found.change, found.interval, witness.change, witness.interval
        ),
    )


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
    shares = [Fraction(one.weight, total) for one in methods]
    pairs = list(zip(shares, methods, strict=True))
    before = [_part(share, one.before, one.before_interval) for share, one in pairs]
    after = [_part(share, one.after, one.after_interval) for share, one in pairs]
    change = [_part(share, one.change, one.interval) for share, one in pairs]
    return _Combined(
        crude=sum((share * (one.crude or 0) for share, one in pairs), Fraction(0)),
        before=_whole(before),
        before_interval=mover(before),
        after=_whole(after),
        after_interval=mover(after),
        change=_whole(change),
        interval=mover(change),
        n_before=sum(one.n_before for one in methods if not one.aggregated),
        n_after=sum(one.n_after for one in methods if not one.aggregated),
    )


def _part(share: Fraction, value: Fraction | None, interval: Interval | None) -> Part:
    """Readings enter without a width."""
    value = value or Fraction(0)
    return Part(share, value, *(interval or (float(value), float(value))))


def _whole(parts: Iterable[Part]) -> Fraction:
    return sum((part.coefficient * part.estimate for part in parts), Fraction(0))
