"""The heat map by segment: each cell is the number of that segment's own page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.models import Journey, Programme
from journeys.tests.factories import (
    make_journey,
    make_location,
    make_segment,
    make_stage,
    make_touchpoint,
    make_wave,
)
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework
from scoring.tests.factories import make_framework

ClientOf = Callable[[User], Client]
PAGE = "/programmes/casa-nord/journeys/family-store/heat-map/?by=segment"
DASHBOARD = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def trade(programme: Programme, framework: Framework) -> Journey:
    """A second segment: S1 and S2 as well, no S3, and a stage of its own."""
    journey = make_journey(programme, "trade", segment=make_segment(programme, "pro", name="Trade"))
    for key in ("S2", "S1", "OWN"):
        make_touchpoint(make_stage(journey, key, name=f"Trade {key}"), f"p-{key}")
    make_framework(journey)
    for location in ("PAR1", "LYO1"):
        for number in range(6):
            submit(programme, location=location)
            submit(
                programme,
                location=location,
                journey="trade",
                answers={"S1-b": 0, "S1-p": number % 3, "S2-b": 0, "S2-p": 2, "OWN-p": -1},
            )
    fold_pending()
    return journey


@pytest.mark.parametrize("query", ["", "&location=PAR1", "&from=2026-10&region=ARA"])
def test_each_cell_is_the_number_of_its_own_page(
    trade: Journey, executive: User, client_of: ClientOf, query: str
) -> None:
    client = client_of(executive)
    context = client.get(PAGE + query).context
    family, pro = context["rows"]
    assert (family.name, pro.name) == ("Family", "Trade")
    compared = 0
    for row, key in ((family, "family-store"), (pro, "trade")):
        page = client.get(f"{DASHBOARD}?journey={key}{query}").context
        own = {gap.stage.key: gap for gap in page["stages"]}
        for stage, cell in zip(context["stages"], row.cells, strict=True):
            if stage.key not in own:
                assert (cell.url, cell.words) == ("", "this segment has no such stage")
                continue
            gap = own[stage.key]
            if gap.is_shown:
                assert cell.words.startswith(f"{gap.score_text}, {gap.class_word}")
                assert cell.n == gap.n_text
                assert client.get(cell.url).context["gap"].score == gap.score
                compared += 1
        assert row.journey.words.startswith(page["figures"][0].text)
    assert compared >= 4


def test_what_has_no_counterpart_is_named(
    trade: Journey, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(PAGE)
    [left] = answer.context["left_over"]
    assert (left.name, left.stages) == ("Trade", ("Trade OWN",))
    assert "they stand in no column: Trade OWN." in answer.content.decode()


def test_a_version_of_this_journey_says_nothing_of_another(
    trade: Journey, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(f"{PAGE}&framework=1")
    family, pro = answer.context["rows"]
    assert "framework=1" in family.cells[0].url
    assert "framework" not in pro.cells[0].url


def test_a_manager_reads_own_locations_only(
    trade: Journey, location_manager: User, client_of: ClientOf
) -> None:
    client = client_of(location_manager)
    _family, pro = client.get(PAGE).context["rows"]
    assert pro.cells[0].n == "n = 6"


@pytest.mark.usefixtures("nothing_kept")
def test_more_of_anything_costs_no_more_queries(
    trade: Journey, programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(3):
        other = make_journey(
            programme,
            f"x{number}",
            segment=make_segment(programme, f"x{number}", name=f"X{number}"),
        )
        make_touchpoint(make_stage(other, "S1"), f"x{number}-S1")
        make_framework(other)
        for score in range(6):
            submit(programme, journey=other.key, answers={"S1-b": 0, "S1-p": score % 3})
        make_stage(trade, f"X{number}")
        make_location(programme, f"X{number}")
        make_wave(
            programme,
            f"X{number}",
            first_month=f"2027-0{number + 1}",
            last_month=f"2027-0{number + 1}",
        )
    fold_pending()
    assert queries() == few
    rows = client.get(PAGE).context["rows"]
    assert [row.name for row in rows] == ["Family", "Trade", "X0", "X1", "X2"]
    assert all(row.journey for row in rows)


def test_segments_after_the_most_are_named_and_not_read(
    trade: Journey,
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboards.segment_heat.MOST_ROWS", 2)
    make_journey(programme, "clubs", segment=make_segment(programme, "clubs", name="Clubs"))
    client = client_of(executive)
    page = client.get(PAGE)
    assert [row.name for row in page.context["rows"]] == ["Family", "Trade"]
    assert "not shown: Clubs." in page.content.decode()
    page = client.get(PAGE.replace("family-store", "trade"))
    assert [row.name for row in page.context["rows"]] == ["Family", "Trade"]
    monkeypatch.setattr("dashboards.segment_heat.MOST_ROWS", 1)
    page = client.get(PAGE.replace("family-store", "trade"))
    assert [row.name for row in page.context["rows"]] == ["Trade"]
