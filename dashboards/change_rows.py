"""The changes of a journey as their page shows them: a line a stage, with a small bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.evidence import location_names
from dashboards.links import stage_url
from journeys.access import Access
from journeys.models import Journey, Method, Stage
from journeys.months import month_text
from observations.changes import ChangeSheet
from observations.common_ground import CommonGround, Difference
from observations.selection import Selection
from scoring.change import MethodChange, StageChange, Verdict, Withheld
from scoring.change_bar import Bar, bar_of, scale_of
from scoring.change_wording import (
    beside_text,
    change_evidence,
    method_left_out,
    range_text,
    row_verdict_text,
    simpson_text,
)
from scoring.numbers import Interval
from scoring.wording import evidence_word, score_text

METHODS = dict(Method.choices)  # in the language of whoever reads
ARROWS = {Verdict.REAL_IMPROVEMENT: "↗", Verdict.REAL_DETERIORATION: "↘"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The score of a window, like for like, and the page that computes the same; `n` may be unknown.

    Without a `url` no page does.
    """

    score: str
    n: int | None
    url: str


@dataclass(frozen=True, slots=True)
class MethodLine:
    name: str
    before: Reading
    after: Reading
    change: str
    range: str
    weight: int
    note: str
    is_compared: bool


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    stage: str
    statement: str
    why: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """`beside` says what the change is held against: the control's own change, or the baseline's.

    `covered` names the locations of the verdict where a second baseline has not all; `ground` are
    the interactions that versions are compared on, `ground_words` how many they are; `is_split` says
    that the methods were compared at different locations, so that no page has the stage's scores.
    """

    stage: Stage
    before: Reading
    after: Reading
    change: str
    range: str
    quality: str
    beside: str
    covered: str
    verdict: str
    is_real: bool
    arrow: str
    bar: Bar | None
    simpson: str
    ground_words: str
    ground: tuple[str, ...]
    is_split: bool
    methods: tuple[MethodLine, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    access: Access
    sheet: ChangeSheet
    names: Mapping[str, str]
    bound: int

    def evidence_url(
        self, stage: Stage, window: Selection, compared: Sequence[MethodChange], *, whole: bool
    ) -> str:
        """The evidence of the stage in one window, under the filters of what is compared.

        `whole` says that no method is left out. Empty where no filter leads to the same scores: on a
        common ground, which no page scores, and for methods compared at different locations.
        """
        places = self.places(compared)
        if self.sheet.common_ground or places is None:
            return ""
        asked: dict[str, object] = (
            {"wave": window.wave}
            if window.wave
            else {"from": window.first_month, "to": window.last_month}
        )
        if places:
            asked["location"] = ",".join(places)
        if compared and (window.methods or not whole):
            asked["method"] = ",".join(method.method for method in compared)
        if self.sheet.framework:
            asked["framework"] = self.sheet.framework.version
        return stage_url(self.access, self.sheet.journey, stage.key, asked)

    def places(self, compared: Sequence[MethodChange]) -> tuple[str, ...] | None:
        """The filter of locations under which these methods score the same; None if there is none.

        Empty where the windows hold nothing else. What has no location, and readings, which are
        compared as a whole, would be lost under a filter.
        """
        if all(method.is_whole for method in compared):
            return self.sheet.comparison.before.locations or ()
        different = {method.places for method in compared}
        return different.pop() if len(different) == 1 else None


@dataclass(frozen=True, slots=True)
class _Scored:
    n: int | None
    score: Fraction | None
    interval: Interval | None


def change_rows(sheet: ChangeSheet, access: Access) -> list[ChangeRow]:
    """The stages of the perimeter in journey order."""
    names = location_names(access.programme)
    page = _Page(access, sheet, names, scale_of(sheet.stages))
    stages = {stage.key: stage for stage in sheet.journey.stages.all()}
    return [_row(stages[one.stage], one, page) for one in sheet.stages]


def _row(stage: Stage, one: StageChange, page: _Page) -> ChangeRow:
    framework, windows = page.sheet.framework, page.sheet.comparison
    least = framework.thresholds.observations_needed(stage.criticality) if framework else 0
    # Without common ground nothing was read, so that nothing was counted either.
    read = one.excluded_because is not Withheld.DIFFERENT_FRAMEWORK
    before = _Scored(one.n_before if read else None, one.before, one.before_interval)
    after = _Scored(one.n_after if read else None, one.after, one.after_interval)
    evidence = change_evidence(one.interval)
    compared = [method for method in one.methods if method.excluded_because is None]
    before_url, after_url = (
        page.evidence_url(stage, window, compared, whole=len(compared) == len(one.methods))
        for window in (windows.before, windows.after)
    )
    ground, ground_words = _ground(page.sheet.common_ground, stage)
    return ChangeRow(
        stage=stage,
        before=_reading(before, before_url),
        after=_reading(after, after_url),
        change=score_text(one.change, evidence),
        range=range_text(one.interval) if one.interval else "",
        quality=evidence_word(evidence),
        beside=beside_text(one),
        covered=_covered(compared, page.names),
        verdict=row_verdict_text(one, least=least),
        is_real=one.verdict in ARROWS,
        arrow=ARROWS.get(one.verdict, "") if one.verdict else "",
        bar=bar_of(one, page.bound),
        simpson=simpson_text(one, page.names, METHODS),
        ground_words=ground_words,
        ground=ground,
        is_split=page.sheet.common_ground is None and page.places(compared) is None,
        methods=tuple(_method(method, stage, page) for method in one.methods),
    )


def _reading(scored: _Scored, url: str) -> Reading:
    evidence = change_evidence(scored.interval)
    return Reading(
        score=score_text(scored.score, evidence),
        n=scored.n,
        url=url,
    )


def _covered(compared: Sequence[MethodChange], names: Mapping[str, str]) -> str:
    """Where the verdict holds, if a second baseline was not measured everywhere."""
    if not any(method.judged_at for method in compared):
        return ""
    codes = sorted({code for method in compared for code in method.judged_at or method.places})
    return _(
        "The second baseline was not measured at every location: the verdict covers %(locations)s."
    ) % {"locations": ", ".join(names.get(code, code) for code in codes)}


def closing_month(sheet: ChangeSheet) -> str:
    """The last month of the window after, in words."""
    last = sheet.comparison.after.last_month
    return month_text(last) if last else ""


def _ground(ground: CommonGround | None, stage: Stage) -> tuple[tuple[str, ...], str]:
    """The interactions of a stage that versions are compared on, and how many those are of all.

    Nothing where there is one version.
    """
    if ground is None:
        return (), ""
    compared = tuple(one.statement for one in ground.compared if one.stage == stage.key)
    whole = sum(one.stage == stage.key for one in ground.interactions)
    if not compared:
        return (), ""
    words = ngettext(
        "Scored again on %(compared)d of %(whole)d interaction, the same in versions %(versions)s",
        "Scored again on %(compared)d of %(whole)d interactions, the same in versions %(versions)s",
        whole,
    ) % {"compared": len(compared), "whole": whole, "versions": versions_text(ground)}
    return compared, words


def versions_text(ground: CommonGround) -> str:
    *others, last = map(str, ground.versions)
    return _("%(versions)s and %(last)s") % {"versions": ", ".join(others), "last": last}


def left_out_lines(ground: CommonGround | None, journey: Journey) -> list[LeftOutLine]:
    """The interactions that are compared nowhere, each with why."""
    if ground is None:
        return []
    stages = {stage.key: stage.name for stage in journey.stages.all()}
    said = {
        Difference.NOT_IN_ALL: _("not asked in every version"),
        Difference.OTHER_STAGE: _("in another stage"),
        Difference.OTHER_CLASS: _("of another class"),
        Difference.OTHER_WEIGHT: _("with another weight"),
        Difference.OTHER_LEVELS: _("with other levels"),
    }
    return [
        LeftOutLine(stages.get(one.stage, one.stage), one.statement, said[one.difference])
        for one in ground.left_out
        if one.difference is not None
    ]


def _method(method: MethodChange, stage: Stage, page: _Page) -> MethodLine:
    compared = method.excluded_because is None
    before = _Scored(method.n_before, method.before, method.before_interval)
    after = _Scored(method.n_after, method.after, method.after_interval)
    windows = page.sheet.comparison
    own = [method]
    evidence = change_evidence(method.interval if compared else None)
    return MethodLine(
        name=str(METHODS.get(method.method, method.method)),
        before=_reading(before, page.evidence_url(stage, windows.before, own, whole=False)),
        after=_reading(after, page.evidence_url(stage, windows.after, own, whole=False)),
        change=score_text(method.change, evidence),
        range=range_text(method.interval) if compared and method.interval else "",
        weight=method.weight,
        note=method_left_out(method) or _units(method, page.names),
        is_compared=compared,
    )


def _units(method: MethodChange, names: Mapping[str, str]) -> str:
    """Where locations are the units, their own changes are what is averaged."""
    if method.judged_at:
        return _("for the verdict only %(locations)s") % {
            "locations": ", ".join(names.get(code, code) for code in method.judged_at)
        }
    if method.aggregated:
        return _("counted as a whole")
    if not method.paired:
        return ""
    return ngettext(
        "mean of the changes of %(n)d location",
        "mean of the changes of %(n)d locations",
        method.locations,
    ) % {"n": method.locations}
