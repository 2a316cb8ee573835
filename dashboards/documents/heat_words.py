"""The message above the picture of a heat map, whatever its rows are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.gaps import Gap
from dashboards.documents.messages import short
from dashboards.heat_map import NO_TONES, By, HeatRow

_LOW: Final[Mapping[By, Callable[[int], str]]] = {
    By.LOCATION: lambda n: ngettext(
        "%(stage)s is below its target at %(low)d of the %(known)d locations measured",
        "%(stage)s is below its target at %(low)d of the %(known)d locations measured",
        n,
    ),
    By.REGION: lambda n: ngettext(
        "%(stage)s is below its target in %(low)d of the %(known)d regions measured",
        "%(stage)s is below its target in %(low)d of the %(known)d regions measured",
        n,
    ),
    By.CHANNEL: lambda n: ngettext(
        "%(stage)s is below its target on %(low)d of the %(known)d channels measured",
        "%(stage)s is below its target on %(low)d of the %(known)d channels measured",
        n,
    ),
    By.WAVE: lambda n: ngettext(
        "%(stage)s is below its target in %(low)d of the %(known)d waves measured",
        "%(stage)s is below its target in %(low)d of the %(known)d waves measured",
        n,
    ),
    By.SEGMENT: lambda n: ngettext(
        "%(stage)s is below its target for %(low)d of the %(known)d segments measured",
        "%(stage)s is below its target for %(low)d of the %(known)d segments measured",
        n,
    ),
}


def rows_message(by: By, stages: Sequence[Gap], rows: Sequence[HeatRow]) -> str:
    """The stage that is below its target in most of the rows, as the tones of the cells say it."""
    best = _most_often_below(stages, rows)
    if best is None:
        return _("No row has enough observations in a stage with a target yet")
    low, known, stage = best
    if not low:
        return _("No stage is below its target in a row with enough observations")
    return _LOW[by](low) % {"stage": stage, "low": low, "known": known}


def _most_often_below(
    stages: Sequence[Gap], rows: Sequence[HeatRow]
) -> tuple[int, int, str] | None:
    """In how many rows of those measured against a target, and its name; of equals the one farther below."""
    best: tuple[int, int, str] | None = None
    most = (-1, 0)
    for number, gap in enumerate(stages):
        tones = [row.cells[number].tone for row in rows]
        known = [tone for tone in tones if tone not in NO_TONES]
        low = sum(tone.startswith("below") for tone in known)
        if known and (low, tones.count("below-3")) > most:
            most = low, tones.count("below-3")
            best = low, len(known), short(gap.stage.name)
    return best
