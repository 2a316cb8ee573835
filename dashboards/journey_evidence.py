"""Behind the score of a journey: stage by stage, with weights, target, and the cumulative score."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from actionplans.gaps import Gap, gaps_of
from dashboards.boards import JourneyLine, counted, journey_line
from dashboards.evidence import is_plain
from dashboards.explained import Explanation
from dashboards.formulas import Formula, mover_formulas, score_map, weighted_mean
from dashboards.steps import freshness
from observations.scores import ScoreSheet
from scoring import wording
from scoring.classify import Evidence, JourneyScore, Label, StageScore
from scoring.journey_score import FIRST_AND_LAST
from scoring.labels import grade
from scoring.scale import MOMENT_OF_TRUTH
from scoring.vector import Vector


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage in J: its weight and why, its part of all weights, and what it brings."""

    gap: Gap
    why: str
    share: str
    part: str
    left_out: str


@dataclass(frozen=True, slots=True)
class JourneyExplanation:
    line: JourneyLine
    stages: tuple[StageLine, ...]
    coverage: str
    score: Explanation
    target: Explanation
    cumulative_text: str
    cumulative_sums: Vector | None
    cumulative: Explanation
    moments: tuple[Gap, ...]
    counted: int
    freshness: str


def explain_journey(sheet: ScoreSheet) -> JourneyExplanation:
    journey = sheet.reading.journey
    known = [one for one in sheet.reading.stages if one.label is not Label.INSUFFICIENT]
    stages = _stage_lines(sheet, sum(one.criticality for one in known))
    return JourneyExplanation(
        line=journey_line(sheet),
        stages=stages,
        coverage=_coverage(journey),
        score=_score(journey, known),
        target=_target(journey, known),
        cumulative_text=_cumulative_text(journey),
        cumulative_sums=journey.cumulative_sums,
        cumulative=_cumulative(journey, known),
        moments=tuple(one.gap for one in stages if one.gap.stage.is_moment_of_truth),
        counted=counted(sheet),
        freshness=freshness(sheet.pending),
    )


def _stage_lines(sheet: ScoreSheet, used: int) -> tuple[StageLine, ...]:
    """In journey order."""
    gaps = {gap.stage.pk: gap for gap in gaps_of(sheet)}
    touched = set(sheet.journey.touchpoints.values_list("stage", flat=True))
    contacts = [stage.pk for stage in sheet.stages if stage.pk in touched]
    first, last = (contacts[0], contacts[-1]) if contacts else (None, None)
    return tuple(
        _stage_line(gaps[stage.pk], used, is_first=stage.pk == first, is_last=stage.pk == last)
        for stage in sheet.stages
    )


def _stage_line(gap: Gap, used: int, *, is_first: bool, is_last: bool) -> StageLine:
    why = _why_this_weight(gap, is_first=is_first, is_last=is_last)
    score = gap.score.score
    if not gap.is_shown or score is None:
        return StageLine(gap, why, "", "", gap.reason)
    share = Fraction(gap.score.criticality, used)
    part = wording.score_text(share * score, gap.score.evidence)
    return StageLine(gap, why, wording.share_text(share), part, "")


def _why_this_weight(gap: Gap, *, is_first: bool, is_last: bool) -> str:
    """Declared, or the least of a first or last contact (2.5)."""
    declared = gap.stage.criticality
    if gap.score.criticality > declared and is_first:
        return _("first contact: at least %(weight)d") % {"weight": FIRST_AND_LAST}
    if gap.score.criticality > declared and is_last:
        return _("last contact: at least %(weight)d") % {"weight": FIRST_AND_LAST}
    if declared == MOMENT_OF_TRUTH:
        return _("moment of truth")
    return _("declared important") if declared > 1 else _("ordinary")


def _coverage(journey: JourneyScore) -> str:
    used, total = journey.coverage
    return _("%(part)d of %(whole)d") % {"part": used, "whole": total}


def _score(journey: JourneyScore, known: list[StageScore]) -> Explanation:
    pairs = [(one.criticality, one.score) for one in known if one.score is not None]
    if not pairs:
        return Explanation((), _("No stage has enough observations for a score."))
    return Explanation(
        (Formula("J", weighted_mean(pairs)),),
        _("Each stage with enough observations counts with its weight."),
        _interval(journey, known),
    )


def _interval(journey: JourneyScore, known: list[StageScore]) -> tuple[Formula, ...]:
    if journey.score is None or journey.interval is None:
        return ()
    used = journey.coverage[0]
    parts = [
        (Fraction(one.criticality, used), one.score, one.interval)
        for one in known
        if one.score is not None
    ]
    return mover_formulas(parts, journey.score, journey.interval)


def _target(journey: JourneyScore, known: list[StageScore]) -> Explanation:
    if journey.target is None:
        return Explanation(
            (), _("Not every stage of the score has a target: the journey has none.")
        )
    pairs = [(one.criticality, one.target.score) for one in known if one.target is not None]
    return Explanation(
        (Formula("τ", weighted_mean(pairs)),), _("The targets of the same stages, alike weighted.")
    )


def _cumulative_text(journey: JourneyScore) -> str:
    """With the decimals of its own interval; where it has none, of the journey score's."""
    interval = journey.interval and (journey.cumulative_interval or journey.interval)
    evidence = grade(interval) if interval else Evidence.D
    return wording.score_text(journey.cumulative, evidence)


def _cumulative(journey: JourneyScore, known: list[StageScore]) -> Explanation:
    sums = journey.cumulative_sums
    if sums is None or not known:
        return Explanation((), _("Nothing has been observed enough yet."))
    words = _(
        "Every point as it fell, all stages together: a stage with more points to win or lose"
        " counts more here, while the journey score gives each stage its weight."
    )
    if not all(is_plain(one) for one in known):
        words = _(
            "Every point as it fell, all stages together: a stage with more points to win or lose"
            " counts more here, and so does whoever was observed most. The journey score gives"
            " each stage, method and location its weight."
        )
    return Explanation((Formula("x", score_map(sums.S, sums.P, sums.Q)),), words)
