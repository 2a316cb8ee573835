"""What the executives' page shows of one journey, from one reading of its scores."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.charts import Way, columns_of, experience_curve, range_of
from dashboards.indicator_words import IndicatorLine
from dashboards.steps import freshness
from observations.indicator_models import CODIR_PLACES
from observations.scores import ScoreSheet
from scoring import wording
from scoring.classify import Evidence, Flag, JourneyScore, Label
from scoring.labels import grade

WIDEST = 5


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of at most six: a name, what it says, what it takes to be honest, and what explains it."""

    name: str
    text: str
    notes: tuple[str, ...]
    tone: str = ""
    url: str = ""
    # Of the second note, which says whether the figure has really changed.
    change_tone: str = ""


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """The score of a whole journey as it is printed."""

    text: str
    target: str
    interval: str
    n: int
    quality: str


def journey_line(sheet: ScoreSheet) -> JourneyLine:
    return line_of(sheet.reading.journey, counted(sheet))


def line_of(journey: JourneyScore, n: int) -> JourneyLine:
    evidence = grade(journey.interval) if journey.interval else Evidence.D
    return JourneyLine(
        text=wording.score_text(journey.score, evidence),
        target=wording.target_text(journey.target) if journey.target is not None else "",
        interval=wording.interval_text(journey.interval, evidence),
        n=n,
        quality=wording.evidence_word(evidence),
    )


def counted(sheet: ScoreSheet) -> int:
    """Observations of the shown version in the window, of every method."""
    if sheet.framework is None:
        return 0
    return dict(sheet.versions).get(sheet.framework.version, 0)


def key_figures(
    sheet: ScoreSheet,
    gaps: Sequence[Gap],
    actions: Sequence[Action] | None,
    urls: Mapping[str, str],
) -> list[KeyFigure]:
    """`actions` is None for whoever may not see the plan; `urls` lead to what explains each figure."""
    figures = {"score": _score(sheet), "moments": _moments(gaps), "counted": _counted(sheet)}
    if actions is not None:
        figures["actions"] = _on_time(actions)
    return [replace(figure, url=urls[name]) for name, figure in figures.items()]


def with_indicators(
    figures: Sequence[KeyFigure], lines: Sequence[IndicatorLine]
) -> list[KeyFigure]:
    """The page has six figures and no more: indicators stand before the last, and how many
    observations were counted gives way to the third.

    In how many stages is in the sentence under them (`counted_sentence`), which is always there.
    """
    score, moments, counted_, *actions = figures
    shown = [_indicator(line) for line in lines]
    kept = [] if len(shown) == CODIR_PLACES else [replace(counted_, notes=counted_.notes[:1])]
    return [score, moments, *kept, *shown, *actions]


def _indicator(line: IndicatorLine) -> KeyFigure:
    target = _("target %(target)s") % {"target": line.target} if line.target else ""
    notes = [" · ".join(filter(None, (target, line.interval, line.n)))]
    tone = ""
    if line.change is not None:
        told = (line.change.arrow, line.change.difference, line.change.word)
        notes.append(" ".join(filter(None, told)))
        notes.append(line.change.since)
        tone = line.change.tone
    return KeyFigure(
        line.figure.definition.name, line.value, tuple(notes), change_tone=tone, url=line.url
    )


def counted_sentence(sheet: ScoreSheet) -> str:
    """How many observations the figures are made of, whether that is all that was received, and of
    how many stages."""
    n = counted(sheet)
    text = ngettext("%(n)s observation counted", "%(n)s observations counted", n)
    text %= {"n": wording.count_text(n)}
    return f"{text} · {freshness(sheet.pending)} · {coverage_text(sheet)}"


def coverage_text(sheet: ScoreSheet) -> str:
    stages = sum(bool(stage.n) for stage in sheet.reading.stages)
    return _("seen in %(part)d of %(whole)d stages") % {"part": stages, "whole": len(sheet.stages)}


def _score(sheet: ScoreSheet) -> KeyFigure:
    line = journey_line(sheet)
    facts = [line.interval]
    if sheet.reading.journey.score is not None:
        target = _("target %(target)s") % {"target": line.target}
        facts.insert(0, target if line.target else _("no target"))
    if sheet.selection.channel is None:
        facts.append(_("n = %(n)s") % {"n": wording.count_text(line.n)})
    notes = [" · ".join(fact for fact in facts if fact)]
    if line.quality:
        notes.append(line.quality)
    if Flag.PARTIAL_JOURNEY in sheet.reading.journey.flags:
        notes.append(
            _("partial: %(coverage)s of the journey's weight is measured")
            % {"coverage": sheet.reading.journey.coverage_text}
        )
    return KeyFigure(_("Journey score"), line.text, tuple(notes))


