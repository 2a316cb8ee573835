"""Two waves of an indicator are compared at the places counted in both, wherever it is said."""

from __future__ import annotations

from accounts.models import User
from journeys.access import access_of
from journeys.models import Programme
from journeys.tests.factories import make_wave
from observations.indicators import read_facet, read_indicators
from observations.selection import read_indicator_selection
from observations.tests.indicator_factories import count, make_indicator
from scoring.indicators import Trend


def test_a_place_counted_in_one_wave_alone_lends_its_days_to_no_speed(
    programme: Programme, executive: User
) -> None:
    """Paris recruited as fast in both waves; Lyon, counted in more months of the second, is left out."""
    make_wave(programme, "W1", first_month="2026-06", last_month="2026-06")
    make_wave(programme, "W2", first_month="2026-07", last_month="2026-09")
    speed = make_indicator(programme, "recruitment")
    count(speed, "2026-06", "PAR1", new=300, customers=1000)
    count(speed, "2026-07", "PAR1", new=310, customers=1000)
    access = access_of(executive, programme)
    selection = read_indicator_selection({}, access=access)

    def compared() -> tuple[object, Trend | None, int]:
        [one] = read_indicators([speed], selection, access)
        assert one.compared is not None
        change = one.compared.change
        return change.change, change.trend, one.compared.locations_left_out

    alone = compared()
    count(speed, "2026-08", "LYO1", new=50, customers=1000)
    count(speed, "2026-09", "LYO1", new=50, customers=1000)
    difference, trend, left_out = compared()
    assert (difference, trend) == alone[:2]
    assert left_out == 1


def test_the_table_of_waves_says_what_the_headline_says(
    programme: Programme, executive: User
) -> None:
    """Lyon opens in the second wave and is disappointing: the first is compared without it."""
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-06", last_month="2026-08")
    nps = make_indicator(programme, "nps")
    for month in ("2026-04", "2026-07"):
        count(nps, month, "PAR1", promoters=100, passives=50, detractors=50)
    count(nps, "2026-07", "LYO1", promoters=10, passives=30, detractors=160)
    access = access_of(executive, programme)
    selection = read_indicator_selection({}, access=access)
    [one] = read_indicators([nps], selection, access)
    first, second = read_facet(nps, selection, access, "wave")
    assert one.compared is not None and first.change is None
    assert second.change == one.compared.change
    assert second.change.change == 0
    assert second.figure.n == 400, "its own figure counts every place"


def test_a_table_of_places_has_each_once(programme: Programme, executive: User) -> None:
    nps = make_indicator(programme, "nps")
    for month in ("2026-04", "2026-05"):
        count(nps, month, "PAR1", promoters=4, passives=3, detractors=3)
    count(nps, "2026-04", "LYO1", promoters=1, passives=1, detractors=8)
    count(nps, "2026-04", promoters=1, passives=1, detractors=1)
    access = access_of(executive, programme)
    rows = read_facet(nps, read_indicator_selection({}, access=access), access, "location")
    assert {row.row.code if row.row else None: row.figure.n for row in rows} == {
        "PAR1": 20,
        "LYO1": 10,
        None: 3,
    }
