"""Names with characters that XML can't hold, stored before they were kept out: documents without them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation

from accounts.models import User
from dashboards.documents.heat_parts import HeatParts
from dashboards.documents.pictures.sheets import curve_png, heat_png, trend_png
from dashboards.documents.report import build_report
from dashboards.documents.slides.build import build_slides
from dashboards.heat_map import By
from dashboards.tests.documents import contents_for, measured_journey, unwatched
from journeys.access import access_of
from journeys.map_grid import map_of
from journeys.map_printing import map_pdf, map_png
from journeys.models import Journey, Programme

AWKWARD = "Ac\x0bcu\x08ei\ufffel"
pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def contents(programme: Programme, executive: User) -> Any:
    journey = measured_journey(programme)
    journey.stages.filter(key="S2").update(name=AWKWARD)
    journey.touchpoints.update(name=AWKWARD)
    programme.locations.update(name=AWKWARD, region=AWKWARD)
    programme.waves.filter(key="W1").update(name=AWKWARD)
    type(programme).objects.update(name=AWKWARD)
    type(journey).objects.update(name=AWKWARD)
    return contents_for(executive, journey)


def words_of(content: bytes) -> str:
    slides = Presentation(BytesIO(content)).slides
    frames = [
        shape.text_frame.text for one in slides for shape in one.shapes if shape.has_text_frame
    ]
    charts = [shape.chart for one in slides for shape in one.shapes if shape.has_chart]
    return "\n".join(frames + [str(name) for one in charts for name in one.plots[0].categories])


def test_slides_open(contents: Any) -> None:
    words = words_of(build_slides(contents, unwatched))
    assert "Ac cueil" in words
    assert not set("\x08\ufffe") & set(words)


def test_the_report_is_a_pdf(contents: Any) -> None:
    assert build_report(contents, unwatched).startswith(b"%PDF")


def test_pictures_are_drawn(contents: Any) -> None:
    heat = HeatParts(By.LOCATION, contents.places)
    for drawn in (curve_png(contents), heat_png(contents, heat), trend_png(contents)):
        assert drawn.startswith(b"\x89PNG")


def test_the_map_is_printed(contents: Any, programme: Programme, executive: User) -> None:
    journey = Journey.objects.for_map().get(programme=programme)
    grid = map_of(journey, access_of(executive, programme))
    assert map_png(journey, grid).startswith(b"\x89PNG")
    assert map_pdf(journey, grid).startswith(b"%PDF")
