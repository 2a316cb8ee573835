"""The trend by wave: each wave as its filter shows it, and an arrow only for a step that was real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.tests.change_cells import make_waves
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_stage, make_wave
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework
from scoring.tests.factories import make_framework

ClientOf = Callable[[User], Client]
Page = Callable[..., Any]
URL = "/programmes/casa-nord/journeys/family-store/trend/"
DASHBOARD = "/programmes/casa-nord/dashboard/"
CHANGES = "/programmes/casa-nord/journeys/family-store/changes/"
MONTHS = {"W0": "2026-01", "W1": "2026-04", "W2": "2026-07"}
# S1 gets really better in W2, S2 stays as it was.
POINTS = {"W0": 0, "W1": 0, "W2": 2}


@pytest.fixture
def page(executive: User, framework: Framework, client_of: ClientOf) -> Page:
    client = client_of(executive)

    def get(query: str = "", url: str = URL, status: int = 200) -> Any:
        answer = client.get(url + query)
        assert answer.status_code == status
        return answer

    return get


def observe(programme: Programme, waves: tuple[str, ...], n: int = 12, **changes: Any) -> None:
    for wave in waves:
        for number in range(n):
            better = POINTS[wave] if number % 6 else 0
            submit(
                programme,
                observed_at=f"{MONTHS[wave]}-10T10:00:00+02:00",
                answers={**ANSWERS, "S1-p": better, "S2-p": -1 if number % 2 else 2},
                **changes,
            )
    fold_pending()


def test_each_wave_is_what_the_page_shows_of_it(programme: Programme, page: Page) -> None:
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"))
    submit(programme, observed_at="2026-10-03T10:00:00+02:00")
    fold_pending()
    chart = page("?location=PAR1").context["chart"]
    assert [mark.wave.key for mark in chart.marks] == ["W0", "W1", "W2"]
    assert len(chart.scores) == 2
    for mark in chart.marks:
        assert mark.url == f"{DASHBOARD}?journey=family-store&location=PAR1&wave={mark.wave.key}"
        shown = page("", mark.url).context["figures"][0]
        assert shown.text == mark.wave.line.text
        assert mark.wave.line.interval in shown.notes[0]
        assert f"n = {mark.wave.n}" in shown.notes[0]


def test_a_wave_of_an_older_version_is_read_in_it(
    programme: Programme, journey: Journey, page: Page
) -> None:
    make_waves(programme)
    observe(programme, ("W1",))
    make_framework(journey, version=2)
    observe(programme, ("W2",), framework_version=2)
    chart = page().context["chart"]
    assert [(mark.wave.version, mark.note) for mark in chart.marks] == [
        (1, "Version 1"),
        (2, "Version 2"),
    ]
    assert chart.scores == ()  # two versions are never joined by a line
    for mark in chart.marks:
        shown = page("", mark.url).context["figures"][0]
        assert (shown.text, mark.wave.n) == (mark.wave.line.text, 12)


def test_a_real_step_has_its_arrow_and_its_number_on_both_pages(
    programme: Programme, page: Page
) -> None:
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"))
    answer = page("?panel=1")
    better, same, *_rest = answer.context["steps_of_stages"]
    assert (better.step.arrow, better.step.tone) == ("↗", "enchantment")
    assert better.step.text == f"{better.change} since W1"
    assert (same.step.arrow, same.step.text) == ("", "no real change shown since W1")
    changes = page("", answer.context["changes_url"]).context
    for one, row in zip(answer.context["steps_of_stages"], changes["rows"], strict=True):
        assert (one.change, one.range, one.step.why) == (row.change, row.range, row.verdict)
    assert changes["whole"] == answer.context["whole"]
    html = answer.content.decode()
    assert "need not be the step between two points" in html
    assert f'id="word-step-{better.stage.pk}"' in html
    assert f'id="word-step-{same.stage.pk}"' not in html
    assert 'id="journey-step"' in html
    dashboard = page("", DASHBOARD).content.decode()
    assert f'hx-get="{URL}?panel=1"' in dashboard
    assert f'id="row-step-{same.stage.pk}"' in dashboard


def test_without_a_witness_the_same_step_has_no_arrow(programme: Programme, page: Page) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"))
    step = page().context["steps_of_stages"][0].step
    assert step.arrow == ""
    assert step.why.startswith("Improvement observed, without control: ")


def test_an_open_wave_has_no_verdict(
    programme: Programme, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"))
    monkeypatch.setattr("observations.changes.timezone.localdate", lambda: date(2026, 8, 2))
    context = page().context
    assert context["step"].arrow == ""
    assert context["step"].why == (
        "The window is open until the end of August 2026: no verdict before."
    )
    assert {one.step.arrow for one in context["steps_of_stages"]} == {""}


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("?channel=store", "A change is told of all channels together."),
        ("?from=2026-04", "A change is told between waves, not between months."),
        ("?framework=1", "A change is told without a framework version chosen."),
        ("?wave=W1", "No wave before it was observed: there is nothing to compare with."),
        ("?wave=W2&method=survey", "Nothing was observed in this wave."),
    ],
)
def test_where_no_change_is_told_the_page_says_why(
    programme: Programme, page: Page, query: str, why: str
) -> None:
    make_waves(programme)
    observe(programme, ("W1", "W2"), n=6)
    answer = page(query)
    assert answer.context["step"].why == why
    assert why in answer.content.decode()


def test_no_wave_and_no_data_are_said(programme: Programme, page: Page) -> None:
    assert "No wave has begun" in page().content.decode()
    make_waves(programme)
    text = page().content.decode()
    assert "not enough data" in text
    assert "nothing to compare with" in text
    assert page("?wave=W9", status=422).context["form"].errors


@pytest.mark.usefixtures("nothing_kept")
def test_more_waves_locations_and_stages_cost_no_more_queries(
    programme: Programme, journey: Journey, page: Page
) -> None:
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"), n=6)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page("?panel=1")
        return len(captured)

    queries()
    few = queries()
    for number in range(3):
        make_wave(
            programme,
            f"X{number}",
            first_month=f"2025-0{number + 1}",
            last_month=f"2025-0{number + 1}",
        )
        submit(programme, observed_at=f"2025-0{number + 1}-10T10:00:00+02:00")
        make_location(programme, f"X{number}")
        make_stage(journey, f"X{number}")
    fold_pending()
    assert queries() == few
