"""A measure in words: what was fixed, what has come, and what it said when its window closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from actionplans.measure_closing import NotAsPlanned
from actionplans.measure_models import Measure, State
from actionplans.measure_reading import StageCount, address_of
from actionplans.models import Action
from journeys.models import Method
from journeys.months import month_text, period_text
from scoring.change import Guard, StageChange, Verdict, Withheld
from scoring.change_bar import Bar, bar_of, scale_of
from scoring.change_wording import beside_text, change_evidence, range_text, verdict_text
from scoring.numbers import Interval
from scoring.wording import UNKNOWN, score_text

_SHORT: Final = {
    Verdict.REAL_IMPROVEMENT: gettext_lazy("real improvement"),
    Verdict.REAL_DETERIORATION: gettext_lazy("real deterioration"),
    Verdict.IMPROVEMENT_WITHOUT_CONTROL: gettext_lazy("improvement, without control"),
    Verdict.DETERIORATION_WITHOUT_CONTROL: gettext_lazy("deterioration, without control"),
    Verdict.NO_MATERIAL_CHANGE: gettext_lazy("no material change"),
    Verdict.INCONCLUSIVE: gettext_lazy("cannot conclude"),
}
_SIGNS: Final = {Verdict.REAL_IMPROVEMENT: "↗", Verdict.REAL_DETERIORATION: "↘"}
_TONES: Final = {Verdict.REAL_IMPROVEMENT: "done", Verdict.REAL_DETERIORATION: "late"}
_NOT_AS_PLANNED: Final = {
    NotAsPlanned.NEVER_STARTED: gettext_lazy("The action was never noted as started."),
    NotAsPlanned.STARTED_TOO_EARLY: gettext_lazy(
        "The action was noted as started before the window before was over."
    ),
    NotAsPlanned.STARTED_TOO_LATE: gettext_lazy(
        "The action was noted as started after the window after had begun."
    ),
}


@dataclass(frozen=True, slots=True)
class EffectWord:
    """In a line beside an action: a sign, few words, and the tone of a status."""

    sign: str
    text: str
    tone: str

    def __str__(self) -> str:
        return f"{self.sign} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class VerdictLine:
    """One stage of a measure that has closed, as it was frozen; `since` is what has come after."""

    name: str
    before: str
    n_before: int
    after: str
    n_after: int
    change: str
    range: str
    verdict: str
    beside: str
    sign: str
    is_real: bool
    bar: Bar | None
    since: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window of a measure: its months, and how many observations of each stage it has."""

    name: str
    months: str
    counts: tuple[int, ...]


