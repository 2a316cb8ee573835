"""Behind the score of a stage: the sums, the formula, the methods, and each level that was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.db.models import Sum
from django.utils.translation import gettext as _

from dashboards.formulas import Formula, decimal, error_formulas, method_formulas, score_map
from journeys.models import Location, Method, Programme
from observations.cells import within
from observations.scores import ScoreSheet
from scoring import wording
from scoring.classify import Evidence, Exclusion, MethodScore, StageScore, StratumScore
from scoring.intervals import t_quantile
from scoring.labels import grade
from scoring.models import Interaction, LevelCount
from scoring.numbers import x
from scoring.templatetags.points import signed

# What customers say of their own accord.
UNASKED: Final = frozenset({Method.VERBATIM, Method.SOCIAL_LISTENING})


@dataclass(frozen=True, slots=True)
class StratumLine:
    name: str
    share: str
    n: int
    S: int
    P: int
    Q: int
    note: str


@dataclass(frozen=True, slots=True)
class MethodLine:
    name: str
    weight: int
    share: str
    n: int
    score: str
    interval: str
    crude: str
    used: bool
    why_not: str
    aggregated: bool
    coverage: str
    strata: tuple[StratumLine, ...]
    formulas: tuple[Formula, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class LevelLine:
    """How often an answer was given, and what it brought; `value` is None where nothing was seen."""

    answer: str
    label: str
    count: int
    points: int | None
    share: int
    value: int | None = None


@dataclass(frozen=True, slots=True)
class InteractionLine:
    interaction: Interaction
    levels: tuple[LevelLine, ...]
    seen: int
    earned: int
    lost: int


def formula(stage: StageScore) -> str:
    """The score map of 1.4 with this stage's sums: 100 times 4 / 24 = 50/3."""
    return score_map(stage.sums.S, stage.sums.P, stage.sums.Q)


def is_plain(stage: StageScore) -> bool:
    """Whether the score is that of the sums: one used method, one stratum."""
    sums = stage.sums
    return stage.score == x(sums.S, sums.P, sums.Q)


def method_lines(stage: StageScore, names: dict[str, str]) -> list[MethodLine]:
    """`names` are those of the locations by code."""
    total = sum(method.weight for method in stage.methods if method.used)
    return [_method(method, total, names) for method in stage.methods]


def leaning_note(methods: Iterable[MethodScore]) -> str:
    """Which way what customers say unasked leans, where it counts; else empty."""
    if not any(one.used and one.method in UNASKED for one in methods):
        return ""
    return _(
        "Verbatim and social listening lean to the negative: a satisfied customer shares an opinion less"
        " readily than a dissatisfied one. The figures are not corrected for it."
    )


def _method(method: MethodScore, total: int, names: dict[str, str]) -> MethodLine:
    enough = method.excluded_because is not Exclusion.TOO_FEW
    evidence = grade(method.interval) if method.interval and enough else Evidence.D
    share = Fraction(method.weight, total) if method.used and total else None
    return MethodLine(
        name=str(Method(method.method).label),
        weight=method.weight,
        share=wording.share_text(share),
        n=method.n,
        score=wording.score_text(method.score, evidence),
        interval=wording.interval_text(method.interval, evidence),
        crude=wording.score_text(method.crude, evidence),
        used=method.used,
        why_not=_why_not(method),
        aggregated=method.aggregated,
        coverage="" if method.share_coverage is None else wording.share_text(method.share_coverage),
        strata=tuple(_stratum(stratum, names) for stratum in method.strata),
        formulas=(*method_formulas(method), *_interval_formulas(method)) if enough else (),
        rule=_rule(method) if enough else "",
    )


