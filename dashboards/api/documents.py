"""Scores, priorities and changes as the API writes them: exact strings beside rounded ones."""

from __future__ import annotations

from typing import Any

from actionplans.priority import Priority, prioritise
from observations.change_documents import (
    decimal_or_none,
    exact_or_none,
    interval_or_none,
    stage_change_document,
)
from observations.changes import ChangeSheet
from observations.common_ground import CommonGround
from observations.scores import ScoreSheet
from observations.selection import Selection
from scoring.classify import JourneyScore, MethodScore, StageScore
from scoring.numbers import exact, index4


def head_document(sheet: ScoreSheet | ChangeSheet) -> dict[str, Any]:
    """What is read, and how fresh it is: `Freshness` in the OpenAPI document."""
    return {
        "journey": sheet.journey.key,
        "framework_version": sheet.framework.version if sheet.framework else None,
        "revision": sheet.framework.cells_revision if sheet.framework else None,
        "pending": sheet.pending,
    }


def scores_document(sheet: ScoreSheet) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/scores/`."""
    priorities = {one.stage: one for one in prioritise(sheet.reading.stages)}
    by_channel = sheet.selection.channel is not None
    return {
        "journey": sheet.journey.key,
        "framework_version": sheet.framework.version if sheet.framework else None,
        "versions": [{"version": version, "n": n} for version, n in sheet.versions],
        "revision": sheet.framework.cells_revision if sheet.framework else None,
        "pending": sheet.pending,
        "stages": [
            stage_document(stage, priorities[stage.stage], by_channel=by_channel)
            for stage in sheet.reading.stages
        ],
        "journey_score": journey_document(sheet.reading.journey),
    }


def stage_document(
    stage: StageScore, priority: Priority, *, by_channel: bool = False
) -> dict[str, Any]:
    """One stage; with a channel chosen no customer has a class, so `customers` is null."""
    sums = stage.sums
    customers = {
        "disappointed": sums.nD,
        "neutral": sums.nN,
        "enchanted": sums.nE,
        "unclassified": sums.nU,
    }
    return {
        "stage": stage.stage,
        "n": stage.n,
        "S": sums.S,
        "raw": sums.raw,
        "P": sums.P,
        "Q": sums.Q,
        "score": decimal_or_none(stage.score),
        "score_exact": exact_or_none(stage.score),
        "raw_score": decimal_or_none(stage.raw_score),
        "mean_points": exact_or_none(stage.mean_points),
        "interval": interval_or_none(stage.interval),
        "evidence": stage.evidence.value,
        "label": stage.label.value,
        "certainty": stage.certainty.value,
        "flags": [flag.value for flag in stage.flags],
        "basics": {"seen": sums.nb, "covered": sums.nb_ok},
        "customers": None if by_channel else customers,
        "target": exact_or_none(stage.target.score if stage.target else None),
        "gap_exact": exact_or_none(stage.gap),
        "gap": decimal_or_none(stage.gap),
        "gap_interval": interval_or_none(stage.gap_interval),
        "priority": priority_document(priority),
        "methods": [method_document(method) for method in stage.methods],
    }


def priority_document(priority: Priority) -> dict[str, Any]:
    return {
        "rank": priority.rank,
        "tier": priority.tier,
        "confidence": exact_or_none(priority.confidence),
        "index": None if priority.index is None else index4(priority.index),
    }


def method_document(method: MethodScore) -> dict[str, Any]:
    return {
        "method": method.method,
        "n": method.n,
        "score_exact": exact(method.score),
        "interval": interval_or_none(method.interval),
        "crude_exact": exact(method.crude),
        "weight": method.weight,
        "used": method.used,
        "excluded_because": method.excluded_because.value if method.excluded_because else None,
        "aggregated": method.aggregated,
        "share_coverage": exact_or_none(method.share_coverage),
        "strata": [
            {
                "location": stratum.location,
                "share_bp": stratum.share_bp,
                "n": stratum.n,
                "S": stratum.S,
                "P": stratum.P,
                "Q": stratum.Q,
            }
            for stratum in method.strata
        ],
    }


def journey_document(journey: JourneyScore) -> dict[str, Any]:
    return {
        "score_exact": exact_or_none(journey.score),
        "interval": interval_or_none(journey.interval),
        "target_exact": exact_or_none(journey.target),
        "coverage": journey.coverage_text,
        "flags": [flag.value for flag in journey.flags],
        "cumulative_exact": exact_or_none(journey.cumulative),
        "cumulative_interval": interval_or_none(journey.cumulative_interval),
    }


def priorities_document(sheet: ScoreSheet) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/priorities/`: the stages in the order to act on."""
    scores = {stage.stage: stage for stage in sheet.reading.stages}
    return {
        **head_document(sheet),
        "priorities": [
            {"stage": one.stage}
            | priority_document(one)
            | {
                "n": scores[one.stage].n,
                "missing": scores[one.stage].missing,
                "label": scores[one.stage].label.value,
                "certainty": scores[one.stage].certainty.value,
                "criticality": scores[one.stage].criticality,
                "reach_bp": scores[one.stage].reach_bp,
                "gap_exact": exact_or_none(scores[one.stage].gap),
                "gap": decimal_or_none(scores[one.stage].gap),
                "gap_interval": interval_or_none(scores[one.stage].gap_interval),
            }
            for one in prioritise(sheet.reading.stages)
        ],
    }


def changes_document(sheet: ChangeSheet) -> dict[str, Any]:
    """The answer of `GET journeys/{key}/changes/`."""
    asked = sheet.comparison
    return {
        **head_document(sheet),
        "before": asked.before.wave,
        "after": asked.after.wave,
        "baseline": asked.baseline.wave if asked.baseline else None,
        "months": {
            "before": _months(asked.before),
            "after": _months(asked.after),
            "baseline": _months(asked.baseline),
        },
        "after_closed": sheet.after_closed,
        "control": list(asked.control),
        "versions": [
            {
                "version": one.version,
                "before": one.before,
                "after": one.after,
                "baseline": one.baseline,
            }
            for one in sheet.versions
        ],
        "common_ground": _ground_document(sheet.common_ground),
        "stages": [stage_change_document(stage) for stage in sheet.stages],
    }


def _months(window: Selection | None) -> list[str | None] | None:
    return None if window is None else [window.first_month, window.last_month]


def _ground_document(ground: CommonGround | None) -> dict[str, Any] | None:
    if ground is None:
        return None
    return {
        "versions": list(ground.versions),
        "compared": [
            {"interaction": one.interaction, "stage": one.stage} for one in ground.compared
        ],
        "left_out": [
            {"interaction": one.interaction, "stage": one.stage, "because": one.difference}
            for one in ground.left_out
        ],
    }
