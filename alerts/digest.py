"""The executives' page as a letter holds it: the same figures, read by the same functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from actionplans.gaps import Gap, actions_of, gaps_of, perimeter_journeys
from alerts.events import month_sheets
from dashboards.boards import (
    KeyFigure,
    counted,
    counted_sentence,
    key_figures,
    widest,
    with_indicators,
)
from dashboards.executive_indicators import executive_indicators
from dashboards.links import dashboard_url, figure_urls, stage_url
from dashboards.step_words import Step, journey_step
from dashboards.wave_trend import read_last_change, read_waves
from journeys.access import Access
from journeys.models import Journey
from observations.scores import read_scores
from observations.selection import read_selection


@dataclass(frozen=True, slots=True)
class GapLine:
    gap: Gap
    url: str
    doing: str


@dataclass(frozen=True, slots=True)
class Board:
    """One journey: its page's figures, the first of its gaps, and how much was counted.

    `step` says whether the journey score, the first of the figures, really changed.
    """

    journey: Journey
    figures: tuple[KeyFigure, ...]
    step: Step
    gaps: tuple[GapLine, ...]
    counted: str
    url: str


def boards_of(access: Access) -> list[Board]:
    """Of the journeys in which something was measured, as far as this person may see."""
    found = []
    for journey in perimeter_journeys(access):
        board = _board(access, journey)
        if board is not None:
            found.append(board)
    return found


def months_of_digests(access: Access, months: Sequence[str]) -> list[str]:
    """Those at whose end something had been measured: a digest of it would have come."""
    return sorted(
        {
            month
            for journey in perimeter_journeys(access)
            for month, sheet in month_sheets(access, journey, months)
            if counted(sheet)
        }
    )


def _board(access: Access, journey: Journey) -> Board | None:
    selection = read_selection({}, journey=journey, access=access)
    sheet = read_scores(journey, selection)
    if not counted(sheet):
        return None
    actions = actions_of(access, [journey]) if access.sees_whole_plan else None
    gaps = gaps_of(sheet, actions=actions or ())
    figures = with_indicators(
        key_figures(sheet, gaps, actions, figure_urls(access, sheet, {})),
        executive_indicators(access, journey, selection, {}),
    )
    return Board(
        journey=journey,
        figures=tuple(replace(one, url=settings.SITE_URL + one.url) for one in figures),
        step=journey_step(read_last_change(sheet, read_waves(sheet))),
        gaps=tuple(
            GapLine(
                wide.gap,
                settings.SITE_URL + stage_url(access, journey, wide.gap.stage.key, {}),
                _doing(wide.gap) if actions is not None else "",
            )
            for wide in widest(gaps)
        ),
        counted=counted_sentence(sheet),
        url=settings.SITE_URL + dashboard_url(access, journey, {}),
    )


def _doing(gap: Gap) -> str:
    """The actions with their owners and states, or that there is none."""
    if gap.lacks_action:
        return _("No action yet")
    return " · ".join(
        f"{action.title} ({action.owner}, {_('late') if action.is_late else action.get_status_display()})"
        for action in gap.actions
    )
