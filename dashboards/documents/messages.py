"""The one message of each slide and section, in words: computed, never more than the figures carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.boards import journey_line
from dashboards.change_rows import closing_month
from dashboards.documents.contents import Contents
from dashboards.evidence import leaning_note
from journeys.models import Method
from observations.breakdowns import Part
from scoring import wording
from scoring.change import Verdict
from scoring.change_wording import verdict_text
from scoring.classify import Label
from scoring.labels import grade

NAME: Final = 48  # characters of a name inside a message

_VERDICTS: Final[Mapping[Verdict, Callable[[int], str]]] = {
    Verdict.REAL_IMPROVEMENT: lambda n: ngettext(
        "%(n)d stage really improved", "%(n)d stages really improved", n
    ),
    Verdict.REAL_DETERIORATION: lambda n: ngettext(
        "%(n)d stage really deteriorated", "%(n)d stages really deteriorated", n
    ),
    Verdict.IMPROVEMENT_WITHOUT_CONTROL: lambda n: ngettext(
        "%(n)d stage improved, without control", "%(n)d stages improved, without control", n
    ),
    Verdict.DETERIORATION_WITHOUT_CONTROL: lambda n: ngettext(
        "%(n)d stage deteriorated, without control", "%(n)d stages deteriorated, without control", n
    ),
    Verdict.NO_MATERIAL_CHANGE: lambda n: ngettext(
        "%(n)d stage did not change", "%(n)d stages did not change", n
    ),
    Verdict.INCONCLUSIVE: lambda n: ngettext(
        "nothing can be concluded on %(n)d stage", "nothing can be concluded on %(n)d stages", n
    ),
}


def short(name: str, length: int = NAME) -> str:
    return Truncator(name).chars(length)


def headline(contents: Contents) -> str:
    """The score of the journey against its target."""
    journey, line = contents.sheet.reading.journey, journey_line(contents.sheet)
    if journey.score is None or journey.interval is None:
        return _("Not enough data yet for a score of the journey")
    facts = {"score": line.text, "target": line.target}
    if journey.target is None:
        return _("The journey scores %(score)s; no target is set") % facts
    gap = journey.target - journey.score
    facts["gap"] = wording.gap_text(abs(gap), grade(journey.interval))
    if gap > 0:
        return (
            _("The journey scores %(score)s, %(gap)s points under its target of %(target)s") % facts
        )
    return _("The journey scores %(score)s: its target of %(target)s is reached") % facts


def disappointments(contents: Contents) -> str:
    """How many stages disappoint, and which of them lies furthest under its target."""
    stages, shown = contents.stages, contents.shown
    if not shown:
        return _("No stage has enough observations for a score yet")
    low = [gap for gap in stages if gap.score.label is Label.DISAPPOINTING]
    facts: dict[str, object] = {"part": len(low), "whole": len(stages), "shown": len(shown)}
    if not low:
        if len(shown) < len(stages):
            return (
                _("None of the %(shown)d stages measured disappoints; the journey has %(whole)d")
                % facts
            )
        return _("No stage disappoints")
    most = max(low, key=lambda gap: (_short_of(gap), -gap.priority.rank))
    facts["stage"] = short(most.stage.name)
    counts = ngettext(
        "%(part)d of %(whole)d stages disappoints",
        "%(part)d of %(whole)d stages disappoint",
        len(low),
    )
    if most.score.gap is None:
        return (counts + _("; %(stage)s first")) % facts
    facts["gap"] = most.gap_text
    return (counts + _("; %(stage)s most, %(gap)s points under its target")) % facts


def _short_of(gap: Gap) -> Fraction:
    return gap.score.gap or Fraction(0)


def moments(contents: Contents) -> str:
    """What the moments of truth do."""
    truths = [gap for gap in contents.stages if gap.stage.is_moment_of_truth]
    if not truths:
        return _("The journey in %(n)d stages; none is marked as a moment of truth") % {
            "n": len(contents.stages)
        }
    labels = Counter(gap.score.label for gap in truths)
    facts = {
        "whole": len(truths),
        "low": labels[Label.DISAPPOINTING],
        "unknown": labels[Label.INSUFFICIENT],
    }
    if facts["unknown"] == len(truths):
        return _("Moments of truth: none of %(whole)d has enough observations yet") % facts
    if facts["low"]:
        return (
            ngettext(
                "Moments of truth: %(low)d of %(whole)d disappoints customers",
                "Moments of truth: %(low)d of %(whole)d disappoint customers",
                facts["low"],
            )
            % facts
        )
    return _("Moments of truth: none of those measured disappoints") % facts


def widest_gaps(contents: Contents, rows: Sequence[Gap]) -> str:
    if not rows:
        return _("No stage asks for action: all that is measured is at its target")
    lacking = sum(gap.lacks_action for gap in rows)
    to_act_on = [gap for gap in rows if gap.asks_for_action]
    if not to_act_on:
        return _("To measure first: %(stage)s") % {"stage": short(rows[0].stage.name)}
    first = short(to_act_on[0].stage.name)
    if contents.actions is None or not lacking:
        return _("Where to act first: %(stage)s") % {"stage": first}
    text = ngettext(
        "Where to act first: %(stage)s; %(n)d gap has no action yet",
        "Where to act first: %(stage)s; %(n)d gaps have no action yet",
        lacking,
    )
    return text % {"stage": first, "n": lacking}


def _most_often_low(stages: Sequence[Gap], parts: Sequence[Part]) -> tuple[int, int, str] | None:
    """In how many parts of those measured the stage disappoints that does so most often, and its name."""
    best: tuple[int, int, str] | None = None
    for gap in stages:
        scores = [one.stages[gap.stage.key] for one in parts if gap.stage.key in one.stages]
        known = [score for score in scores if wording.is_shown(score)]
        low = sum(score.label is Label.DISAPPOINTING for score in known)
        if known and (best is None or low > best[0]):
            best = low, len(known), short(gap.stage.name)
    return best


def places(contents: Contents) -> str:
    """The stage that disappoints at most locations."""
    best = _most_often_low(contents.stages, contents.places)
    if best is None:
        return _("No location has enough observations in any stage yet")
    if not best[0]:
        return _("No stage disappoints at a location with enough observations")
    text = ngettext(
        "%(stage)s disappoints at %(low)d of the %(known)d locations measured",
        "%(stage)s disappoints at %(low)d of the %(known)d locations measured",
        best[0],
    )
    return text % {"low": best[0], "known": best[1], "stage": best[2]}


def indicators(contents: Contents) -> str:
    """How many of the executives' indicators are at their target."""
    aimed = [one for one in contents.indicators if one.at_target is not None]
    if not aimed:
        return ngettext(
            "%(n)d indicator beside the score, without a target to hold against",
            "%(n)d indicators beside the score, without a target to hold against",
            len(contents.indicators),
        ) % {"n": len(contents.indicators)}
    reached = sum(bool(one.at_target) for one in aimed)
    return ngettext(
        "%(part)d of %(whole)d indicator is at its target",
        "%(part)d of %(whole)d indicators at their target",
        len(aimed),
    ) % {"part": reached, "whole": len(aimed)}


