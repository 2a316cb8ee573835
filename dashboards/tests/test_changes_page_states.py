"""The page of changes where little or nothing can be compared, and who may compare what."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.change_cells import make_waves, put, put_example_3
from journeys.models import Journey, Programme
from journeys.tests.factories import make_wave
from observations.folding import fold_pending
from observations.models import PendingFold
from observations.tests.factories import submit
from scoring.change import StageChange
from scoring.change_bar import scale_of
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework
from scoring.tests.test_golden_2 import windows_3

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/journeys/family-store/changes/"
EVIDENCE = "/programmes/casa-nord/journeys/family-store/scores/S1/"


@pytest.fixture
def page(executive: User, framework: Framework, client_of: ClientOf) -> Callable[..., Any]:
    client = client_of(executive)

    def get(query: str = "", status: int = 200, **headers: str) -> Any:
        answer = client.get(URL + query, headers=headers)
        assert answer.status_code == status
        return answer

    return get


Page = Callable[..., Any]


def test_versions_without_a_common_one_say_on_what_they_are_compared(
    programme: Programme, journey: Journey, page: Page
) -> None:
    make_waves(programme)
    newer = make_framework(journey, version=2)
    Interaction.objects.filter(framework=newer, key="S1-b").update(weight=2)
    for month, version in (("2026-04", 1), ("2026-07", 2)):
        for day in range(10, 16):
            at = f"{month}-{day}T10:00:00+02:00"
            submit(programme, observed_at=at, framework_version=version)
    fold_pending()
    answer = page("?before=W1&after=W2")
    row = answer.context["rows"][0]
    assert row.ground_words == "Scored again on 2 of 3 interactions, the same in versions 1 and 2"
    assert row.ground == ("Interaction S1-p", "Interaction S1-d")
    # No page computes these figures: a link to the full score would lead to others.
    readings = (row, *row.methods)
    assert {url for one in readings for url in (one.before.url, one.after.url)} == {""}
    assert EVIDENCE not in answer.text
    [line] = answer.context["left_out"]
    assert (line.stage, line.statement, line.why) == (
        "Stage S1",
        "Interaction S1-b",
        "with another weight",
    )
    assert "compared on the 8 interactions of 9" in answer.text


def test_an_open_window_and_what_waits_are_said(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    put_example_3(framework)
    assert "is open until" not in page("?before=W1&after=W2").text
    submit(programme)
    assert PendingFold.objects.count() == 1
    programme.waves.filter(key="W2").update(last_month="2999-12")
    text = page("?before=W1&after=W2").text
    assert "The window after is open until the end of December 2999." in text
    assert "The window is open until the end of December 2999: no verdict before." in text
    assert "Nothing is comparable" not in text
    row = page("?before=W1&after=W2&control=LYO1").context["rows"][0]
    assert (row.is_real, row.arrow, row.change) == (False, "", "+30")
    assert row.beside == ("Control locations: +3, from -12 to 19. Against them: +27, from 2 to 53")
    assert row.bar is not None
    assert "1 observation has arrived and is not counted yet." in text


@pytest.mark.parametrize("waves", [0, 1, 2])
def test_nothing_to_compare_yet(programme: Programme, page: Page, waves: int) -> None:
    for number in range(waves):
        month = f"2026-0{number + 1}"
        make_wave(programme, f"W{number}", first_month=month, last_month=month)
    words = ("no wave is planned yet", "Only W0 is planned", "do not reach into two waves yet")
    assert words[waves] in page().text


def test_where_nothing_is_comparable_each_stage_says_why(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    assert "each stage says why" in page("?before=W1&after=W2").text
    Framework.objects.update(status="draft")
    assert "Nothing can be scored yet" in page("?before=W1&after=W2").text


def test_htmx_gets_the_part_that_changes(programme: Programme, page: Page) -> None:
    make_waves(programme)
    assert "<html" in page("?before=W1&after=W2").text
    answer = page("?before=W1&after=W2", **{"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="changes">')


def test_a_location_manager_compares_own_locations(
    programme: Programme, framework: Framework, location_manager: User, client_of: ClientOf
) -> None:
    make_waves(programme)
    put_example_3(framework)
    answer = client_of(location_manager).get(URL)
    assert answer.context["rows"][0].before.n == 12
    assert "control" not in answer.context["form"].fields
    assert "LYO1" not in answer.text
    assert client_of(location_manager).get(URL + "?control=LYO1").status_code == 422


def test_the_dashboard_leads_here(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    assert URL in client_of(executive).get("/programmes/casa-nord/dashboard/").text


def test_bars_share_a_scale_that_holds_them_all() -> None:
    change = StageChange("S", change=Fraction(-20), interval=(-80.0, 40.0))
    assert scale_of([change, StageChange("T")]) == 100
    assert scale_of([StageChange("T")]) == 50


def test_the_page_costs_the_same_whatever_was_observed(
    programme: Programme, framework: Framework, page: Page
) -> None:
    make_waves(programme)
    put_example_3(framework)
    counts = []
    for stages in (("S1",), ("S2", "S3")):
        for stage in stages:
            for wave in ("W1", "W2"):
                for place in ("PAR1", "LYO1"):
                    put(framework, wave, place, windows_3()["B"], method="shadowing", stage=stage)
        with CaptureQueriesContext(connection) as caught:
            page("?before=W1&after=W2&control=LYO1")
        counts.append(len(caught))
    assert counts[0] == counts[1]
