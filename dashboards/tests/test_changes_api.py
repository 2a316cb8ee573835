"""Two waves compared through cells, reader and API: golden examples 2 and 3, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from dashboards.tests.change_cells import make_waves, put, put_example_2, put_example_3
from journeys.models import Journey, Programme
from journeys.tests.factories import make_user
from scoring.models import Framework
from scoring.tests.factories import make_framework
from scoring.tests.golden_cases import FLOAT, golden
from scoring.tests.test_golden_2 import windows_3

EX2 = golden("ex2_methods_and_simpson.json")["expected"]["change"]
EX3 = golden("ex3_remeasure_and_indicators.json")["change"]
URL = "/api/v1/programmes/casa-nord/journeys/family-store/changes/"
BOTH = {"before": "W1", "after": "W2"}

Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("waves")


@pytest.fixture
def waves(programme: Programme, framework: Framework) -> None:
    make_waves(programme)


@pytest.fixture
def ask(executive: User) -> Ask:
    def call(user: User = executive, **query: str) -> Any:
        client = APIClient()
        client.force_authenticate(user)
        return client.get(URL, BOTH | query)

    return call


def test_golden_example_2(framework: Framework, ask: Ask) -> None:
    put_example_2(framework)
    stage = ask().json()["stages"][0]
    visits = stage["methods"][0]
    assert float(visits["crude_change"]) == EX2["crude_mystery"]
    assert float(visits["change"]) == EX2["standardised_mystery"]
    assert stage["change"] == "10.000000"
    assert stage["interval"] == pytest.approx(EX2["consolidated_ci"], abs=FLOAT)
    assert (stage["simpson"], stage["verdict"]) == (EX2["simpson_flag"], EX2["verdict"].lower())
    assert stage["mix_shift"] == {
        "method": "mystery_visit",
        "location": "LYO1",
        "share_before": "1/5",
        "share_after": "4/5",
    }
    assert (stage["needed"], stage["did"], stage["did_interval"]) == (536, None, None)


def test_golden_example_3(framework: Framework, ask: Ask) -> None:
    put_example_3(framework)
    answer = ask(control="LYO1").json()
    stage = answer["stages"][0]
    for name, change, interval in (
        ("treated", "change", "interval"),
        ("control", "control_change", "control_interval"),
        ("did", "did", "did_interval"),
    ):
        assert [float(stage[change]), *stage[interval]] == pytest.approx(EX3[name], abs=FLOAT)
    assert (stage["verdict"], stage["excluded_because"]) == (EX3["verdict"].lower(), None)
    assert stage["did_exact"] == "955/36"
    assert (stage["n_before"], stage["n_after"]) == (12, 15)
    assert answer["control"] == ["LYO1"]
    assert answer["versions"] == [{"version": 1, "before": 12, "after": 15, "baseline": None}]
    rest = [(one["stage"], one["verdict"], one["excluded_because"]) for one in answer["stages"][1:]]
    assert rest == [("S2", None, "too_few"), ("S3", None, "too_few")]


def test_without_a_control_the_verdict_says_so(framework: Framework, ask: Ask) -> None:
    cells = windows_3()
    put(framework, "W1", "PAR1", cells["B"])
    put(framework, "W2", "PAR1", cells["A"])
    assert ask().json()["stages"][0]["verdict"] == "improvement_without_control"


def test_there_is_no_verdict_while_the_window_is_open(
    framework: Framework, ask: Ask, programme: Programme
) -> None:
    put_example_3(framework)
    closed = ask(control="LYO1").json()
    assert closed["after_closed"] is True
    programme.waves.filter(key="W2").update(last_month="2999-12")
    answer = ask(control="LYO1").json()
    assert answer["after_closed"] is False
    stage = answer["stages"][0]
    assert (stage["verdict"], stage["excluded_because"]) == (None, "window_open")
    assert stage["needed"] is None
    assert stage["did"] == closed["stages"][0]["did"]


def test_the_newest_version_of_both_windows_is_compared(
    framework: Framework, journey: Journey, ask: Ask
) -> None:
    cells = windows_3()
    newer = make_framework(journey, version=2)
    for wave, name in (("W1", "B"), ("W2", "A")):
        put(framework, wave, "PAR1", cells[name])
    put(newer, "W2", "PAR1", cells["A"])
    answer = ask().json()
    assert (answer["framework_version"], answer["stages"][0]["n_after"]) == (1, 15)
    assert answer["common_ground"] is None
    assert answer["versions"] == [
        {"version": 2, "before": 0, "after": 15, "baseline": None},
        {"version": 1, "before": 12, "after": 15, "baseline": None},
    ]
    put(newer, "W1", "PAR1", cells["B"])
    assert ask().json()["framework_version"] == 2


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"before": ""}, "/before"),
        ({"before": "W9"}, "/before"),
        ({"after": ""}, "/after"),
        ({"after": "W9"}, "/after"),
        ({"after": "W1"}, "/after"),
        ({"before": "W2", "after": "W1"}, "/after"),
        ({"control": "X"}, "/control"),
        ({"control": "LYO1,X"}, "/control"),
        ({"control": "LYO1,PAR1"}, "/control"),
        ({"before": "W1", "before_from": "2026-01"}, "/before"),
        ({"before": "", "before_from": "2026-03-01", "before_to": "2026-04"}, "/before_from"),
        ({"before": "", "before_from": "2026-03"}, "/before_to"),
        ({"before": "", "before_from": "2026-05", "before_to": "2026-04"}, "/before_to"),
        ({"after": "", "after_from": "2026-05", "after_to": "2026-06"}, "/after_from"),
        ({"baseline": "W9"}, "/baseline"),
        ({"baseline": "W1"}, "/baseline"),
        ({"baseline": "W2"}, "/baseline"),
        ({"baseline_from": "2026-02", "baseline_to": "2026-03"}, "/baseline_from"),
        ({"baseline_from": "2026-08", "baseline_to": "2026-09"}, "/baseline_from"),
    ],
)
def test_what_cannot_be_read_is_a_400_at_its_name(
    ask: Ask, query: dict[str, str], path: str
) -> None:
    answer = ask(**query)
    assert answer.status_code == 400
    assert [one["path"] for one in answer.json()["errors"]] == [path]


def test_a_location_manager_compares_own_locations_only(
    framework: Framework, location_manager: User, ask: Ask
) -> None:
    put_example_3(framework)
    assert ask(location_manager).json()["stages"][0]["n_before"] == 12
    assert ask(location_manager, control="LYO1").status_code == 400


def test_a_journey_without_a_framework_has_nothing_to_compare(
    framework: Framework, ask: Ask
) -> None:
    Framework.objects.update(status="draft")
    answer = ask().json()
    assert (answer["framework_version"], answer["stages"]) == (None, [])


@pytest.mark.parametrize("control", ["", "LYO1"])
def test_comparing_costs_the_same_whatever_was_observed(
    framework: Framework, ask: Ask, control: str
) -> None:
    put_example_3(framework)
    counts = []
    for stages in (("S1",), ("S2", "S3")):
        for stage in stages:
            for wave in ("W1", "W2"):
                for place in ("PAR1", "LYO1"):
                    for method in ("shadowing", "store_team"):
                        put(framework, wave, place, windows_3()["B"], method=method, stage=stage)
        with CaptureQueriesContext(connection) as caught:
            assert ask(control=control).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_openapi_document_knows_every_field_that_is_answered(
    framework: Framework, ask: Ask
) -> None:
    put_example_3(framework)
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    schemas = json.loads(client.get("/api/v1/schema/?format=json").content)["components"]["schemas"]
    answer = ask(control="LYO1").json()
    stage = answer["stages"][0]
    assert set(schemas["Changes"]["properties"]) == set(answer)
    assert set(schemas["StageChangeFigures"]["properties"]) == set(stage)
    assert set(schemas["MethodChangeFigures"]["properties"]) == set(stage["methods"][0])
