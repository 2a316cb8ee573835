"""Each chart as a picture to paste: with its message above, and what it was read from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dashboards.documents import messages
from dashboards.documents.contents import Contents
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.heat_words import rows_message
from dashboards.documents.pictures.charts import (
    draw_experience,
    draw_trend,
    thresholds_of,
)
from dashboards.documents.pictures.drawing import Drawing, as_png, captioned
from dashboards.documents.pictures.heat import draw_heat_map


def curve_png(contents: Contents) -> bytes:
    if not contents.stages:
        return _empty(contents)
    curve = draw_experience(contents.stages, thresholds_of(contents))
    return _sheet(contents, curve, messages.disappointments(contents))


def heat_png(contents: Contents, heat: HeatParts) -> bytes:
    if not contents.stages or not heat.parts:
        return _empty(contents)
    rows = heat.rows(contents.stages)
    drawing = draw_heat_map(contents.stages, rows, heat)
    return _sheet(contents, drawing, rows_message(heat.by, contents.stages, rows))


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
