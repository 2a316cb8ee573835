"""Each chart as a picture to paste: with its message above, and what it was read from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dashboards.documents import messages
from dashboards.documents.contents import Contents
from dashboards.documents.pictures.charts import (
    draw_experience,
    draw_heat,
    draw_trend,
    thresholds_of,
)
from dashboards.documents.pictures.drawing import Drawing, as_png, captioned


def curve_png(contents: Contents) -> bytes:
    if not contents.stages:
        return _empty(contents)
    curve = draw_experience(contents.stages, thresholds_of(contents))
    return _sheet(contents, curve, messages.disappointments(contents))


def heat_png(contents: Contents) -> bytes:
    if not contents.stages or not contents.places:
        return _empty(contents)
    heat = draw_heat(contents.stages, contents.places)
    return _sheet(contents, heat, messages.places(contents))


def trend_png(contents: Contents) -> bytes:
    if not contents.stages or not contents.waves:
        return _empty(contents)
    return _sheet(contents, draw_trend(contents.waves), messages.trend(contents))


def _sheet(contents: Contents, drawing: Drawing, message: str) -> bytes:
    facts = (contents.programme, contents.journey.name, contents.selected)
    said = (contents.counted_text, contents.made_on)
    return as_png(captioned(drawing, message, " · ".join((*facts, *said))))


def _empty(contents: Contents) -> bytes:
    return _sheet(contents, Drawing(640, 40), _("Nothing to draw yet"))
