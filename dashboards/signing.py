"""Sign-off: the figures as they stand, frozen; and what has arrived since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from actionplans.gaps import Gap
from dashboards.api.documents import scores_document
from dashboards.boards import counted
from dashboards.indicator_words import IndicatorLine
from dashboards.models import SignedReport
from dashboards.signed_beside import actions_document, indicators_document
from journeys.audit import record
from journeys.models import Journey, Stage
from observations.scores import ScoreSheet
from scoring import wording
from scoring.classify import Certainty, Evidence, Flag, Label
from scoring.labels import grade


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A stage as it stood, in the words of the dashboard; `now` is its score of today, if any."""

    name: str
    phase: str
    is_moment_of_truth: bool
    score: str
    label: str
    is_held_back: bool
    is_confirmed: bool
    interval: str
    target: str
    gap: str
    n: int
    now: str


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The score of the whole journey as it stood."""

    score: str
    target: str
    interval: str


def canonical(asked: Mapping[str, str]) -> str:
    """The filters as one text, whatever their order in the address."""
    return urlencode(sorted(asked.items()))


def seen_figures(sheet: ScoreSheet) -> str:
    """A short word for the scores of a sheet: another one as soon as any figure of theirs moves."""
    text = json.dumps(scores_document(sheet), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@transaction.atomic
def sign_report(
    *,
    sheet: ScoreSheet,
    asked: Mapping[str, str],
    note: str,
    actor: User,
    indicators: Iterable[IndicatorLine] = (),
    gaps: Sequence[Gap] | None = None,
) -> SignedReport:
    """Freeze what `sheet` says, the indicators and the actions of the gaps beside it.

    All has to be read for somebody who sees every location; `gaps` is None without the plan. The same
    once more, as from a double click, is the report that is there.
    """
    Journey.objects.select_for_update().get(pk=sheet.journey.pk)
    named = {
        stage.key: {
            "name": stage.name,
            "phase": stage.phase,
            "is_moment_of_truth": stage.is_moment_of_truth,
        }
        for stage in sheet.stages
    }
    figures = scores_document(sheet) | {
        "named": named,
        "indicators": indicators_document(indicators),
        "actions": None if gaps is None else actions_document(gaps),
    }
    signed = {
        "journey": sheet.journey,
        "query": canonical(asked),
        "figures": json.loads(json.dumps(figures)),
        "n": counted(sheet),
        "note": note,
        "signed_by": actor,
    }
    last = SignedReport.objects.filter(journey=sheet.journey, signed_by=actor).first()
    if last is not None and all(getattr(last, name) == value for name, value in signed.items()):
        return last
    report = SignedReport.objects.create(**signed)
    programme = sheet.journey.programme
    record(programme=programme, actor=actor, verb="signed off", subject=sheet.journey)
    return report


def latest_report(journey: Journey, asked: Mapping[str, str]) -> SignedReport | None:
    """The last one under the same filters, without its figures."""
    reports = SignedReport.objects.filter(journey=journey, query=canonical(asked)).with_versions()
    return reports.select_related("signed_by", "journey__programme").defer("figures").first()


def since_text(report: SignedReport, sheet: ScoreSheet) -> str:
    """ "+38 observations since", "-2 observations since" where some were withdrawn.

    Of every version of the framework, unless the filters name one; with the version where the
    scores are those of another one by now. `report` comes `with_versions`.
    """
    more = _counted_now(sheet) - _counted_then(report, sheet)
    text = ngettext(
        "since then %(more)+d observation", "since then %(more)+d observations", abs(more)
    ) % {"more": more}
    if not more:
        text = _("nothing has arrived since")
    then, now = report.framework_version, sheet.framework.version if sheet.framework else None
    if then is None or now is None or then == now:
        return text
    versions = _("framework version %(then)d then, %(now)d now") % {"then": then, "now": now}
    return f"{text} · {versions}"


def _counted_now(sheet: ScoreSheet) -> int:
    return counted(sheet) if sheet.selection.version else sum(n for _version, n in sheet.versions)


def _counted_then(report: SignedReport, sheet: ScoreSheet) -> int:
    if sheet.selection.version or report.versions is None:
        return report.n
    return sum(one["n"] for one in report.versions)


def signed_head(report: SignedReport) -> SignedHead:
    journey = report.figures["journey_score"]
    interval = tuple(journey["interval"]) if journey["interval"] else None
    evidence = grade(interval) if interval else Evidence.D
    target = journey["target_exact"]
    return SignedHead(
        score=wording.score_text(_fraction(journey["score_exact"]), evidence),
        target=wording.target_text(Fraction(target)) if target is not None else "",
        interval=wording.interval_text(interval, evidence),
    )


def signed_lines(report: SignedReport, now: ScoreSheet | None) -> list[SignedLine]:
    """In the order of then."""
    today = {one.stage: one for one in now.reading.stages} if now else {}
    return [
        _line(
            figures,
            report.figures["named"][figures["stage"]],
            wording.stage_score_text(today[figures["stage"]]) if figures["stage"] in today else "",
        )
        for figures in report.figures["stages"]
    ]


def _line(figures: Mapping[str, Any], named: Mapping[str, Any], now: str) -> SignedLine:
    """What was too little to be shown then is not shown now either."""
    label = Label(figures["label"])
    evidence = Evidence.D if label is Label.INSUFFICIENT else Evidence(figures["evidence"])
    interval = tuple(figures["interval"]) if figures["interval"] else None
    target = figures["target"]
    return SignedLine(
        name=named["name"],
        phase=str(Stage.Phase(named["phase"]).label),
        is_moment_of_truth=named["is_moment_of_truth"],
        score=wording.score_text(_fraction(figures["score_exact"]), evidence),
        label=label.value,
        is_held_back=Flag.ENCHANTMENT_WITHHELD.value in figures["flags"],
        is_confirmed=figures["certainty"] == Certainty.CONFIRMED.value,
        interval=wording.interval_text(interval, evidence),
        target=wording.UNKNOWN if target is None else wording.target_text(Fraction(target)),
        gap=wording.gap_text(_fraction(figures["gap_exact"]), evidence),
        n=figures["n"],
        now=now,
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
