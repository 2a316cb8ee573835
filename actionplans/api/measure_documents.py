"""The measures of an action as the API writes them, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actionplans.measure_models import Measure
from actionplans.measure_reading import comparison_of, counts_of, known_on
from actionplans.models import Action


def measures_document(action: Action, measures: Iterable[Measure]) -> dict[str, Any]:
    """The answer of `GET actions/{id}/measures/`."""
    return {
        "action": action.pk,
        "journey": action.stage.journey.key,
        "measures": [_measure(one) for one in measures],
    }


def _measure(one: Measure) -> dict[str, Any]:
    asked = comparison_of(one)
    result = one.outcome
    baseline = [one.baseline_from, one.baseline_to] if one.baseline_from else None
    return {
        "id": one.pk,
        "replaces": one.replaces_id,
        "why": one.why,
        "state": one.state.value,
        "stages": [row.stage.key for row in one.measured_stages.all()],
        "methods": one.methods,
        "locations": list(asked.before.locations or ()),
        "control": list(asked.control),
        "months": {
            "before": [one.before_from, one.before_to],
            "after": [one.after_from, one.after_to],
            "baseline": baseline,
        },
        "starts_on": one.starts_on,
        "planned_n": one.planned_n,
        "fixed_at": one.fixed_at,
        "known_on": known_on(one),
        "counts": [{"stage": count.stage, "n": dict(count.n)} for count in counts_of(one)],
        "closed_at": result.closed_at if result else None,
        "not_as_planned": result.figures["not_as_planned"] if result else None,
        "verdicts": [_verdict(stage) for stage in result.figures["stages"]] if result else None,
    }


def _verdict(stage: dict[str, Any]) -> dict[str, Any]:
    """What pages add for their words stays at home."""
    return {
        key: value for key, value in stage.items() if key not in ("name", "needed_each", "ends")
    }