def stage_change_of(figures: Mapping[str, Any]) -> StageChange:
    """What was frozen of a stage, as far as words need it: methods and mix shifts stay in the document."""
    ends = figures["ends"]
    return StageChange(
        figures["stage"],
        n_before=figures["n_before"],
        n_after=figures["n_after"],
        before=_fraction(figures["before_exact"]),
        before_interval=_interval(ends["before_interval"]),
        after=_fraction(figures["after_exact"]),
        after_interval=_interval(ends["after_interval"]),
        change=_fraction(figures["change_exact"]),
        interval=_interval(ends["interval"]),
        guard=Guard(figures["guard"]) if figures["guard"] else None,
        control=_fraction(figures["control_change"]),
        control_interval=_interval(ends["control_interval"]),
        did=_fraction(figures["did_exact"]),
        did_interval=_interval(ends["did_interval"]),
        n_baseline=figures["n_baseline"] or 0,
        n_baseline_after=figures["n_baseline_after"] or 0,
        baseline=_fraction(figures["baseline_change_exact"]),
        baseline_interval=_interval(ends["baseline_interval"]),
        verdict=Verdict(figures["verdict"]) if figures["verdict"] else None,
        needed=figures["needed"],
        excluded_because=Withheld(figures["excluded_because"])
        if figures["excluded_because"]
        else None,
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _interval(ends: list[float] | None) -> Interval | None:
    return None if ends is None else (ends[0], ends[1])


def effect_word(measure: Measure | None) -> EffectWord | None:
    """The one stage's verdict, or how many of several are real; nothing without a measure."""
    if measure is None or measure.state is State.DROPPED:
        return None
    if measure.outcome is None:
        return _unknown_yet(measure)
    figures = measure.outcome.figures
    verdicts = [Verdict(one["verdict"]) for one in figures["stages"] if one["verdict"]]
    if not verdicts:
        return EffectWord("", _("effect withheld"), "")
    chosen = max(verdicts, key=lambda one: (one in _SIGNS, verdicts.count(one)))
    text = str(_SHORT[chosen])
    if len(figures["stages"]) > 1:
        text = _("%(verdict)s in %(n)d of %(all)d stages") % {
            "verdict": text,
            "n": verdicts.count(chosen),
            "all": len(figures["stages"]),
        }
    return EffectWord(_SIGNS.get(chosen, ""), text, _TONES.get(chosen, ""))


def _unknown_yet(measure: Measure) -> EffectWord:
    if measure.state is State.DUE:
        return EffectWord("", _("effect: being computed"), "")
    month = month_text(measure.after_to)
    return EffectWord("", _("effect known after %(month)s") % {"month": month}, "")


def latest_measure(measures: list[Measure]) -> Measure | None:
    """Newest first: the last that said something, else the one that stands."""
    for measure in measures:
        if measure.outcome is not None:
            return measure
    return next((one for one in measures if one.state is not State.DROPPED), None)


def effect_of(action: Action) -> EffectWord | None:
    """Of an action read `with_measures()`."""
    return effect_word(latest_measure(list(action.measures.all())))


def verdict_lines(measure: Measure, counts: Sequence[StageCount]) -> list[VerdictLine]:
    """Of a measure that has closed; `counts` is what is counted today, and may be left out."""
    assert measure.outcome is not None
    figures = measure.outcome.figures
    changes = [stage_change_of(one) for one in figures["stages"]]
    bound = scale_of(changes)
    now = {one.stage: one for one in counts}
    return [
        _line(change, stage, figures, bound, now.get(change.stage))
        for change, stage in zip(changes, figures["stages"], strict=True)
    ]


def _line(
    change: StageChange,
    stage: Mapping[str, Any],
    figures: Mapping[str, Any],
    bound: int,
    now: StageCount | None,
) -> VerdictLine:
    evidence = change_evidence(change.interval)
    return VerdictLine(
        name=stage["name"],
        before=score_text(change.before, change_evidence(change.before_interval)),
        n_before=change.n_before,
        after=score_text(change.after, change_evidence(change.after_interval)),
        n_after=change.n_after,
        change=score_text(change.change, evidence),
        range=range_text(change.interval) if change.interval else "",
        verdict=verdict_text(change, least=stage["needed_each"]),
        beside=beside_text(change),
        sign=_SIGNS.get(change.verdict, "") if change.verdict else "",
        is_real=change.verdict in _SIGNS,
        bar=bar_of(change, bound),
        since=_since(sum(figures["counted"][change.stage].values()), now.total) if now else "",
    )


def history_note(measure: Measure) -> str:
    """What the action's history says against the windows of a measure that has closed."""
    reason = measure.outcome.figures["not_as_planned"] if measure.outcome else None
    return str(_NOT_AS_PLANNED[NotAsPlanned(reason)]) if reason else ""


def _since(then: int, now: int) -> str:
    """As of a report that was signed: what has come, or gone, does not change what was said."""
    if now == then:
        return _("nothing has arrived since")
    more = now - then
    return ngettext(
        "since then %(more)+d observation", "since then %(more)+d observations", abs(more)
    ) % {"more": more}


def window_lines(measure: Measure, counts: list[StageCount]) -> list[WindowLine]:
    names = {
        "before": _("Before"),
        "after": _("After"),
        "control_before": _("Control, before"),
        "control_after": _("Control, after"),
        "baseline": _("Second baseline"),
    }
    windows = {
        "before": period_text(measure.before_from, measure.before_to),
        "after": period_text(measure.after_from, measure.after_to),
        "baseline": period_text(measure.baseline_from, measure.baseline_to),
    }
    counted = counts[0].n if counts else {}
    return [
        WindowLine(
            str(names[name]),
            windows[name.removeprefix("control_")],
            tuple(one.n[name] for one in counts),
        )
        for name in counted
    ]


def fixed_facts(measure: Measure) -> list[tuple[str, str]]:
    """What was fixed, name by name, apart from the windows."""
    methods = dict(Method.choices)
    places = list(measure.places.all())
    named = [
        (_("Stages"), [one.stage.name for one in measure.measured_stages.all()], ""),
        (
            _("Methods"),
            [str(methods.get(one, one)) for one in measure.methods],
            pgettext("methods", "all"),
        ),
        (
            _("Locations"),
            [one.location.name for one in places if not one.is_control],
            pgettext("locations", "all"),
        ),
        (
            _("Control locations"),
            [one.location.name for one in places if one.is_control],
            _("none: an improvement is then only observed")
            if not measure.baseline_from
            else UNKNOWN,
        ),
    ]
    return [(str(name), ", ".join(found) or str(nothing)) for name, found, nothing in named]


def changes_url(measure: Measure, slug: str, journey: str) -> str:
    """The page that computes the same from what is there today. By name: it stands to the right."""
    url = reverse("dashboards:changes", args=[slug, journey])
    return f"{url}?{urlencode(address_of(measure))}"
