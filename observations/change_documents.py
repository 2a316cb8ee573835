"""A stage's change as it leaves the house: exact strings beside rounded ones.

The API writes it, and a measured action keeps it: one document, so that they can't differ.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scoring.change import MethodChange, MixShift, StageChange
from scoring.numbers import Interval, decimal6, exact, interval3


def exact_or_none(value: Fraction | None) -> str | None:
    return None if value is None else exact(value)


def decimal_or_none(value: Fraction | None) -> str | None:
    return None if value is None else decimal6(value)


def interval_or_none(value: Interval | None) -> list[float] | None:
    return None if value is None else interval3(value)


def stage_change_document(stage: StageChange) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        **_change_figures(stage),
        "guard": stage.guard.value if stage.guard else None,
        "control_change": decimal_or_none(stage.control),
        "control_interval": interval_or_none(stage.control_interval),
        "did": decimal_or_none(stage.did),
        "did_exact": exact_or_none(stage.did),
        "did_interval": interval_or_none(stage.did_interval),
        "n_baseline": None if stage.baseline is None else stage.n_baseline,
        "n_baseline_after": None if stage.baseline is None else stage.n_baseline_after,
        "baseline_change": decimal_or_none(stage.baseline),
        "baseline_change_exact": exact_or_none(stage.baseline),
        "baseline_interval": interval_or_none(stage.baseline_interval),
        "verdict": stage.verdict.value if stage.verdict else None,
        "needed": stage.needed,
        "methods": [method_change_document(method) for method in stage.methods],
    }


def method_change_document(method: MethodChange) -> dict[str, Any]:
    return {
        "method": method.method,
        **_change_figures(method),
        "weight": method.weight,
        "aggregated": method.aggregated,
        "locations": method.locations,
        "paired": method.paired,
        "judged_at": list(method.judged_at),
    }


def _change_figures(one: StageChange | MethodChange) -> dict[str, Any]:
    return {
        "n_before": one.n_before,
        "n_after": one.n_after,
        "before": decimal_or_none(one.before),
        "before_exact": exact_or_none(one.before),
        "before_interval": interval_or_none(one.before_interval),
        "after": decimal_or_none(one.after),
        "after_exact": exact_or_none(one.after),
        "after_interval": interval_or_none(one.after_interval),
        "crude_change": decimal_or_none(one.crude),
        "crude_change_exact": exact_or_none(one.crude),
        "change": decimal_or_none(one.change),
        "change_exact": exact_or_none(one.change),
        "interval": interval_or_none(one.interval),
        "simpson": one.simpson,
        "mix_shift": _shift_document(one.shift) if one.simpson else None,
        "excluded_because": one.excluded_because.value if one.excluded_because else None,
    }


def _shift_document(shift: MixShift | None) -> dict[str, Any] | None:
    if shift is None:
        return None
    return {
        "method": shift.method,
        "location": shift.location,
        "share_before": exact(shift.before),
        "share_after": exact(shift.after),
    }
