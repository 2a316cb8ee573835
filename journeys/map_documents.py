"""The map as a file: at once where it is small, by a worker where that takes more than a moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from django.utils.text import slugify

from journeys.documents import DocumentKind, MadeFile, ReportProgress, reader_of, register
from journeys.map_grid import JourneyMap, map_of
from journeys.map_printing import map_pdf, map_png
from journeys.models import Document, Journey, ShareLink
from journeys.rights import Right
from journeys.sharing import access_of_link, lanes_shown, maps_of

# Within these a map is printed in less than a second.
SMALL_STAGES: Final = 12
SMALL_TOUCHPOINTS: Final = 60

Print = Callable[[Journey, JourneyMap], bytes]
PRINTS: Final[dict[str, tuple[Print, str]]] = {
    "pdf": (map_pdf, "application/pdf"),
    "png": (map_png, "image/png"),
}


def is_big(journey: Journey) -> bool:
    return journey.stages.count() > SMALL_STAGES or journey.touchpoints.count() > SMALL_TOUCHPOINTS


def kind_of(extension: str) -> str:
    return f"map-{extension}"


def printed(journey: Journey, grid: JourneyMap, extension: str) -> MadeFile:
    make, content_type = PRINTS[extension]
    name = f"{slugify(journey.name)[:60] or 'map'}.{extension}"
    return MadeFile(make(journey, grid), name, content_type)


def grid_of_link(journey: Journey, link: ShareLink) -> JourneyMap:
    return map_of(journey, access_of_link(link), lanes_shown(link))


def register_documents() -> None:
    """Called once, by `JourneysConfig.ready()`."""
    for extension in PRINTS:
        register(DocumentKind(kind_of(extension), partial(_make, extension)))


def _make(extension: str, document: Document, report: ReportProgress) -> MadeFile:
    reader = reader_of(document)
    journeys = Journey.objects.for_map().filter(programme=document.programme)
    if document.link is not None:
        journeys = journeys.filter(pk__in=maps_of(document.link).values("pk"))
    elif not reader.may(Right.SEE_METHOD):
        raise PermissionError("whoever asked may not see the maps any more")
    report(5)
    journey = journeys.get(pk=document.parameters["journey"])
    grid = grid_of_link(journey, document.link) if document.link else map_of(journey, reader)
    report(40)
    return printed(journey, grid, extension)
