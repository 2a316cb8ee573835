"""The dashboard for a projector: one message a screen, with the same sentences as the slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from actionplans.gaps import Gap
from actionplans.models import Action
from dashboards.boards import (
    WideGap,
    coverage_text,
    curves,
    journey_line,
    widest,
    with_indicators,
)
from dashboards.documents import messages
from dashboards.documents.contents import Contents
from dashboards.documents.paging import in_pages
from dashboards.step_words import journey_step, stage_steps
from dashboards.trend_chart import trend_chart
from journeys.access import Access

STAGES: Final = 12  # of a curve on one screen
MOMENTS: Final = 9
ACTIONS: Final = 7


@dataclass(frozen=True, slots=True)
class Screen:
    """`kind` names the fragment that draws it, `message` what it says."""

    kind: str
    message: str
    content: Mapping[str, Any]


def screens(contents: Contents, access: Access, asked: Mapping[str, str]) -> list[Screen]:
    """In the order in which a committee reads: where we stand, what disappoints, what is being done."""
    if not contents.is_scored:
        return [Screen("nothing", _("Nothing can be scored yet"), {})]
    figures = with_indicators(contents.figures(), contents.indicators)
    found = [
        Screen("score", messages.headline(contents), _score(contents)),
        Screen("figures", _figures_message(contents), {"figures": figures}),
        *_moments(contents),
        *_curves(contents),
        _gaps(contents),
        _trend(contents, access, asked),
    ]
    if contents.actions is not None:
        found.append(_plan(contents.actions))
    return [*found, Screen("reading", _("How to read it"), {"notes": _notes(contents)})]


def _score(contents: Contents) -> dict[str, Any]:
    return {"line": journey_line(contents.sheet), "step": journey_step(contents.last_change)}


def _figures_message(contents: Contents) -> str:
    """What is counted: the figures themselves say the rest."""
    return f"{contents.counted_text} · {coverage_text(contents.sheet)}"


def _moments(contents: Contents) -> list[Screen]:
    truths = [gap for gap in contents.stages if gap.stage.is_moment_of_truth]
    if not truths:
        return []
    arrows = {one.stage.pk: one for one in stage_steps(contents.last_change) if one.step.arrow}
    return [
        Screen(
            "moments",
            messages.moments(contents),
            {"moments": [(gap, arrows.get(gap.stage.pk)) for gap in page]},
        )
        for page in in_pages(truths, MOMENTS)
    ]


def _curves(contents: Contents) -> list[Screen]:
    message = messages.disappointments(contents)
    return [
        Screen(
            "curve",
            message,
            {"stages": page, "curves": curves(contents.sheet, page, contents.stages)},
        )
        for page in in_pages(contents.stages, STAGES)
    ]


def _gaps(contents: Contents) -> Screen:
    rows: list[WideGap] = widest(contents.gaps)
    own: Sequence[Gap] = [one.gap for one in rows]
    return Screen("gaps", messages.widest_gaps(contents, own), {"gaps": rows})


def _trend(contents: Contents, access: Access, asked: Mapping[str, str]) -> Screen:
    chart = trend_chart(contents.waves, access, contents.journey, asked)
    said = messages.verdicts(contents, 3)
    return Screen("trend", messages.trend(contents), {"chart": chart, "verdicts": said})


def _plan(actions: Sequence[Action]) -> Screen:
    kept = [one for one in actions if one.status != Action.Status.DROPPED]
    ordered = sorted(kept, key=lambda one: (not one.is_late, not one.is_open, one.due_on))
    more = max(len(ordered) - ACTIONS, 0)
    return Screen("plan", messages.plan(actions), {"actions": ordered[:ACTIONS], "more": more})


def _notes(contents: Contents) -> list[str]:
    return messages.reading_notes(contents)
