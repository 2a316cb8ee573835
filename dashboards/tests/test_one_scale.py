"""A curve in several parts is drawn to one scale: on slides, on paper and on the projector alike."""

from __future__ import annotations

import json
import re

import pytest
from pptx.util import Inches

from accounts.models import User
from dashboards.boards import curves
from dashboards.documents.contents import Contents
from dashboards.documents.pictures.charts import draw_experiences, thresholds_of
from dashboards.documents.slides.charts import add_curve
from dashboards.documents.slides.deck import Box, Deck
from dashboards.tests.documents import contents_for, measured_journey
from journeys.models import Programme
from scoring.models import Framework

ZERO = re.compile(r'<polyline points="0,([\d.]+) \d+,\1"')


@pytest.fixture
def contents(programme: Programme, framework: Framework, executive: User) -> Contents:
    """S1 and S2 lie far from each other, so that each alone would have a scale of its own."""
    found = contents_for(executive, measured_journey(programme))
    low, high = sorted(float(gap.score.score or 0) for gap in found.shown[:2])
    assert high - low > 50
    return found


def test_on_the_projector(contents: Contents) -> None:
    sheet, whole = contents.sheet, contents.stages
    parts = [json.loads(curves(sheet, [gap], whole)["across"]) for gap in whole]
    ranges = [part["layout"]["yaxis"]["range"] for part in parts]
    assert ranges == [json.loads(curves(sheet, whole)["across"])["layout"]["yaxis"]["range"]] * 4
    alone = json.loads(curves(sheet, whole[:1])["across"])["layout"]["yaxis"]["range"]
    assert alone != ranges[0]


def test_on_slides(contents: Contents) -> None:
    slide = Deck(title="", footer="").slide("")
    box = Box(0, 0, Inches(8), Inches(4))
    for part in (contents.stages, contents.stages[:1], contents.stages[1:2]):
        add_curve(slide, box, part, contents.stages)
    axes = [shape.chart.value_axis for shape in slide.shapes if shape.has_chart]
    assert len({(axis.minimum_scale, axis.maximum_scale) for axis in axes}) == 1
    assert axes[0].minimum_scale < axes[0].maximum_scale


def test_on_paper(contents: Contents) -> None:
    limits = thresholds_of(contents)
    (whole,) = draw_experiences(contents.stages, limits, 9)
    parts = draw_experiences(contents.stages, limits, 1)
    lines = [ZERO.findall(drawing.svg()) for drawing in (whole, *parts)]
    assert len(lines) == 5
    assert all(len(found) == 3 and found == lines[0] for found in lines)  # zero and both limits
