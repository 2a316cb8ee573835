"""The league of locations as a page prints it: each row leads to the evidence of its location."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.formulas import Formula, decimal
from dashboards.links import journey_url, query_of, stage_url
from journeys.access import Access
from journeys.models import Journey, Location, Stage
from observations.locations import LeagueSheet
from observations.selection import BadSelection
from scoring import wording
from scoring.classify import Evidence
from scoring.league import RANKABLE, Difference, Standing


@dataclass(frozen=True, slots=True)
class LeagueLine:
    rank: str
    name: str
    region: str
    shrunk: str
    own: str
    interval: str
    kept: str
    n: str
    evidence: str
    url: str
    has_score: bool


@dataclass(frozen=True, slots=True)
class StageChoice:
    name: str
    query: str
    is_chosen: bool
    is_moment_of_truth: bool = False


def league_stage(query: Mapping[str, Any], journey: Journey) -> Stage | None:
    """The stage asked for, None for the whole journey. Raises BadSelection where it can't be read."""
    key = str(query.get("stage", "")).strip()
    if not key:
        if str(query.get("channel", "")).strip():
            raise BadSelection({"channel": _("A channel is read in one stage: choose a stage.")})
        return None
    stages = [stage for stage in journey.stages.all() if stage.in_perimeter]
    stage = next((one for one in stages if one.key == key), None)
    if stage is None:
        raise BadSelection({"stage": _("No stage of the perimeter has this key.")})
    return stage


def stage_choices(
    journey: Journey, stage: Stage | None, asked: Mapping[str, str]
) -> list[StageChoice]:
    """The whole journey, then each stage, under the same filters."""
    whole = {name: value for name, value in asked.items() if name != "channel"}
    choices = [StageChoice(_("Whole journey"), query_of(whole), is_chosen=stage is None)]
    choices += [
        StageChoice(
            name=one.name,
            query=query_of({"stage": one.key, **asked}),
            is_chosen=one == stage,
            is_moment_of_truth=one.is_moment_of_truth,
        )
        for one in journey.stages.all()
        if one.in_perimeter
    ]
    return choices


def league_lines(league: LeagueSheet, access: Access, asked: Mapping[str, str]) -> list[LeagueLine]:
    kept = {name: value for name, value in asked.items() if name not in {"location", "region"}}
    sheet = league.sheet
    if sheet.framework and len(sheet.versions) > 1:
        # A location alone may have been seen most lately in another version.
        kept["framework"] = str(sheet.framework.version)
    return [
        _line(location, one, _url(league, access, kept | {"location": location.code}))
        for location, one in league.rows
    ]


def _url(league: LeagueSheet, access: Access, asked: dict[str, str]) -> str:
    """Where a location's own score is explained: sums, formula, methods, and from there the observations."""
    journey = league.sheet.journey
    if league.stage is None:
        return journey_url(access, journey, asked)
    return stage_url(access, journey, league.stage.key, asked)


def _line(location: Location, one: Standing, url: str) -> LeagueLine:
    evidence = one.score.evidence if one.has_score else Evidence.D
    shrunk = None if one.shrunk is None else Fraction(one.shrunk)
    return LeagueLine(
        rank=wording.UNKNOWN if one.rank is None else str(one.rank),
        name=location.name,
        region=location.region,
        shrunk=wording.score_text(shrunk, evidence),
        own=wording.stage_score_text(one.score),
        interval=wording.interval_text(one.score.interval, evidence),
        kept=wording.share_text(None if one.kept is None else Fraction(one.kept)),
        n=_n_text(one),
        evidence=wording.evidence_word(evidence),
        url=url,
        has_score=one.has_score,
    )


def _n_text(one: Standing) -> str:
    """What a framework asks for a score may be fewer than a comparison needs."""
    lacking = RANKABLE - one.score.n
    if not one.has_score or lacking <= 0:
        return wording.n_text(one.score)
    return ngettext(
        "n = %(n)d, %(missing)d more needed to be compared",
        "n = %(n)d, %(missing)d more needed to be compared",
        lacking,
    ) % {"n": one.score.n, "missing": lacking}


def verdict(league: LeagueSheet) -> str:
    """Whether locations differ, in a sentence."""
    common = league.league.shrinkage
    if league.is_hidden:
        return _(
            "So few other locations are compared that their mean would give their scores away:"
            " only the scores of your own locations are shown."
        )
    if common is None:
        return _("A comparison takes at least two locations with enough observations.")
    if common.difference is Difference.NONE:
        return _(
            "No difference shown between locations: their scores lie no further apart than chance"
            " alone would bring. They are not ranked."
        )
    if common.difference is Difference.POSSIBLE:
        return _(
            "The ranks are a hint, no more: chance alone may well bring scores this far apart."
        )
    between = wording.gap_text(Fraction(sqrt(common.tau2)), Evidence.B)
    return _(
        "Locations differ: beyond what chance brings, their scores lie about %(points)s points"
        " around the mean."
    ) % {"points": between}


def cautions(league: LeagueSheet) -> list[str]:
    """What to know before comparing."""
    found = []
    if not league.league.like_for_like:
        found.append(
            _("Not all were observed by the same methods: choose one to compare like with like.")
        )
    if league.unlocated > 0:
        found.append(
            ngettext(
                "%(n)d observation names no location and is left out.",
                "%(n)d observations name no location and are left out.",
                league.unlocated,
            )
            % {"n": league.unlocated}
        )
    return found


def mean_text(league: LeagueSheet) -> str:
    common = league.league.shrinkage
    if common is None or league.is_hidden:
        return wording.UNKNOWN
    return wording.score_text(Fraction(common.mean), Evidence.B)


def league_formulas(league: LeagueSheet) -> list[Formula]:
    """The shrunk score of the first row, its figures filled in; none where nothing is compared."""
    common = league.league.shrinkage
    first = next((one for _location, one in league.rows if one.measured is not None), None)
    if common is None or first is None or first.measured is None or first.shrunk is None:
        return []
    within, between = decimal(first.measured.variance), decimal(common.tau2)
    mean, own = _in_brackets(common.mean), _in_brackets(first.measured.score)
    both = f"({within} + {between})"
    value = decimal(first.shrunk)
    return [Formula("X̂", f"({within} · {mean} + {between} · {own}) / {both} ≈ {value}")]


def _in_brackets(value: Fraction | float) -> str:
    """A factor of a product, two decimals; one with a sign stands in brackets."""
    text = decimal(value)
    return f"({text})" if text.startswith("-") else text