def _moments(gaps: Sequence[Gap]) -> KeyFigure:
    moments = [gap for gap in gaps if gap.stage.is_moment_of_truth]
    name = _("Moments of truth at target")
    if not moments:
        return KeyFigure(name, wording.UNKNOWN, (_("no stage is marked as one"),))
    at_target = sum(_is_at_target(gap) for gap in moments)
    disappointing = sum(gap.score.label is Label.DISAPPOINTING for gap in moments)
    held_back = sum(gap.held_back for gap in moments)
    unknown = sum(not gap.is_shown for gap in moments)
    counts = (
        (disappointing, ngettext("%(n)d disappointing", "%(n)d disappointing", disappointing)),
        (held_back, ngettext("%(n)d held back", "%(n)d held back", held_back)),
        (unknown, ngettext("%(n)d not measured", "%(n)d not measured", unknown)),
    )
    note = ", ".join(text % {"n": n} for n, text in counts if n)
    return KeyFigure(
        name,
        wording.UNKNOWN
        if unknown == len(moments)
        else _("%(part)d of %(whole)d") % {"part": at_target, "whole": len(moments)},
        tuple(filter(None, (note, _n_of(moments)))),
        "disappointing" if disappointing else "",
    )


def _n_of(moments: Sequence[Gap]) -> str:
    """From the least observed to the most: one n where it is the same."""
    least, most = (pick(gap.score.n for gap in moments) for pick in (min, max))
    if least == most:
        return _("n = %(n)s") % {"n": wording.count_text(least)}
    return _("n from %(least)s to %(most)s") % {
        "least": wording.count_text(least),
        "most": wording.count_text(most),
    }


def _is_at_target(gap: Gap) -> bool:
    return gap.is_shown and gap.score.gap is not None and gap.score.gap <= 0


def _counted(sheet: ScoreSheet) -> KeyFigure:
    return KeyFigure(
        _("Observations counted"),
        wording.count_text(counted(sheet)),
        (freshness(sheet.pending), coverage_text(sheet)),
    )


def _on_time(actions: Sequence[Action]) -> KeyFigure:
    """Of the open actions, those whose date has not passed."""
    still_open = [action for action in actions if action.is_open]
    late = sum(action.is_late for action in still_open)
    blocked = sum(action.status == Action.Status.BLOCKED for action in still_open)
    done = sum(action.status == Action.Status.DONE for action in actions)
    counts = (
        (late, ngettext("%(n)d late", "%(n)d late", late)),
        (blocked, ngettext("%(n)d blocked", "%(n)d blocked", blocked)),
        (done, ngettext("%(n)d done", "%(n)d done", done)),
    )
    note = ", ".join(text % {"n": n} for n, text in counts if n)
    if not still_open:
        return KeyFigure(_("Actions on time"), wording.UNKNOWN, (_("no open action"), note))
    text = _("%(part)d of %(whole)d") % {"part": len(still_open) - late, "whole": len(still_open)}
    return KeyFigure(_("Actions on time"), text, (note,), "disappointing" if late else "")


@dataclass(frozen=True, slots=True)
class WideGap:
    """A gap of the list, with the width of its bar in % of the widest."""

    gap: Gap
    width: int


def widest(gaps: Sequence[Gap]) -> list[WideGap]:
    """The gaps to act on, tier by tier (R82), in each the moments of truth before the others.

    What has to be measured first only fills the places that are left; stages at their target are none.
    """
    to_act_on = [gap for gap in gaps if gap.asks_for_action]
    tiers = {row: place for place, row in enumerate(dict.fromkeys(gap.row for gap in to_act_on))}
    to_act_on.sort(key=lambda gap: (tiers[gap.row], not gap.stage.is_moment_of_truth))
    wanted = [*to_act_on, *(gap for gap in gaps if gap.asks_for_measure)][:WIDEST]
    most = max([_shortfall(gap) for gap in wanted], default=Fraction(0))
    return [WideGap(gap, round(100 * _shortfall(gap) / most) if most else 0) for gap in wanted]


def _shortfall(gap: Gap) -> Fraction:
    return max(gap.score.gap or Fraction(0), Fraction(0)) if gap.is_shown else Fraction(0)


def curves(
    sheet: ScoreSheet, stages: Sequence[Gap], whole: Sequence[Gap] | None = None
) -> dict[str, str]:
    """The figure as JSON, standing in both ways; none without stages.

    `stages` are a part of `whole`, and drawn to its scale.
    """
    if not stages or sheet.framework is None:
        return {}
    columns, thresholds = columns_of(stages), sheet.framework.thresholds
    ends = range_of(columns_of(whole) if whole else columns, thresholds)
    ways: tuple[Way, Way] = ("across", "down")
    return {way: json.dumps(experience_curve(columns, thresholds, way, ends)) for way in ways}
