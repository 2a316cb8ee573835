"""What an action is worth as the API writes it: exact strings beside rounded ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from actionplans.effect import Quadrant, StageImpact
from actionplans.worth import Worth
from observations.replays import Replayed
from observations.scores import ScoreSheet
from scoring.numbers import decimal6, exact


def effect_document(worth: Worth, sheet: ScoreSheet, quadrant: Quadrant | None) -> dict[str, Any]:
    """The answer of `GET actions/{id}/effect/`."""
    found = worth.replayed
    return {
        "action": worth.action.pk,
        "journey": sheet.journey.key,
        "framework_version": sheet.framework.version if sheet.framework else None,
        "revision": sheet.framework.cells_revision if sheet.framework else None,
        "pending": sheet.pending,
        "effects": [
            {
                "interaction": one.interaction,
                "from_points": one.from_points,
                "to_points": one.to_points,
            }
            for one in worth.action.effects.all()
        ],
        "stages": [] if found is None or found.after is None else [_stage(worth, found)],
        **_figure("impact", worth.impact),
        "effort_days": None if worth.effort is None else exact(worth.effort),
        **_figure("impact_per_day", worth.per_day),
        "quadrant": quadrant,
        "basics_first": worth.basics_first,
        "missing": [one.value for one in worth.missing],
    }


def _stage(worth: Worth, found: Replayed) -> dict[str, Any]:
    assert found.after is not None
    return {
        "stage": found.before.stage,
        "n": found.tally.n,
        "changed": found.tally.changed,
        **_figure("score_before", found.before.score),
        **_figure("score_after", found.after.score),
        **_figure("delta", worth.delta),
        "released_points": found.tally.released,
        **_figure("impact", worth.impact),
        "factors": None if worth.stage is None else _factors(worth.stage),
    }


def _factors(stage: StageImpact) -> dict[str, str]:
    return {
        "criticality": exact(stage.criticality),
        "reach": exact(stage.reach),
        "delta": exact(stage.delta),
        "confidence": exact(stage.confidence),
        "action_reach": exact(stage.action_reach),
    }


def _figure(name: str, value: Fraction | None) -> dict[str, str | None]:
    return {
        name: None if value is None else decimal6(value),
        f"{name}_exact": None if value is None else exact(value),
    }
