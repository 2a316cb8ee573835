"""What scores add to the journey map: the experience curve and the gap of each stage."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from actionplans.gaps import Gap, evidence_url, gaps_of, whole_sheet
from journeys.access import Access
from journeys.lanes import Cell, Figure, Lane, register
from journeys.models import Journey
from journeys.rights import Right


def register_lanes() -> None:
    register(
        Lane(
            key="experience",
            name=gettext_lazy("Experience"),  # type: ignore[arg-type]  # a lazy string reads as one
            hint=gettext_lazy("typical, 95 % band"),  # type: ignore[arg-type]
            order=50,
            kind="curve",
            cells=experience_cells,
            right=Right.SEE_SCORES,
        )
    )
    register(
        Lane(
            key="gap",
            name=gettext_lazy("Gap"),  # type: ignore[arg-type]
            hint=gettext_lazy("target minus typical"),  # type: ignore[arg-type]
            order=60,
            kind="figure",
            cells=gap_cells,
            right=Right.SEE_SCORES,
        )
    )


def experience_cells(journey: Journey, access: Access) -> Mapping[str, Cell]:
    return {
        gap.stage.key: figure_of(
            gap, _thresholds(journey, access), evidence_url(access, journey, gap.stage)
        )
        for gap in gaps_of(whole_sheet(journey, access))
    }


def _thresholds(journey: Journey, access: Access) -> tuple[float, float] | None:
    """Disappointing up to the first, enchantment from the second."""
    framework = whole_sheet(journey, access).framework
    if framework is None:
        return None
    return float(framework.thresholds.low), float(framework.thresholds.high)


def gap_cells(journey: Journey, access: Access) -> Mapping[str, Cell]:
    return {
        gap.stage.key: _gap(gap, evidence_url(access, journey, gap.stage))
        for gap in gaps_of(whole_sheet(journey, access))
    }


def figure_of(gap: Gap, thresholds: tuple[float, float] | None, url: str) -> Figure:
    score = gap.score
    low, high = score.interval if gap.is_shown and score.interval else (None, None)
    return Figure(
        value=float(score.score) if gap.is_shown and score.score is not None else None,
        text=gap.score_text,
        n=score.n,
        needed=_needed(gap),
        low=low,
        high=high,
        target=float(score.target.score) if score.target else None,
        thresholds=thresholds,
        label=score.label.value,
        confirmed=gap.confirmed,
        held_back=gap.held_back,
        note=gap.reason if gap.held_back or not gap.is_shown else "",
        url=url,
    )


def _gap(gap: Gap, url: str) -> Figure:
    score = gap.score
    known = gap.is_shown and score.gap is not None
    return Figure(
        value=float(score.gap) if known and score.gap is not None else None,
        text=gap.gap_text,
        n=score.n,
        needed=_needed(gap),
        label=score.label.value,
        confirmed=gap.confirmed,
        held_back=gap.held_back,
        url=url,
    )


def _needed(gap: Gap) -> int:
    """How many observations there must be; 0 where there are enough."""
    return 0 if gap.is_shown else gap.score.n + gap.score.missing
