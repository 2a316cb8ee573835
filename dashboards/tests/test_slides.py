"""Slides: native charts with their data, native shapes and tables, one message in words each."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE

from accounts.models import User
from actionplans.tests.factories import make_action
from dashboards.documents.slides.build import build_slides
from dashboards.tests.documents import contents_for, measured_journey, unwatched
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework


@pytest.fixture
def measured(programme: Programme, framework: Framework, lead: User) -> Journey:
    """With an action on the stage that disappoints."""
    journey = measured_journey(programme)
    make_action(journey.stages.get(key="S2"), lead, title="Open a till")
    return journey


def deck_of(user: User, journey: Journey) -> Any:
    return Presentation(BytesIO(build_slides(contents_for(user, journey), unwatched)))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def texts(deck: Any) -> str:
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            elif shape.has_table:
                found += [cell.text_frame.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def charts(deck: Any) -> list[Any]:
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def test_titles_are_messages(measured: Journey, executive: User) -> None:
    found = titles(deck_of(executive, measured))
    assert found[1].startswith("The journey scores ") and "under its target of" in found[1]
    assert found[2] == "Moments of truth: 1 of 1 disappoints customers"
    assert re.fullmatch(
        r"1 of 4 stages disappoints; Checkout most, [\d.]+ points under its target", found[3]
    )
    assert found[4].startswith("Where to act first: Checkout")
    assert found[5] == "Checkout disappoints at 1 of the 1 locations measured"
    assert found[6].startswith("From “W1” to “W2”: ")
    assert found[7] == "1 open action, on time"
    assert found[8] == "How the figures are made: 12 observations, 1 method, 1 location"


def test_charts_hold_editable_data(measured: Journey, executive: User) -> None:
    """The numbers of the chart stand in a workbook inside the file, exactly those of the sheet."""
    contents = contents_for(executive, measured)
    curve, trend = charts(deck_of(executive, measured))
    for chart in (curve, trend):
        assert chart.part.chart_workbook.xlsx_part is not None
    book = openpyxl.load_workbook(BytesIO(curve.part.chart_workbook.xlsx_part.blob)).active
    rows = list(book.iter_rows(values_only=True))
    typical = rows[0].index("typical")
    exact = [
        float(gap.score.score) if gap.is_shown and gap.score.score is not None else None
        for gap in contents.stages
    ]
    assert [row[typical] for row in rows[1:]] == exact
    assert exact[3] is None and None not in exact[:3]
    series = {one.name: list(one.values) for one in curve.plots[0].series}
    assert series["typical"] == exact
    assert series["target"] == [
        float(one.score.target.score) if one.score.target else None for one in contents.stages
    ]
    scores = [wave.journey.score for wave in contents.waves]
    assert {one.name: list(one.values) for one in trend.plots[0].series}["typical"] == [
        float(one) for one in scores if one is not None
    ]


def test_the_target_is_dotted_and_a_stage_without_data_a_gap(
    measured: Journey, executive: User
) -> None:
    curve = charts(deck_of(executive, measured))[0]
    xml = curve._chartSpace.xml
    assert 'dispBlanksAs val="gap"' in xml
    target = next(one for one in curve.plots[0].series if one.name == "target")
    typical = next(one for one in curve.plots[0].series if one.name == "typical")
    assert target.format.line.dash_style is not None
    assert "sysDot" in target._element.xml and "sysDot" not in typical._element.xml
    assert list(curve.plots[0].categories)[3] == "Never seen (n = 0)"


def test_the_journey_is_drawn_with_shapes(measured: Journey, executive: User) -> None:
    slide = deck_of(executive, measured).slides[2]
    shapes = [one for one in slide.shapes if one.shape_type is not None and not one.is_placeholder]
    words = [one.text_frame.text for one in shapes if one.has_text_frame]
    assert {"BEFORE", "DURING", "AFTER"} & set(words)
    diamonds = [one for one in shapes if 'prst="diamond"' in one._element.xml]
    assert len(diamonds) == 1
    [checkout] = [one for one in words if one.startswith("Checkout")]
    assert "▼" in checkout and "disappointing" in checkout and "n = 12" in checkout
    [unseen] = [one for one in words if one.startswith("Never seen")]
    assert "not enough data" in unseen and "n = 0" in unseen
    assert not any(one.shape_type == MSO_SHAPE_TYPE.PICTURE for one in slide.shapes)


def test_gaps_carry_the_status_of_their_actions(measured: Journey, executive: User) -> None:
    deck = deck_of(executive, measured)
    [table] = [shape.table for shape in deck.slides[4].shapes if shape.has_table]
    first = [table.cell(row, 0).text_frame.text for row in range(1, len(table.rows))]
    assert any(one.startswith("◆ Checkout") for one in first)
    assert "Open a till · To do" in texts(deck) and "Lea Lead" in texts(deck)


def test_whoever_does_not_see_the_plan_finds_none(
    measured: Journey, location_manager: User
) -> None:
    found = texts(deck_of(location_manager, measured))
    assert "Open a till" not in found and "Checkout" in found


def test_in_french(measured: Journey, executive: User) -> None:
    with translation.override("fr"):
        found = titles(deck_of(executive, measured))
    assert re.fullmatch(
        r"1 étape sur 4 déçoit\xa0; surtout «\xa0Checkout\xa0», [\d,]+ points sous sa cible",
        found[3],
    )
    assert found[8] == "Comment les chiffres sont établis\xa0: 12 observations, 1 méthode, 1 lieu"


def test_nothing_to_score_is_said(programme: Programme, executive: User) -> None:
    deck = deck_of(executive, programme.journeys.get())
    assert titles(deck)[1] == "Nothing can be scored yet"
    assert not charts(deck)


def test_too_few_observations_have_no_figure(
    programme: Programme, framework: Framework, executive: User
) -> None:
    submit(programme)
    fold_pending()
    deck = deck_of(executive, programme.journeys.get())
    assert titles(deck)[1] == "Not enough data yet for a score of the journey"
    assert titles(deck)[3] == "No stage has enough observations for a score yet"
    assert "n = 1" in texts(deck)
    curve = charts(deck)[0]
    assert set({one.name: one.values for one in curve.plots[0].series}["typical"]) == {None}
