"""Score, target, gap and priority of one stage, each with its formula filled in and its words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from dashboards.formulas import (
    Formula,
    decimal,
    difference,
    ends,
    factor,
    method_formulas,
    mover_formulas,
    number,
    result,
    score_map,
    weighted_mean,
)
from scoring import wording
from scoring.classify import Evidence, MethodScore, StageScore
from scoring.numbers import BASIS_POINTS
from scoring.scale import MOMENT_OF_TRUTH


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a figure comes from: lines to check by hand, a sentence, and the lines of its interval."""

    formulas: tuple[Formula, ...]
    words: str
    interval: tuple[Formula, ...] = ()


def used_methods(stage: StageScore) -> list[MethodScore]:
    return [method for method in stage.methods if method.used]


def score_explained(stage: StageScore) -> Explanation:
    """From the sums, from the locations of one method, or from several methods."""
    used = used_methods(stage)
    if len(used) > 1:
        mean = weighted_mean([(method.weight, method.score) for method in used])
        return Explanation(
            (Formula("X", mean),),
            _("Each method counts with its weight, however often it was used."),
            _interval(used, stage),
        )
    formulas = tuple(line for method in used for line in method_formulas(method))
    if len(formulas) > 1:
        words = _("Each location counts with its share, however often it was observed.")
    elif stage.sums.S:
        words = _("Points over the points that could be won, or lost where the sum is negative.")
    else:
        words = _("The points cancel out: a sum of 0 is a score of 0.")
    return Explanation(formulas, words)


def _interval(used: list[MethodScore], stage: StageScore) -> tuple[Formula, ...]:
    if stage.score is None or stage.interval is None:
        return ()
    whole = sum(method.weight for method in used)
    parts = [(Fraction(one.weight, whole), one.score, one.interval) for one in used]
    return mover_formulas(parts, stage.score, stage.interval)


def target_explained(stage: StageScore) -> Explanation:
    target = stage.target
    if target is None:
        return Explanation((), _("No interaction of this stage has a target."))
    sums = {"points": number(target.S), "most": number(target.P)}
    return Explanation(
        (Formula("τ", score_map(target.S, target.P, target.Q)),),
        _("Every interaction at its target level: %(points)s of %(most)s points.") % sums,
    )


def gap_explained(stage: StageScore) -> Explanation:
    if stage.target is None or stage.score is None:
        return Explanation((), _("Without a target there is no gap."))
    lines = [Formula("τ - X", difference(stage.target.score, stage.score))]
    if stage.gap_interval is not None:
        lines.append(Formula("95 %", ends(stage.gap_interval)))
    return Explanation(tuple(lines), _("Target minus typical: what is missing to the target."))


def priority_explained(gap: Gap) -> Explanation:
    """I = 100 (c/3) r max(0, gap)/100 kappa, factor by factor."""
    stage, index, kappa = gap.score, gap.priority.index, gap.priority.confidence
    if index is None or kappa is None or stage.gap is None:
        return Explanation((), _("Without a gap there is no index: the tier alone decides."))
    reach = Fraction(stage.reach_bp, BASIS_POINTS)
    shortfall = max(Fraction(0), stage.gap)
    product = (
        f"100 · {stage.criticality}/3 · {factor(reach)} · {factor(shortfall)}/100"
        f" · {factor(kappa)} {result(index)}"
    )
    words = _(
        "Weight %(weight)d of %(most)d, met by %(reach)s %% of the customers, shortfall %(gap)s,"
        " confidence %(confidence)s (%(why)s)."
    ) % {
        "weight": stage.criticality,
        "most": MOMENT_OF_TRUTH,
        "reach": decimal(reach * 100),
        "gap": wording.gap_text(shortfall, stage.evidence),
        "confidence": decimal(kappa),
        "why": _confidence_word(stage),
    }
    return Explanation((Formula("I", product),), words)


def _confidence_word(stage: StageScore) -> str:
    """Why kappa is what it is, in the order in which `actionplans.priority` decides it."""
    if stage.interval and stage.target:
        low, high = stage.interval
        if not low <= stage.target.score <= high:
            return _("the target lies outside the interval")
    return {
        Evidence.A: _("a narrow interval"),
        Evidence.B: _("an interval of middle width"),
        Evidence.C: _("a wide interval"),
        Evidence.D: _("too few observations"),
    }[stage.evidence]
