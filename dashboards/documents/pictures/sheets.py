"""Each chart as a picture to paste: with its message above, and what it was read from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dashboards.documents import messages
from dashboards.documents.contents import Contents, Sources
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.heat_words import rows_message
from dashboards.documents.pictures.charts import (
    draw_experience,
    draw_trend,
    thresholds_of,
)
from dashboards.documents.pictures.drawing import Drawing, as_png, captioned
from dashboards.documents.pictures.heat import draw_heat_map
from dashboards.documents.pictures.scatter import draw_scatter
from journeys.models import Stage
from observations.driver_rows import DriverSheet


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


def scatter_png(sources: Sources, sheet: DriverSheet, stage: Stage | None) -> bytes:
    """Named after what is drawn; what it says depends on the number of locations, and stands below."""
    if stage is None:
        message = _(
            "Nothing can be scored yet: this journey has no published framework, or no stage in the"
            " perimeter."
        )
        return _sheet(sources, Drawing(640, 40), message)
    names = {
        "indicator": messages.short(sheet.definition.name),
        "stage": messages.short(stage.name),
    }
    title = _("%(indicator)s and “%(stage)s”") % names
    return _sheet(sources, draw_scatter(sheet, stage), title)


def _sheet(sources: Sources, drawing: Drawing, message: str) -> bytes:
    facts = (sources.programme, sources.journey.name, sources.selected)
    said = (sources.counted_text, sources.made_on)
    return as_png(captioned(drawing, message, " · ".join((*facts, *said))))


def _empty(contents: Contents) -> bytes:
    return _sheet(contents, Drawing(640, 40), _("Nothing to draw yet"))