def _rule(method: MethodScore) -> str:
    """Which of the two standard errors the interval was made of."""
    if method.error is None:
        return _("Counted as a whole: no interval can be given.") if method.aggregated else ""
    facts = {
        "error": decimal(method.error.error, 4),
        "df": method.error.df,
        "t": decimal(t_quantile(method.error.df), 3),
    }
    if method.error.by_location:
        return (
            _(
                "Locations differ more than their visits alone explain, so that each location"
                " counts as one: se = %(error)s, %(df)d degrees of freedom, t = %(t)s."
            )
            % facts
        )
    return (
        _(
            "Each observation counts as one, its spread steadied by that of the whole journey:"
            " se = %(error)s, %(df)d degrees of freedom, t = %(t)s."
        )
        % facts
    )


def _interval_formulas(method: MethodScore) -> tuple[Formula, ...]:
    if method.means is None or method.error is None or method.interval is None:
        return ()
    return error_formulas(method.means, method.error, method.interval)


def _why_not(method: MethodScore) -> str:
    if method.excluded_because is Exclusion.TOO_FEW:
        return _("too few observations")
    if method.excluded_because is Exclusion.WEIGHT_ZERO:
        return _("its weight is 0")
    return ""


def _stratum(stratum: StratumScore, names: dict[str, str]) -> StratumLine:
    """The points alone: a score of one location would need its own interval."""
    code = stratum.location
    return StratumLine(
        name=_("no location") if code is None else names.get(code, code),
        share=wording.share_text(stratum.weight),
        n=stratum.n,
        S=stratum.S,
        P=stratum.P,
        Q=stratum.Q,
        note=_("left out") if not stratum.weight else "",
    )


def location_names(programme: Programme) -> dict[str, str]:
    """By code."""
    return dict(Location.objects.filter(programme=programme).values_list("code", "name"))


def interaction_lines(sheet: ScoreSheet, stage: StageScore) -> list[InteractionLine]:
    """Every interaction of the stage in all channels, level by level, over the methods of the sums."""
    if sheet.framework is None:
        return []
    basis = [method.method for method in stage.methods if method.used]
    basis = basis or [method.method for method in stage.methods]
    counts = _counts(sheet, basis)
    rows = Interaction.objects.filter(framework=sheet.framework, stage__key=stage.stage)
    rows = rows.exclude(touchpoint__channel__in_perimeter=False)
    rows = rows.select_related("touchpoint__channel").prefetch_related("levels")
    return [_interaction(row, counts.get(row.key, {})) for row in rows]


def in_channel(lines: list[InteractionLine], channel: str | None) -> list[InteractionLine]:
    """Those of one channel, by its key; all without one."""
    if channel is None:
        return lines
    return [
        line
        for line in lines
        if (touchpoint := line.interaction.touchpoint) and touchpoint.channel.key == channel
    ]


def _counts(sheet: ScoreSheet, methods: Iterable[str]) -> dict[str, dict[str, int]]:
    rows = (
        LevelCount.objects.filter(
            within(sheet.selection), framework=sheet.framework, method__in=list(methods)
        )
        .values_list("interaction", "answer")
        .annotate(total=Sum("count"))
        .order_by()
    )
    found: dict[str, dict[str, int]] = {}
    for key, answer, total in rows:
        found.setdefault(key, {})[answer] = int(total)
    return found


def _interaction(row: Interaction, counts: dict[str, int]) -> InteractionLine:
    seen = sum(counts.get(str(points), 0) for points in row.wording)
    levels = [
        _level(points, label, counts.get(str(points), 0), seen, weight=row.weight)
        for points, label in row.wording.items()
    ]
    for answer, label in (("NA", _("Not applicable")), ("NO", _("Not seen"))):
        if counts.get(answer):
            levels.append(LevelLine("", label, counts[answer], None, 0))
    points = [level.points for level in levels if level.points]
    return InteractionLine(
        interaction=row,
        levels=tuple(levels),
        seen=seen,
        earned=sum(value for value in points if value > 0),
        lost=sum(value for value in points if value < 0),
    )


def _level(points: int, label: str, count: int, seen: int, *, weight: int) -> LevelLine:
    share = round(Fraction(100 * count, seen)) if seen > 0 else 0
    return LevelLine(signed(points), label, count, count * points * weight, share, points)
