"""What goes with an indicator: no more is said than the number of locations carries."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.test_locations_api import visit
from journeys.models import Programme
from journeys.tests.factories import make_location
from observations.folding import fold_pending
from observations.models import IndicatorDefinition
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.drivers import Level
from scoring.models import Framework
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/indicators/drivers/"
pytestmark = pytest.mark.usefixtures("framework")


def locations(programme: Programme, definition: IndicatorDefinition, many: int) -> None:
    """The better S1 is at a location, the better its indicator; S2 and S3 vary without it."""
    for number in range(many):
        code = f"L{number:03d}"
        make_location(programme, code)
        level = number % 4
        given = {"S1_p": level - 1, "S2_b": -2 * (number // 4 % 2), "S3_p": number // 2 % 3}
        visit(programme, code, **given)
        count_nps(definition, 20 + 10 * level + number % 3, 20, location=code)
    fold_pending()


def test_under_ten_locations_there_is_a_table_and_no_more(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    locations(programme, make_indicator(programme), 9)
    answer = client_of(executive).get(URL)
    analysis = answer.context["analysis"]
    assert (analysis.level, analysis.used, analysis.shares) == (Level.TABLE, 9, ())
    assert {line.r for line in analysis.stages} == {UNKNOWN}
    page = answer.content.decode()
    assert "Too few locations to measure a link: 9 have" in page
    assert "Spearman" not in page
    assert len(answer.context["lines"]) == 9
    assert len(json.loads(answer.context["figure"])["data"][0]["x"]) == 9


def test_from_ten_on_the_order_is_compared_with_its_interval(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    locations(programme, make_indicator(programme), 12)
    answer = client_of(executive).get(URL)
    analysis = answer.context["analysis"]
    assert (analysis.level, analysis.shares) == (Level.RANKS, ())
    first = analysis.stages[0]
    assert (first.stage.key, first.n) == ("S1", 12)
    assert float(first.r) > 0.8
    assert first.interval.startswith("[+") or first.interval.startswith("[0")
    page = answer.content.decode()
    assert "Exploratory: with 12 locations" in page
    for caution in ("Association is not cause", "not one between customers", "is noisy"):
        assert caution in page


def test_from_thirty_on_what_is_explained_is_shared_out(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    locations(programme, make_indicator(programme), 30)
    analysis = client_of(executive).get(URL).context["analysis"]
    assert (analysis.level, analysis.complete, analysis.by_phase) == (Level.SHARES, 30, False)
    first = analysis.shares[0]
    assert first.name == "Stage S1"
    assert int(first.share) > 80
    assert float(first.johnson) == pytest.approx(float(first.lmg), abs=0.1)
    assert sum(int(one.share) for one in analysis.shares) == pytest.approx(100, abs=2)


def test_rows_need_five_visits_and_ten_answers(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme)
    locations(programme, definition, 1)
    visit(programme, "PAR1", times=4)
    fold_pending()
    count_nps(definition, 50, 20, location="PAR1")
    visit(programme, "LYO1")
    fold_pending()
    reading = count_nps(definition, 50, 20, location="LYO1")
    reading.n, reading.hits, reading.misses = 9, 5, 2
    reading.save()
    answer = client_of(executive).get(URL)
    used = {line.name: line.used for line in answer.context["lines"]}
    assert used == {"L000": True, "PAR1": False, "LYO1": False}
    assert answer.context["analysis"].used == 1


def test_the_segment_of_the_journey_where_it_is_told(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme)
    visit(programme, "PAR1")
    fold_pending()
    count_nps(definition, 50, 20, location="PAR1")
    answer = client_of(executive).get(URL)
    assert "that of all customers" in answer.content.decode()
    count_nps(definition, 10, 80, location="PAR1", segment="family")
    answer = client_of(executive).get(URL)
    assert "that of all customers" not in answer.content.decode()
    assert answer.context["lines"][0].value == "-70"


def test_location_managers_see_their_own_rows(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme)
    for code in ("PAR1", "LYO1"):
        visit(programme, code)
        count_nps(definition, 50, 20, location=code)
    fold_pending()
    answer = client_of(location_manager).get(URL)
    assert [line.name for line in answer.context["lines"]] == ["PAR1"]
    assert "LYO1" not in answer.content.decode()


@pytest.mark.parametrize("query", ["indicator=none", "journey=none", "wave=W9"])
def test_what_cannot_be_read_is_named(
    programme: Programme, executive: User, client_of: ClientOf, query: str
) -> None:
    make_indicator(programme)
    assert client_of(executive).get(f"{URL}?{query}").status_code == 422


def test_without_indicators_the_page_teaches(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    assert "A link can be looked for once" in client_of(executive).get(URL).content.decode()


@pytest.mark.usefixtures("nothing_kept")
def test_query_counts_do_not_grow(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    definition = make_indicator(programme)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    visit(programme, "PAR1")
    count_nps(definition, 50, 20, location="PAR1")
    fold_pending()
    queries()
    few = queries()
    locations(programme, definition, 4)
    make_indicator(programme, "csat")
    assert queries() == few
