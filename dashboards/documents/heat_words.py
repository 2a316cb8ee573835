"""The message above a heat map, whatever its rows are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.documents.contents import Contents
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.messages import most_often_low, places
from dashboards.heat_map import By

_LOW: Final[Mapping[By, Callable[[int], str]]] = {
    By.REGION: lambda n: ngettext(
        "%(stage)s disappoints in %(low)d of the %(known)d regions measured",
        "%(stage)s disappoints in %(low)d of the %(known)d regions measured",
        n,
    ),
    By.CHANNEL: lambda n: ngettext(
        "%(stage)s disappoints on %(low)d of the %(known)d channels measured",
        "%(stage)s disappoints on %(low)d of the %(known)d channels measured",
        n,
    ),
    By.WAVE: lambda n: ngettext(
        "%(stage)s disappoints in %(low)d of the %(known)d waves measured",
        "%(stage)s disappoints in %(low)d of the %(known)d waves measured",
        n,
    ),
    By.SEGMENT: lambda n: ngettext(
        "%(stage)s disappoints %(low)d of the %(known)d segments measured",
        "%(stage)s disappoints %(low)d of the %(known)d segments measured",
        n,
    ),
}


def parts_message(contents: Contents, heat: HeatParts) -> str:
    """The stage that disappoints in most of the rows; of locations in the words of report and slides."""
    if heat.by is By.LOCATION:
        return places(replace(contents, places=heat.parts))
    best = most_often_low(contents.stages, heat.parts)
    if best is None:
        return _("No row has enough observations in any stage yet")
    low, known, stage = best
    if not low:
        return _("No stage disappoints in a row with enough observations")
    return _LOW[heat.by](low) % {"stage": stage, "low": low, "known": known}
