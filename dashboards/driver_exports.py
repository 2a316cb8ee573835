"""The chart of an indicator beside a stage as a picture, and its locations as figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django.db import models
from django.http import Http404
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from dashboards.documents.chart_tables import drivers_csv
from dashboards.documents.contents import Sources
from dashboards.documents.pictures.sheets import scatter_png
from dashboards.driver_lines import stage_drawn
from dashboards.exports import TYPES, kind_of, read_asked, reader_of_scores
from journeys.access import Access
from journeys.documents import DocumentKind, MadeFile, ReportProgress, register
from journeys.models import Document, Stage
from observations.driver_rows import DriverSheet, read_driver_rows
from observations.models import IndicatorDefinition

NAMED: Final = 25  # characters of a key in the name of a file


class DriverExport(models.TextChoices):
    PICTURE = "drivers-png", _("Chart, picture (PNG)")
    TABLE = "drivers-csv", _("By location and stage, figures (CSV)")


@dataclass(frozen=True, slots=True)
class _Drivers:
    sources: Sources
    rows: DriverSheet
    stage: Stage | None


def register_driver_documents() -> None:
    """Called once, by `DashboardsConfig.ready()`."""
    for export in DriverExport:
        register(DocumentKind(kind_of(export.value), partial(_make, export)))


def _make(export: DriverExport, document: Document, report: ReportProgress) -> MadeFile:
    """As `exports._make`; raises Http404 also for an indicator or a stage that is gone."""
    drivers = _read(reader_of_scores(document), document.parameters, report)
    if export is DriverExport.PICTURE:
        content, ending = scatter_png(drivers.sources, drivers.rows, drivers.stage), "png"
    else:
        content, ending = drivers_csv(drivers.rows), "csv"
    return MadeFile(content, f"{_named(drivers, export)}.{ending}", TYPES[ending])


def _read(access: Access, parameters: Mapping[str, Any], report: ReportProgress) -> _Drivers:
    asked = read_asked(access, parameters, report)
    visible = IndicatorDefinition.objects.visible_to(access).current()
    definition = visible.filter(key=parameters["indicator"]).first()
    if definition is None:
        raise Http404
    rows = read_driver_rows(asked.sheet, definition, access)
    asked.report(1, 2)
    key = parameters["stage"]
    stage = stage_drawn(rows, key)
    if stage is not None and stage.key != key:
        raise Http404
    return _Drivers(Sources(asked.sheet, asked.filters), rows, stage)


def _named(drivers: _Drivers, export: DriverExport) -> str:
    parts = [drivers.sources.journey.key, "drivers", drivers.rows.definition.key]
    if export is DriverExport.PICTURE and drivers.stage is not None:
        parts.append(drivers.stage.key)
    return "-".join(slugify(part)[:NAMED] or "x" for part in parts)
