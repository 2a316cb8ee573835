"""Whether the last step from wave to wave was real, in the few words that a figure has room for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.change_rows import ARROWS, closing_month
from dashboards.wave_trend import LastChange
from journeys.models import Stage
from observations.changes import ChangeSheet
from scoring.change import StageChange, Verdict, Withheld
from scoring.change_journey import really_changed
from scoring.change_wording import change_evidence, open_text, range_text, verdict_text
from scoring.wording import evidence_word, score_text

TONES = {
    Verdict.REAL_IMPROVEMENT: "enchantment",
    Verdict.REAL_DETERIORATION: "disappointing",
}


@dataclass(frozen=True, slots=True)
class Step:
    """`arrow` is empty unless the change is real; `why` is the whole sentence behind `text`."""

    text: str
    why: str
    arrow: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class StageStep:
    stage: Stage
    change: str
    range: str
    step: Step


@dataclass(frozen=True, slots=True)
class WholeLine:
    """The change of the journey score; `stages` says how many of its stages it is made of."""

    before: str
    after: str
    change: str
    range: str
    quality: str
    verdict: str
    arrow: str
    is_real: bool
    stages: str


def whole_line(sheet: ChangeSheet) -> WholeLine | None:
    """None where nothing can be compared at all."""
    one = sheet.whole
    if one is None:
        return None
    evidence = change_evidence(one.interval)
    judged = sum(stage.change is not None for stage in sheet.stages)
    return WholeLine(
        before=score_text(one.before, change_evidence(one.before_interval)),
        after=score_text(one.after, change_evidence(one.after_interval)),
        change=score_text(one.change, evidence),
        range=range_text(one.interval) if one.interval else "",
        quality=evidence_word(evidence),
        verdict=_sentence(sheet, one),
        arrow=ARROWS.get(one.verdict, "") if one.verdict else "",
        is_real=one.verdict in ARROWS,
        stages=ngettext(
            "on %(part)d of %(whole)d stage", "on %(part)d of %(whole)d stages", len(sheet.stages)
        )
        % {"part": judged, "whole": len(sheet.stages)},
    )


def journey_step(last: LastChange) -> Step:
    if last.sheet is None or last.sheet.whole is None or last.before is None:
        return Step(_("no change told"), last.why or _("There is nothing to compare."))
    return _step(last.sheet, last.sheet.whole, last.before.name)


def stage_steps(last: LastChange) -> list[StageStep]:
    """In journey order; none where nothing can be compared."""
    if last.sheet is None or last.before is None:
        return []
    stages = {stage.key: stage for stage in last.sheet.journey.stages.all()}
    return [
        StageStep(
            stages[one.stage],
            score_text(one.change, change_evidence(one.interval)),
            range_text(one.interval) if one.interval else "",
            _step(last.sheet, one, last.before.name),
        )
        for one in last.sheet.stages
    ]


def _step(sheet: ChangeSheet, one: StageChange, before: str) -> Step:
    sentence = _sentence(sheet, one)
    if really_changed(one) and one.verdict is not None:
        change = score_text(one.change, change_evidence(one.interval))
        text = _("%(change)s since %(wave)s") % {"change": change, "wave": before}
        return Step(text, sentence, ARROWS[one.verdict], TONES[one.verdict])
    if one.verdict is None:
        return Step(_("no verdict yet since %(wave)s") % {"wave": before}, sentence)
    return Step(_("no real change shown since %(wave)s") % {"wave": before}, sentence)


def _sentence(sheet: ChangeSheet, one: StageChange) -> str:
    closes = closing_month(sheet)
    if one is sheet.whole and one.verdict is None:
        if one.excluded_because is Withheld.WINDOW_OPEN:
            return open_text(closes)
        return _("Withheld: no stage can be compared between these waves.")
    framework = sheet.framework
    if framework is None:
        return ""
    limits, least = framework.thresholds, framework.thresholds.min_observations
    stage = next((s for s in sheet.journey.stages.all() if s.key == one.stage), None)
    if stage is not None:
        least = limits.observations_needed(stage.criticality)
    return verdict_text(one, least=least, closes=closes)