def trend(contents: Contents) -> str:
    """Whether the change between the last two waves is real: not more than the verdicts say."""
    last = contents.last_change
    if contents.change is None or last.before is None or last.after is None:
        return _("No change can be judged yet: it takes two waves with observations")
    names = {"before": short(last.before.name, 24), "after": short(last.after.name, 24)}
    if not contents.change.after_closed:
        months = {"after": names["after"], "month": closing_month(contents.change)}
        return (
            _("“%(after)s” is open until the end of %(month)s: no verdict on its change before")
            % months
        )
    found = Counter(one.verdict for one in contents.change.stages)
    said = [words(found[one]) % {"n": found[one]} for one, words in _VERDICTS.items() if found[one]]
    if not said:
        return _("From “%(before)s” to “%(after)s”: no verdict yet on any stage") % names
    return _("From “%(before)s” to “%(after)s”: %(said)s") % {**names, "said": ", ".join(said[:2])}


def verdicts(contents: Contents, most: int) -> list[tuple[str, str]]:
    """The stages that changed most with the words of their verdict; none while a wave is open."""
    change = contents.change
    if change is None or change.framework is None or not change.after_closed:
        return []
    stages = {gap.stage.key: gap.stage for gap in contents.stages}
    judged = [one for one in change.stages if one.stage in stages and one.judged and one.verdict]
    judged.sort(
        key=lambda one: (
            one.verdict is Verdict.INCONCLUSIVE,
            -abs(one.judged[0]) if one.judged else 0,
        )
    )
    limits = change.framework.thresholds
    return [
        (
            short(stages[one.stage].name),
            verdict_text(one, least=limits.observations_needed(stages[one.stage].criticality)),
        )
        for one in judged[:most]
    ]


