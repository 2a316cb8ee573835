"""The picture of the heat map is the heat map of the page: figures, tones, order, journey and legend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from dashboards.documents.heat_parts import HeatParts, read_heat_parts
from dashboards.documents.heat_words import rows_message
from dashboards.documents.looks import CLASSES, HEAT, WHITE
from dashboards.documents.pictures.heat import draw_heat_map
from dashboards.documents.pictures.sheets import heat_png
from dashboards.heat_map import NO_CELL, By
from dashboards.tests.documents import contents_for, measured_journey
from dashboards.tests.measured_widely import measure_widely
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.scores import read_scores
from observations.selection import Selection
from scoring.classify import Label
from scoring.models import Framework

ClientOf = Callable[[User], Client]
HEAT_MAP = "/programmes/casa-nord/journeys/family-store/heat-map/"
LEGEND = ["far below", "below", "at target", "above", "far above", "too few observations"]
TONES = ["below-3", "below-1", "at", "above-1", "above-3", "hatched"]
Drawn = tuple[str, str]  # the ground of a cell and its words


@pytest.fixture
def measured(programme: Programme, journey: Journey) -> Journey:
    measure_widely(programme, journey)
    return Journey.objects.get(pk=journey.pk)


def parts_of(user: User, journey: Journey, by: By) -> HeatParts:
    access = access_of(user, journey.programme)
    return read_heat_parts(read_scores(journey, Selection()), access, by)


def drawn(user: User, journey: Journey, by: By) -> list[Drawn]:
    """All words in the order in which they are drawn, each with the shape drawn just before it."""
    heat, contents = parts_of(user, journey, by), contents_for(user, journey)
    drawing = draw_heat_map(contents.stages, heat.rows(contents.stages), heat)
    found, ground = [], ""
    for shape in ElementTree.fromstring(drawing.svg()).iter():  # noqa: S314 - our own
        kind = shape.tag.rpartition("}")[2]
        if kind == "rect":
            ground = shape.attrib["fill"]
        elif kind == "polygon":
            ground = "diamond"
        elif kind == "polyline":
            ground = "dashed" if shape.get("stroke-dasharray") else "line"
        elif kind == "text" and "stroke" not in shape.attrib:
            found.append((ground, shape.text or ""))
            ground = ""
    return found


def ground_of(tone: str) -> str:
    others = {"hatched": "url(#hatch)", "untargeted": "dashed", "none": ""}
    return others[tone] if tone in others else f"#{HEAT[tone]}"


def page_cells(page: Any, by: By) -> list[Drawn]:
    """Row by row as the page prints them, the journey last."""
    rows: list[Drawn] = []
    for row in page["rows"]:
        journey = row.journey or NO_CELL
        cells = [*row.cells, *([] if by is By.CHANNEL else [journey])]
        rows += [("", row.name), *((ground_of(cell.tone), cell.text) for cell in cells)]
    return rows


@pytest.mark.parametrize("by", By)
def test_cells_are_those_of_the_page(
    measured: Journey, executive: User, client_of: ClientOf, by: By
) -> None:
    response = client_of(executive).get(HEAT_MAP, {"by": by.value})
    page, html = response.context, response.content.decode()
    expected = page_cells(page, by)
    found = drawn(executive, measured, by)
    untargeted = any(ground == "dashed" for ground, _words in expected)
    legend = list(zip(map(ground_of, TONES), LEGEND, strict=True))
    legend += [("dashed", "score, no target")] if untargeted else []
    assert found[-len(expected) - len(legend) :] == expected + legend
    assert len({ground for ground, _words in expected}) >= 3
    for tone, words in zip(TONES, LEGEND, strict=True):
        assert f'<span class="heat is-{tone}">{words}</span>' in html
    heads = found[: -len(expected) - len(legend)]
    assert heads[0][1] == "Typical minus target"
    names = [words for _ground, words in heads]
    assert [name for name in names if name.isupper()] == [
        phase.name.upper() for phase in page["phases"]
    ]
    last = [("", "Journey")] if by is not By.CHANNEL else []
    stages = [("diamond" * one.is_moment_of_truth, one.name) for one in page["stages"]]
    assert heads[-len(stages) - len(last) :] == stages + last


def test_tones_are_mixed_as_on_the_page() -> None:
    style = (Path(settings.BASE_DIR) / "static/css/dashboard.css").read_text(encoding="utf-8")
    mixed = r"\.heat\.is-([\w-]+) \{ background: color-mix\(in srgb, var\(--cx-(\w+)\) (\d+)%"
    found = {tone: (Label(name), int(share)) for tone, name, share in re.findall(mixed, style)}
    assert set(found) | {"at"} == set(HEAT)
    for tone, (label, share) in found.items():
        for at in (0, 2, 4):
            full, none, mix = (
                int(one[at : at + 2], 16) for one in (CLASSES[label], WHITE, HEAT[tone])
            )
            assert abs(mix - (none + (full - none) * share / 100)) <= 0.5


def test_a_long_journey_at_many_places(measured: Journey, executive: User) -> None:
    contents, heat = contents_for(executive, measured), parts_of(executive, measured, By.LOCATION)
    stages = (contents.stages * 20)[:40]
    many = replace(heat, parts=(heat.parts * 60)[:200])
    rows = many.rows(stages)
    assert (len(rows), {len(row.cells) for row in rows}) == (200, {40})
    assert heat_png(replace(contents, stages=stages), many).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("by", "where"),
    [
        (By.LOCATION, "at 1 of the 1 locations"),
        (By.REGION, "in 1 of the 1 regions"),
        (By.CHANNEL, "on 1 of the 1 channels"),
        (By.WAVE, "in 2 of the 2 waves"),
        (By.SEGMENT, "for 1 of the 1 segments"),
    ],
)
def test_the_title_names_the_rows(
    programme: Programme, framework: Framework, executive: User, by: By, where: str
) -> None:
    journey = measured_journey(programme)
    contents, heat = contents_for(executive, journey), parts_of(executive, journey, by)
    rows = heat.rows(contents.stages)
    said = rows_message(by, contents.stages, rows)
    assert said == f"Checkout is below its target {where} measured"


def test_the_title_claims_no_more_than_the_tones(
    programme: Programme, framework: Framework, executive: User
) -> None:
    contents = contents_for(executive, measured_journey(programme))
    heat = parts_of(executive, contents.journey, By.WAVE)
    [row, *_others] = heat.rows(contents.stages)
    for tone, start in (("at", "No stage is below"), ("untargeted", "No row has enough")):
        cells = tuple(replace(cell, tone=tone) for cell in row.cells)
        said = rows_message(By.WAVE, contents.stages, [replace(row, cells=cells)])
        assert said.startswith(start)
    far = tuple(
        replace(cell, tone="below-3" if number == 1 else "below-1")
        for number, cell in enumerate(row.cells)
    )
    said = rows_message(By.WAVE, contents.stages, [replace(row, cells=far)])
    assert said == "Checkout is below its target in 1 of the 1 waves measured"
