"""The picture of an indicator beside a stage: round lines, names with room, and what n carries."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.utils import translation

from accounts.models import User
from dashboards.documents.pictures.scatter import (
    FEW,
    PLOT,
    TOP,
    WIDTH,
    Grid,
    draw_scatter,
    place_names,
    round_grid,
)
from dashboards.driver_lines import analyse, cautions
from dashboards.tests.test_drivers_page import locations
from dashboards.tests.test_locations_api import visit
from journeys.access import access_of
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import make_location
from observations.driver_rows import DriverSheet, read_driver_rows
from observations.folding import fold_pending
from observations.models import IndicatorDefinition
from observations.scores import read_scores
from observations.selection import Selection
from observations.tests.indicator_factories import count, make_indicator
from scoring.models import Framework

FRAME = (60.0, float(TOP), float(WIDTH), float(TOP + PLOT))


def read(user: User, definition: IndicatorDefinition) -> DriverSheet:
    journey = Journey.objects.get(programme=definition.programme)
    access = access_of(user, journey.programme)
    return read_driver_rows(read_scores(journey, Selection()), definition, access)


def words_of(sheet: DriverSheet, stage: Stage) -> list[str]:
    root = ElementTree.fromstring(draw_scatter(sheet, stage).svg())  # noqa: S314 - our own
    return list(dict.fromkeys(root.itertext()))


@pytest.mark.parametrize(
    ("values", "ticks", "digits"),
    [
        (["-37.3", "-10.2"], ["-40", "-30", "-20", "-10"], 0),
        (["0", "100"], ["0", "20", "40", "60", "80", "100"], 0),
        (["33.75"], ["33.74", "33.75", "33.76"], 2),
        (["0.12", "0.31"], ["0.1", "0.15", "0.2", "0.25", "0.3", "0.35"], 2),
        (["1250", "98000"], ["0", "20000", "40000", "60000", "80000", "100000"], 0),
    ],
)
def test_lines_stand_at_round_values_around_all(
    values: list[str], ticks: list[str], digits: int
) -> None:
    asked = [Fraction(value) for value in values]
    assert round_grid(asked, 2) == Grid(tuple(Fraction(tick) for tick in ticks), digits)


def test_a_whole_number_is_never_cut() -> None:
    assert [int(tick) for tick in round_grid([Fraction(7), Fraction(7)], 0).ticks] == [6, 7, 8]


def test_names_stand_over_nothing() -> None:
    points = [(300.0 + 12 * number, 200.0 + number % 3) for number in range(12)]
    texts = [f"Location {number}" for number in range(12)]
    names = place_names(points, texts, FRAME)
    assert None in names  # twelve on one spot have no room
    placed = [name for name in names if name is not None]
    assert len(placed) >= 4
    for one, other in combinations(placed, 2):
        assert abs(one.at[1] - other.at[1]) >= 12 or one.at[0] != other.at[0]


def test_a_name_at_the_edge_turns_inwards() -> None:
    [name] = place_names([(WIDTH - 20.0, 200.0)], ["Villeneuve"], FRAME)
    assert name is not None and name.anchor == "end"


def test_many_are_not_named() -> None:
    points = [(100.0 + 20 * number, 60.0 + 8 * number) for number in range(FEW + 1)]
    assert set(place_names(points, ["A"] * len(points), FRAME)) == {None}
    assert None not in place_names(points[:-1], ["A"] * FEW, FRAME)


def test_the_picture_says_what_is_drawn_and_what_n_carries(
    programme: Programme, framework: Framework, executive: User
) -> None:
    definition = make_indicator(programme, name="Would recommend")
    locations(programme, definition, 12)
    sheet = read(executive, definition)
    words = words_of(sheet, sheet.stages[0])
    assert "Would recommend (promoters less detractors, in points)" in words
    assert "Score of “Stage S1”" in words and "n = 12 locations" in words
    said = " ".join(words)
    assert analyse(sheet).verdict in said and all(one in said for one in cautions(sheet))
    named = {row.location.name for row in sheet.used} & set(words)
    assert len(named) == 11  # three stand about each of four spots
    assert "1 point stands without its name for want of room" in said
    ticks = [int(word) for word in words if word.lstrip("+-").isdecimal()]
    assert len(ticks) > 5 and all(tick % 5 == 0 for tick in ticks)


def test_money_and_percent_as_the_page_prints_them(
    programme: Programme, framework: Framework, executive: User
) -> None:
    basket = make_indicator(programme, "basket", currency="EUR")
    satisfied = make_indicator(programme, "csat")
    for code, revenue, hits in (("N1", 300_000, 40), ("N2", 360_000, 41)):
        make_location(programme, code)
        visit(programme, code)
        count(basket, location=code, transactions=50, revenue=revenue)
        count(satisfied, location=code, satisfied=hits, answers=100)
    fold_pending()
    sheet = read(executive, basket)
    with translation.override("fr"):
        words = words_of(sheet, sheet.stages[0])
    assert {"60\N{NO-BREAK SPACE}€", "75\N{NO-BREAK SPACE}€"} <= set(words)
    assert "n = 2 lieux" in words
    sheet = read(executive, satisfied)
    percents = [word for word in words_of(sheet, sheet.stages[0]) if word.endswith("%")]
    assert percents == ["40\N{NO-BREAK SPACE}%", "41\N{NO-BREAK SPACE}%"]  # no finer than the page


def test_typed_names_stay_text_and_no_point_is_said(
    programme: Programme, framework: Framework, executive: User
) -> None:
    definition = make_indicator(programme, name='<b>"&')
    locations(programme, definition, 1)
    sheet = read(executive, definition)
    drawing = draw_scatter(sheet, sheet.stages[0]).svg()
    assert "&lt;b&gt;" in drawing and "<b>" not in drawing
    empty = read(executive, make_indicator(programme, "csat"))
    assert any(one.startswith("No location has both") for one in words_of(empty, empty.stages[0]))
