"""Two waves or two segments side by side: each column its own page's, the difference with its verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.change_cells import make_waves
from dashboards.tests.test_segment_heat import trade as trade  # noqa: PLC0414 - a fixture
from dashboards.tests.test_wave_trend import observe
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_stage, make_wave
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
Page = Callable[..., Any]
URL = "/programmes/casa-nord/journeys/family-store/compare/"
DASHBOARD = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def page(executive: User, framework: Framework, client_of: ClientOf) -> Page:
    client = client_of(executive)

    def get(query: str = "", url: str = URL, status: int = 200) -> Any:
        answer = client.get(url + query)
        assert answer.status_code == status
        return answer

    return get


def scores_on(page: Page, query: str) -> dict[str, tuple[str, str]]:
    stages = page(query, DASHBOARD).context["stages"]
    return {gap.stage.name: (gap.score_text, gap.n_text) for gap in stages}


@pytest.mark.parametrize("query", ["?wave=W2&compare=wave:W1", "?compare=wave:W1"])
def test_each_wave_is_its_own_page_and_the_difference_that_of_the_changes(
    programme: Programme, page: Page, query: str
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"))
    answer = page(query)
    compared = answer.context["compared"]
    assert (compared.first, compared.second) == ("W1", "W2")
    before, after = scores_on(page, "?wave=W1"), scores_on(page, "?wave=W2")
    changes = page("", answer.context["changes_url"]).context
    for row, change in zip(compared.rows, changes["rows"], strict=True):
        assert (row.first.score, row.first.n) == before[row.name]
        assert (row.second.score, row.second.n) == after[row.name]
        assert (row.difference, row.range, row.verdict) == (
            change.change,
            change.range,
            change.verdict,
        )
    assert compared.rows[0].difference not in ("", UNKNOWN)
    assert compared.whole.difference == changes["whole"].change
    assert "which need not be after less before" in answer.content.decode()
    gap = page("", compared.rows[0].second.url).context["gap"]
    assert gap.score_text == compared.rows[0].second.score


def test_until_when_a_wave_is_open_is_said_once(programme: Programme, page: Page) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"))
    programme.waves.filter(key="W2").update(last_month="2999-12")
    answer = page("?wave=W2&compare=wave:W1")
    compared = answer.context["compared"]
    assert {row.verdict for row in compared.rows if row.difference != UNKNOWN} == {
        "No verdict yet."
    }
    said = "The window is open until the end of December 2999: no verdict before."
    assert compared.whole.verdict == said
    assert answer.content.decode().count("until the end of December 2999") == 1


def test_a_place_of_one_wave_alone_is_left_out_of_the_difference_and_said(
    programme: Programme, page: Page
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"))
    for _number in range(6):
        submit(
            programme,
            location="LYO1",
            observed_at="2026-04-10T10:00:00+02:00",
            answers={**ANSWERS, "S1-p": 2},
        )
    fold_pending()
    row = page("?compare=wave:W1&wave=W2").context["compared"].rows[0]
    assert row.first.n == "n = 18"
    assert row.first.score == scores_on(page, "?wave=W1")[row.name][0]
    alone = scores_on(page, "?wave=W1&location=PAR1")[row.name][0]
    assert row.note == f"like for like: {alone}, then {row.second.score}"


def test_under_a_channel_columns_stand_without_a_verdict(programme: Programme, page: Page) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"))
    row = page("?channel=store&compare=wave:W1").context["compared"].rows[0]
    assert row.first.score == scores_on(page, "?channel=store&wave=W1")[row.name][0]
    assert (row.difference, row.verdict) == (UNKNOWN, "A change is told of all channels together.")


@pytest.mark.parametrize(
    "query", ["?compare=journey:trade", "?location=PAR1&compare=journey:trade"]
)
def test_segments_stand_side_by_side_stage_by_stage(trade: Journey, page: Page, query: str) -> None:
    compared = page(query).context["compared"]
    filters = "&location=PAR1" if "PAR1" in query else ""
    ours = scores_on(page, f"?journey=family-store{filters}")
    theirs = page(f"?journey=trade{filters}", DASHBOARD).context
    by_key = {gap.stage.key: gap for gap in theirs["stages"]}
    assert [row.name for row in compared.rows] == ["Stage S1", "Stage S2"]
    for row, key in zip(compared.rows, ("S1", "S2"), strict=True):
        assert (row.first.score, row.first.n) == ours[row.name]
        assert (row.second.score, row.second.n) == (by_key[key].score_text, by_key[key].n_text)
    assert compared.alone == (("Family", "Stage S3"), ("Trade", "Trade OWN"))
    better = compared.rows[1]
    assert (better.verdict, better.tone) == ("Really lower for Family.", "real")
    assert better.difference.startswith("-") and better.range.startswith("from -")
    assert compared.whole.second.score == theirs["figures"][0].text


def test_the_dashboard_keeps_what_is_compared_in_its_address(trade: Journey, page: Page) -> None:
    answer = page("?location=PAR1&compare=journey:trade", DASHBOARD)
    html = answer.content.decode()
    assert f'hx-get="{URL}?location=PAR1&amp;compare=journey%3Atrade&amp;panel=1"' in html
    assert '<option value="journey:trade" selected>Trade</option>' in html
    assert '<input type="hidden" name="compare" value="journey:trade">' in html
    assert "compare=journey%3Atrade" in answer.context["here"]
    panel = page("?location=PAR1&compare=journey:trade&panel=1").content.decode()
    assert "<html" not in panel and "Without a counterpart, in Trade alone: Trade OWN." in panel


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("wave:W9", "No wave of the programme has this key."),
        ("journey:none", "A wave or a journey of the programme."),
        ("gossip", "A wave or a journey of the programme."),
        ("journey:family-store", "A journey is not compared with itself."),
    ],
)
def test_what_cannot_be_compared_is_said_beside_the_figures(
    programme: Programme, page: Page, asked: str, why: str
) -> None:
    observe_one(programme)
    answer = page(f"?compare={asked}", DASHBOARD, 422)
    assert answer.context["figures"]
    assert why in answer.content.decode()
    assert why in page(f"?compare={asked}", status=422).content.decode()


def observe_one(programme: Programme) -> None:
    submit(programme)
    fold_pending()


def test_one_wave_alone_has_nothing_to_stand_beside(programme: Programme, page: Page) -> None:
    make_waves(programme)
    observe(programme, ("W1",), n=1)
    assert "It takes another wave" in page("?compare=wave:W1").content.decode()
    assert "Choose a wave or a segment" in page().content.decode()


@pytest.mark.parametrize("compare", ["wave:W1", "journey:trade"])
@pytest.mark.usefixtures("nothing_kept")
def test_more_of_anything_costs_no_more_queries(
    trade: Journey, programme: Programme, page: Page, compare: str
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"), n=2)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(f"?compare={compare}&panel=1")
        return len(captured)

    queries()
    few = queries()
    for number in range(3):
        month = f"2025-0{number + 1}"
        make_wave(programme, f"X{number}", first_month=month, last_month=month)
        make_location(programme, f"X{number}")
        make_stage(trade, f"X{number}")
    assert queries() == few
