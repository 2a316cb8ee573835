"""The page of the league: ranks, sentences, and where each row leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.test_locations_api import four_locations, visit
from journeys.models import Programme
from journeys.tests.factories import make_location
from observations.folding import fold_pending
from scoring.models import Framework
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
JOURNEY = "/programmes/casa-nord/journeys/family-store/"
PAGE = f"{JOURNEY}locations/"
pytestmark = pytest.mark.usefixtures("framework")


def test_ranks_with_the_own_score_beside(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    four_locations(programme)
    client = client_of(executive)
    answer = client.get(PAGE + "?stage=S1&method=mystery_visit")
    assert answer.status_code == 200
    first, *_rest, last = answer.context["lines"]
    assert (first.rank, first.name, first.n) == ("1", "PAR1", "n = 5")
    assert (last.rank, last.name) == ("4", "LYO1")
    assert first.url == f"{JOURNEY}scores/S1/?method=mystery_visit&location=PAR1"
    evidence = client.get(first.url)
    assert evidence.context["gap"].score_text == first.own
    assert evidence.context["gap"].interval_text == first.interval
    assert "Locations differ: beyond what chance brings" in answer.content.decode()
    [formula] = answer.context["formulas"]
    assert formula.text.count("·") == 2


def test_the_whole_journey_leads_to_its_evidence(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    four_locations(programme)
    client = client_of(executive)
    answer = client.get(PAGE)
    first = answer.context["lines"][0]
    assert first.url == f"{JOURNEY}scores/?location=PAR1"
    assert client.get(first.url).status_code == 200
    assert [choice.name for choice in answer.context["choices"] if choice.is_chosen] == [
        "Whole journey"
    ]
    assert "the cumulative score" in answer.content.decode()


def test_two_versions_stay_the_one_compared(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    four_locations(programme)
    other = Framework.objects.create(journey=framework.journey, version=2, status="published")
    cell = framework.cells.filter(stage=None).first()
    assert cell is not None
    cell.pk, cell.framework = None, other
    cell.save()
    first = client_of(executive).get(PAGE + "?stage=S1&region=IDF").context["lines"][0]
    assert first.url == f"{JOURNEY}scores/S1/?framework=2&location={first.name}"


def test_no_difference_is_said_and_nobody_ranked(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    for code in ("PAR1", "LYO1"):
        visit(programme, code)
    visit(programme, None, times=1)
    fold_pending()
    answer = client_of(executive).get(PAGE + "?stage=S1")
    page = answer.content.decode()
    assert "No difference shown between locations" in page
    assert "1 observation names no location and is left out." in page
    assert [line.rank for line in answer.context["lines"]] == [UNKNOWN, UNKNOWN]


def test_too_few_observations_have_no_score(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    visit(programme, "PAR1")
    visit(programme, "LYO1", times=3)
    fold_pending()
    answer = client_of(executive).get(PAGE + "?stage=S1")
    line = answer.context["lines"][1]
    assert (line.name, line.n) == ("LYO1", "n = 3, 2 more needed")
    assert (line.rank, line.shrunk, line.own, line.interval, line.kept) == (
        UNKNOWN,
        UNKNOWN,
        UNKNOWN,
        "",
        UNKNOWN,
    )
    assert "takes at least two locations" in answer.content.decode()


def test_a_location_manager_learns_no_other_name(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    four_locations(programme)
    make_location(programme, "ZZZ1")
    answer = client_of(location_manager).get(PAGE + "?stage=S1")
    assert [line.name for line in answer.context["lines"]] == ["PAR1"]
    page = answer.content.decode()
    assert "LYO1" not in page
    assert answer.context["lines"][0].rank == "1"


def test_few_others_are_hidden_in_words(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    for code in ("PAR1", "LYO1"):
        visit(programme, code)
    fold_pending()
    answer = client_of(location_manager).get(PAGE + "?stage=S1")
    assert "would give their scores away" in answer.content.decode()
    assert (answer.context["mean"], answer.context["formulas"]) == (UNKNOWN, [])


def test_bad_stages_and_filters(programme: Programme, executive: User, client_of: ClientOf) -> None:
    client = client_of(executive)
    assert client.get(PAGE + "?stage=S9").status_code == 422
    assert client.get(PAGE + "?channel=store").status_code == 422
    assert client.get(PAGE + "?stage=S1&wave=W9").status_code == 422
    assert client.get(PAGE + "?stage=S1&channel=store").status_code == 200


def test_the_filters_keep_the_stage_and_htmx_gets_the_fragment(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    page = client.get(PAGE + "?stage=S2").content.decode()
    assert '<input type="hidden" name="stage" value="S2">' in page
    fragment = client.get(PAGE, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in fragment
    assert 'id="location-league"' in fragment


def test_dashboard_and_evidence_lead_here(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    visit(programme, "PAR1")
    fold_pending()
    client = client_of(executive)
    assert PAGE in client.get("/programmes/casa-nord/dashboard/").content.decode()
    evidence = client.get(f"{JOURNEY}scores/S1/?location=PAR1")
    assert evidence.context["league_url"] == f"{PAGE}?stage=S1"


def test_queries_do_not_grow_with_locations(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    counts = []
    for codes in (["PAR1", "LYO1"], ["LIL1", "NCE1"]):
        for code in codes:
            programme.locations.get_or_create(code=code, defaults={"name": code})
            visit(programme, code)
        fold_pending()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE + "?stage=S1").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
