"""The presentation: one message a screen, the numbers of the dashboard, nothing around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from actionplans.tests.factories import make_action
from dashboards.documents import messages
from dashboards.tests.documents import contents_for, measured_journey
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_stage, make_wave
from scoring.models import Framework

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/journeys/family-store/present/"
DASHBOARD = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Journey:
    return measured_journey(programme)


def kinds(context: Any) -> list[str]:
    return [screen.kind for screen in context["screens"]]


def test_each_screen_says_what_its_slide_says(
    measured: Journey, lead: User, client_of: ClientOf
) -> None:
    make_action(measured.stages.get(key="S2"), lead, title="Open a till")
    context = client_of(lead).get(URL).context
    assert kinds(context) == [
        "score",
        "figures",
        "moments",
        "curve",
        "gaps",
        "trend",
        "plan",
        "reading",
    ]
    contents = contents_for(lead, measured)
    said = [screen.message for screen in context["screens"]]
    assert said[0] == messages.headline(contents)
    assert said[2] == messages.moments(contents)
    assert said[5] == messages.trend(contents)
    assert said[6] == "1 open action, on time"


@pytest.mark.parametrize("query", ["", "?wave=W2", "?location=LYO1"])
def test_the_numbers_are_those_of_the_dashboard(
    measured: Journey, executive: User, client_of: ClientOf, query: str
) -> None:
    client = client_of(executive)
    page, shown = client.get(DASHBOARD + query).context, client.get(URL + query).context
    screens = {screen.kind: screen.content for screen in shown["screens"]}
    assert [(one.name, one.text, one.notes) for one in screens["figures"]["figures"]] == [
        (one.name, one.text, one.notes) for one in page["figures"]
    ]
    assert screens["score"]["line"].text == page["figures"][0].text
    assert [one.gap.score for one in screens["gaps"]["gaps"]] == [
        one.gap.score for one in page["gaps"]
    ]
    assert screens["curve"]["curves"] == page["curves"]
    assert shown["back"].endswith(query.replace("?", "?journey=family-store&") or "family-store")


def test_there_is_nothing_around_it_and_every_screen_stands_in_the_page(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    html = client_of(executive).get(URL).content.decode()
    assert "topbar" not in html and "stepper" not in html and "breadcrumb" not in html
    assert (
        html.count('<section class="screen"') == len(re.findall(r'<h2 id="screen-\d+">', html)) == 8
    )
    # Buttons are for whoever has a script; the page is there without.
    assert "data-present-steps hidden" in html
    assert "<script>" not in html


def test_whoever_may_not_see_the_plan_sees_no_actions(
    measured: Journey, location_manager: User, client_of: ClientOf
) -> None:
    answer = client_of(location_manager).get(URL)
    assert "plan" not in kinds(answer.context)
    assert "No action yet" not in answer.content.decode()


def test_nothing_yet_and_a_filter_that_cannot_be_read(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    answer = client.get(URL)
    assert kinds(answer.context) == ["nothing"]
    assert "Nothing can be scored yet" in answer.content.decode()
    answer = client.get(f"{URL}?wave=W9")
    assert answer.status_code == 422
    assert "No wave of the programme has this key." in answer.content.decode()


def test_many_stages_go_on_over_several_screens(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    for number in range(5, 41):
        make_stage(measured, f"S{number}", name="A very long name & <b> " * 5, criticality=3)
    context = client_of(executive).get(URL).context
    assert kinds(context).count("curve") == 4
    shown = [
        gap.stage.key
        for screen in context["screens"]
        if screen.kind == "curve"
        for gap in screen.content["stages"]
    ]
    assert shown == [stage.key for stage in measured.stages.all()]


@pytest.mark.usefixtures("nothing_kept")
def test_more_of_anything_costs_no_more_queries(
    measured: Journey, lead: User, client_of: ClientOf
) -> None:
    client = client_of(lead)
    make_action(measured.stages.get(key="S2"), lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for number in range(3):
        month = f"2025-0{number + 1}"
        make_wave(measured.programme, f"X{number}", first_month=month, last_month=month)
        make_location(measured.programme, f"X{number}")
        make_action(make_stage(measured, f"X{number}"), lead)
    assert queries() == few
