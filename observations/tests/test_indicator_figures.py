"""Figures under a selection: what is counted in, against what, and as far as one may see."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme
from journeys.tests.factories import make_segment, make_wave
from observations.indicators import IndicatorFigure, days_of, read_facet, read_indicators
from observations.models import IndicatorDefinition
from observations.selection import BadSelection, Selection, read_indicator_selection
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.indicators import Trend
from scoring.tests.golden_cases import golden

GOLDEN = golden("ex3_remeasure_and_indicators.json")


@pytest.fixture
def waves(programme: Programme) -> None:
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")


def read(
    definition: IndicatorDefinition, user: User, selection: Selection | None = None, **options: Any
) -> IndicatorFigure:
    access = access_of(user, definition.programme)
    [one] = read_indicators([definition], selection or Selection(), access, **options)
    return one


def test_golden_counts_in_pieces_give_the_golden_figure(
    programme: Programme, executive: User
) -> None:
    """36 answers spread over months, locations and segments are the 36 answers of example 3."""
    definition = make_indicator(programme, target_hundredths=4000)
    count(definition, "2026-03", "PAR1", promoters=10, passives=4, detractors=1)
    count(definition, "2026-03", "LYO1", "family", promoters=5, passives=5, detractors=3)
    count(definition, "2026-07", "PAR1", channel="store", promoters=4, passives=0, detractors=4)
    one = read(definition, executive)
    assert one.figure.value == Fraction(GOLDEN["nps"]["nps"])
    assert one.figure.n == GOLDEN["nps"]["n"]
    assert list(one.figure.interval or ()) == pytest.approx(GOLDEN["nps"]["ci"], abs=2e-3)
    assert one.gap == 40 - Fraction(275, 9)
    assert list(one.gap_interval or ()) == pytest.approx([40 - 53.532, 40 - 2.878], abs=2e-3)


def test_recruitment_counts_the_days_of_its_months_once(
    programme: Programme, executive: User
) -> None:
    definition = make_indicator(programme, "recruitment")
    for month, new in (("2026-04", 90), ("2026-05", 90), ("2026-06", 60)):
        count(definition, month, "PAR1", new=new, end=500)
    count(definition, "2026-06", "LYO1", new=30)
    one = read(definition, executive)
    assert (
        one.days
        == GOLDEN["recruitment_speed"]["days"]
        == days_of(["2026-04", "2026-05", "2026-06"])
    )
    assert one.figure.value == Fraction(GOLDEN["recruitment_speed"]["per_30_days"])
    assert list(one.figure.interval or ()) == pytest.approx(
        GOLDEN["recruitment_speed"]["poisson_ci"], abs=2e-3
    )


def test_baskets_without_squares_take_the_interval_away(
    programme: Programme, executive: User
) -> None:
    definition = make_indicator(programme, "basket")
    case = GOLDEN["basket_cents"]
    sums = {"transactions": case["n"], "revenue": case["sum"], "squares": case["sumsq"]}
    count(definition, "2026-03", **sums)
    one = read(definition, executive)
    assert one.figure.value == Fraction(case["mean"])
    assert one.figure.interval is not None
    count(definition, "2026-04", transactions=1, revenue=100)
    one = read(definition, executive)
    assert (one.figure.n, one.figure.interval) == (9, None)


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({}, 500),
        ({"wave": "W1"}, 200),
        ({"from": "2026-05"}, 400),
        ({"from": "2026-05", "to": "2026-06"}, 200),
        ({"location": "PAR1"}, 300),
        ({"region": "ARA"}, 100),
        ({"location": "PAR1,LYO1"}, 400),
        ({"segment": "family"}, 100),
        ({"channel": "store"}, 100),
        ({"wave": "W2", "location": "LYO1"}, 0),
    ],
)
@pytest.mark.usefixtures("waves")
def test_filters_choose_what_is_added_up(
    programme: Programme, executive: User, query: dict[str, str], n: int
) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20, month="2026-03", location="PAR1")
    count_nps(definition, 40, 20, month="2026-05", location="LYO1")
    count_nps(definition, 40, 20, month="2026-06", location="PAR1", segment="family")
    count_nps(definition, 40, 20, month="2026-07", location="PAR1", channel="store")
    count_nps(definition, 40, 20, month="2026-08")
    access = access_of(executive, programme)
    selection = read_indicator_selection(query, access=access)
    assert read(definition, executive, selection).figure.n == n


@pytest.mark.parametrize("name", ["wave", "from", "to", "location", "region", "segment", "channel"])
def test_filters_that_cannot_be_read(programme: Programme, executive: User, name: str) -> None:
    with pytest.raises(BadSelection) as bad:
        read_indicator_selection({name: "mars"}, access=access_of(executive, programme))
    assert set(bad.value.errors) == {name}


@pytest.mark.usefixtures("waves")
def test_a_change_is_that_of_the_locations_in_both_waves(
    programme: Programme, executive: User
) -> None:
    """All together the score falls, since a bad location came in; where both were, it rises."""
    definition = make_indicator(programme)
    count_nps(definition, 20, 40, month="2026-03", location="PAR1")
    count_nps(definition, 60, 10, month="2026-06", location="PAR1")
    count_nps(definition, 0, 100, month="2026-07", location="LYO1")
    one = read(definition, executive)
    assert one.compared is not None
    assert (one.compared.before.key, one.compared.after.key) == ("W1", "W2")
    change = one.compared.change
    assert [change.before.value, change.after.value, change.change] == [-20, 50, 70]
    assert (change.trend, one.compared.locations_left_out) == (Trend.BETTER, 1)
    asked = read_indicator_selection({"wave": "W2"}, access=access_of(executive, programme))
    chosen = read(definition, executive, asked)
    assert (chosen.figure.n, chosen.compared) == (200, one.compared)


@pytest.mark.usefixtures("waves")
def test_no_change_without_a_wave_before(programme: Programme, executive: User) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 20, 40, month="2026-03")
    count_nps(definition, 20, 40, month="2026-02")  # of no wave
    assert read(definition, executive).compared is None
    count_nps(definition, 20, 40, month="2026-06")
    assert read(definition, executive).compared is not None
    assert read(definition, executive, Selection("2026-03", "2026-08")).compared is None
    first = Selection("2026-03", "2026-05", wave="W1")
    assert read(definition, executive, first).compared is None


def test_the_segment_is_held_to_where_it_is_told(programme: Programme, executive: User) -> None:
    make_segment(programme, "pro")
    told, untold = make_indicator(programme), make_indicator(programme, "csat")
    count_nps(told, 40, 20, segment="family")
    count_nps(told, 10, 80, segment="pro")
    count_nps(told, 10, 80)
    count(untold, satisfied=6, answers=10)
    access = access_of(executive, programme)
    first, second = read_indicators(
        [told, untold], Selection(segment="family"), access, segment_if_told=True
    )
    assert [first.figure.n, first.figure.value, first.all_segments] == [100, 20, False]
    assert [second.figure.n, second.figure.value, second.all_segments] == [10, 60, True]


def test_location_managers_read_their_own(programme: Programme, location_manager: User) -> None:
    definition = make_indicator(programme)
    count_nps(definition, 40, 20, location="PAR1")
    count_nps(definition, 0, 90, location="LYO1")
    count_nps(definition, 0, 90)
    assert read(definition, location_manager).figure.value == 20
    access = access_of(location_manager, programme)
    rows = read_facet(definition, Selection(), access, "location")
    assert [row.row.code for row in rows] == ["PAR1"]


@pytest.mark.usefixtures("waves")
def test_facets_stand_in_order_with_what_is_not_told_last(
    programme: Programme, executive: User
) -> None:
    definition = make_indicator(programme, target_hundredths=0)
    count_nps(definition, 20, 40, month="2026-07", location="PAR1")
    count_nps(definition, 80, 10, month="2026-04", location="LYO1", segment="family")
    count_nps(definition, 50, 10, month="2026-01")
    access = access_of(executive, programme)

    def facet(name: Any) -> list[tuple[str, Any]]:
        rows = read_facet(definition, Selection(), access, name)
        return [(str(row.row), row.figure.value) for row in rows]

    assert facet("wave") == [("W1", 70), ("W2", -20), ("None", 40)]
    assert facet("location") == [("LYO1", 70), ("PAR1", -20), ("None", 40)]
    assert facet("segment") == [("Family", 70), ("None", 10)]
    assert facet("channel") == [("None", 30)]
    first, second, other = read_facet(definition, Selection(), access, "wave")
    assert (first.change, other.change) == (None, None)
    assert second.change is not None, "no place was counted in both waves"
    assert (second.change.change, second.change.trend) == (None, None)
    assert second.gap == 20


def test_one_reading_costs_the_same_however_much_was_counted(
    programme: Programme, executive: User, django_assert_num_queries: Any
) -> None:
    definitions = [make_indicator(programme), make_indicator(programme, "recruitment")]
    access = access_of(executive, programme)
    for month in ("2026-03", "2026-04", "2026-05"):
        count_nps(definitions[0], 40, 20, month=month, location="PAR1")
        count(definitions[1], month, "LYO1", new=3, end=30)
        with django_assert_num_queries(3):  # waves, counts, and the months of the speed
            read_indicators(definitions, Selection(), access)