def plan(actions: Sequence[Action]) -> str:
    still_open = [action for action in actions if action.is_open]
    if not actions:
        return _("No action is planned yet")
    if not still_open:
        return _("No action is open: what was planned is done or dropped")
    late = sum(action.is_late for action in still_open)
    facts = {"part": len(still_open) - late, "whole": len(still_open), "late": late}
    if not late:
        return (
            ngettext(
                "%(whole)d open action, on time",
                "%(whole)d open actions, all on time",
                len(still_open),
            )
            % facts
        )
    return (
        ngettext(
            "%(late)d of %(whole)d open actions is late",
            "%(late)d of %(whole)d open actions are late",
            late,
        )
        % facts
    )


def status_of(action: Action) -> str:
    return _("late") if action.is_late else str(action.get_status_display())


def how_made(contents: Contents) -> str:
    methods = {one.method for gap in contents.stages for one in gap.score.methods if one.used}
    seen = sum(any(score.n for score in one.stages.values()) for one in contents.places)
    if not contents.n:
        return _("How the figures will be made: nothing is counted yet")
    counted = ngettext("%(n)s observation", "%(n)s observations", contents.n)
    whole = [] if contents.sheet.selection.channel else [counted]
    facts = [
        *(words % {"n": wording.count_text(contents.n)} for words in whole),
        ngettext("%(n)d method", "%(n)d methods", len(methods)) % {"n": len(methods)},
        ngettext("%(n)d location", "%(n)d locations", seen) % {"n": seen},
    ]
    return _("How the figures are made: %(facts)s") % {"facts": ", ".join(facts)}


def reading_notes(contents: Contents) -> list[str]:
    """How to read a score, in plain words; the same on a slide and on paper."""
    framework = contents.sheet.framework
    notes = [
        _(
            "A score goes from -100 (all that could be lost was lost) to +100 (all that could be won was"
            " won)."
        ),
    ]
    if framework is not None:
        limits = framework.thresholds
        notes += [
            _(
                "▼ disappointing at or below %(low)s; ✦ enchantment from %(high)s with the basics"
                " covered; ● neutral between."
            )
            % {"low": f"{limits.low:+d}", "high": f"{limits.high:+d}"},
            _(
                "Fewer than %(least)d observations by one method: no score is shown, and the words say so."
            )
            % {"least": limits.min_observations},
        ]
    leaning = leaning_note(one for gap in contents.stages for one in gap.score.methods)
    return [
        *notes,
        _("Where a basic was missed, the delights of that customer in that stage count nothing."),
        _(
            "Methods count with fixed weights, locations with their reference shares, however often they"
            " were observed."
        ),
        *([leaning] if leaning else []),
        _(
            "95 %% interval: where the score lies, as far as the observations tell; “indicative” and"
            " “trend” say that it is wide."
        )
        % {},
        _(
            "◆ moment of truth: a stage where the relation is won or lost; it weighs 3 in the journey score."
        ),
        _(
            "A change is real where its interval excludes 0, on the same methods and locations, against a"
            " control."
        ),
    ]


def method_lines(contents: Contents) -> list[tuple[str, int, int]]:
    """(method, weight, the most observations that it has in a stage), of those used, heaviest first."""
    most: dict[str, tuple[int, int]] = {}
    for gap in contents.stages:
        for one in gap.score.methods:
            weight, n = most.get(one.method, (one.weight, 0))
            most[one.method] = weight, max(n, one.n)
    rows = [(str(Method(key).label), weight, n) for key, (weight, n) in most.items()]
    return sorted(rows, key=lambda row: (-row[1], -row[2], row[0]))


def left_out(stages: int, places: int) -> str:
    """Of a heat map that shows not all of them; empty where it does."""
    parts = []
    if stages:
        parts.append(ngettext("%(n)d stage", "%(n)d stages", stages) % {"n": stages})
    if places:
        parts.append(ngettext("%(n)d location", "%(n)d locations", places) % {"n": places})
    if not parts:
        return ""
    words = _("Not shown here: %(what)s. They are in the workbook and in the CSV of this chart.")
    return words % {"what": ", ".join(parts)}
