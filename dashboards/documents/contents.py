"""What a document says, read once: the same sheets, gaps and actions as the pages are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from actionplans.gaps import Gap, actions_of, gaps_of
from actionplans.models import Action
from dashboards.boards import KeyFigure, counted, key_figures
from dashboards.executive_indicators import executive_indicators
from dashboards.indicator_words import IndicatorLine
from dashboards.signing import latest_report, since_text
from dashboards.steps import freshness
from dashboards.wave_trend import LastChange, WavePoint, read_last_change, read_waves
from journeys.access import Access
from journeys.models import Journey
from journeys.rights import Right
from observations.breakdowns import Dimension, Part, read_breakdown
from observations.changes import ChangeSheet
from observations.scores import ScoreSheet
from scoring import wording


@dataclass(frozen=True, slots=True)
class Sources:
    """What a document was read from, in words."""

    sheet: ScoreSheet
    filters: tuple[str, ...]
    made_at: datetime = field(default_factory=timezone.localtime, kw_only=True)

    @property
    def journey(self) -> Journey:
        return self.sheet.journey

    @property
    def programme(self) -> str:
        one = self.journey.programme
        return " · ".join(filter(None, (one.brand, one.name)))

    @property
    def selected(self) -> str:
        return " · ".join(self.filters) or _("all observations")

    @property
    def n(self) -> int:
        return counted(self.sheet)

    @property
    def counted_text(self) -> str:
        """How many observations there are, and whether those are all that was received.

        Observations are counted for all channels together: under one of them there is no n of the whole.
        """
        n = _("n = %(n)s") % {"n": wording.count_text(self.n)}
        told = "" if self.sheet.selection.channel else n
        return " · ".join(filter(None, (told, freshness(self.sheet.pending))))

    @property
    def made_on(self) -> str:
        return formats.date_format(self.made_at, "DATE_FORMAT")


@dataclass(frozen=True, slots=True)
class Contents(Sources):
    """`stages` in journey order, `gaps` in the order to act on; `actions` None without the plan."""

    stages: tuple[Gap, ...]
    gaps: tuple[Gap, ...]
    actions: tuple[Action, ...] | None
    places: tuple[Part, ...]
    waves: tuple[WavePoint, ...]
    last_change: LastChange
    indicators: tuple[IndicatorLine, ...] = ()
    # Who signed these figures off, and what has arrived since; empty where nobody has.
    signed: str = ""

    @property
    def change(self) -> ChangeSheet | None:
        return self.last_change.sheet

    @property
    def is_scored(self) -> bool:
        """Whether there is a framework and a stage to score at all."""
        return self.sheet.framework is not None and bool(self.stages)

    @property
    def shown(self) -> list[Gap]:
        return [gap for gap in self.stages if gap.is_shown]

    def figures(self) -> list[KeyFigure]:
        urls: Mapping[str, str] = dict.fromkeys(("score", "moments", "counted", "actions"), "")
        return key_figures(self.sheet, self.gaps, self.actions, urls)


def read_contents(
    access: Access,
    sheet: ScoreSheet,
    filters: Sequence[str],
    asked: Mapping[str, str] | None = None,
    *,
    with_places: bool = True,
) -> Contents:
    """All that this person may see of the journey under the selection of the sheet.

    `filters` are what was `asked`, in words.
    Locations are read where they are shown: two hundred of them take their time.
    """
    journey = sheet.journey
    actions = actions_of(access, [journey]) if access.sees_whole_plan else None
    gaps = gaps_of(sheet, actions=actions or ())
    by_stage = {gap.stage.pk: gap for gap in gaps}
    waves = read_waves(sheet)
    return Contents(
        sheet=sheet,
        filters=tuple(filters),
        stages=tuple(by_stage[stage.pk] for stage in sheet.stages),
        gaps=tuple(gaps),
        actions=None if actions is None else tuple(actions),
        places=tuple(read_breakdown(sheet, Dimension.LOCATION)) if with_places else (),
        waves=tuple(waves),
        last_change=read_last_change(sheet, waves),
        indicators=tuple(executive_indicators(access, journey, sheet.selection, asked or {})),
        signed=_signed(access, sheet, asked or {}),
    )


def _signed(access: Access, sheet: ScoreSheet, asked: Mapping[str, str]) -> str:
    """As the page says it; a report holds every location, so not for whoever reads some."""
    if not access.may_at_once(Right.SEE_SCORES | Right.SEE_ALL_LOCATIONS):
        return ""
    report = latest_report(sheet.journey, asked)
    if report is None:
        return ""
    on = formats.date_format(timezone.localtime(report.signed_at), "SHORT_DATE_FORMAT")
    by = report.signed_by or wording.UNKNOWN
    words = _("Signed off on %(on)s by %(by)s") % {"on": on, "by": by}
    return f"{words} · {since_text(report, sheet)}"
