"""Months instead of waves, a second baseline, and versions on their common ground, by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from dashboards.tests.change_cells import make_waves, put, put_example_3
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework, Interaction
from scoring.tests.factories import make_framework
from scoring.tests.test_golden_2 import windows_3

URL = "/api/v1/programmes/casa-nord/journeys/family-store/changes/"
Ask = Callable[..., Any]


@pytest.fixture
def ask(programme: Programme, framework: Framework, executive: User) -> Ask:
    make_waves(programme, baseline=True)

    def call(**query: str) -> Any:
        client = APIClient()
        client.force_authenticate(executive)
        answer = client.get(URL, query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return call


def test_months_are_compared_like_the_wave_they_make(framework: Framework, ask: Ask) -> None:
    put_example_3(framework)
    waves = ask(before="W1", after="W2")
    months = ask(
        before_from="2026-03", before_to="2026-05", after_from="2026-06", after_to="2026-08"
    )
    assert waves["stages"] == months["stages"]
    assert (waves["before"], waves["after"], waves["baseline"]) == ("W1", "W2", None)
    assert (months["before"], months["after"]) == (None, None)
    assert waves["months"] == months["months"]
    assert waves["months"] == {
        "before": ["2026-03", "2026-05"],
        "after": ["2026-06", "2026-08"],
        "baseline": None,
    }


def test_with_a_second_baseline_the_verdict_is_on_the_change_since_it(
    framework: Framework, ask: Ask
) -> None:
    put_example_3(framework)
    put(framework, "W0", "PAR1", windows_3()["CB"])
    put(framework, "W0", "LYO1", windows_3()["CB"])
    answer = ask(before="W1", after="W2", baseline="W0")
    assert (answer["baseline"], answer["months"]["baseline"]) == ("W0", ["2026-01", "2026-02"])
    assert answer["versions"] == [{"version": 1, "before": 22, "after": 25, "baseline": 20}]
    stage = answer["stages"][0]
    since = ask(before="W0", after="W2")["stages"][0]
    assert since["verdict"] == "improvement_without_control"
    assert (stage["guard"], stage["verdict"]) == ("baseline", "real_improvement")
    assert stage["baseline_change_exact"] == since["change_exact"]
    assert stage["baseline_interval"] == since["interval"]
    assert stage["n_baseline"] == 20
    assert stage["change_exact"] == ask(before="W1", after="W2")["stages"][0]["change_exact"]
    assert (stage["did"], stage["control_change"]) == (None, None)


def test_a_baseline_between_choosing_and_acting_will_do(framework: Framework, ask: Ask) -> None:
    for wave in ("W0", "W1", "W2"):
        put(framework, wave, "PAR1", windows_3()["B"])
    stage = ask(before="W0", baseline="W1", after="W2")["stages"][0]
    assert (stage["guard"], stage["baseline_change"]) == ("baseline", "0.000000")
    assert stage["verdict"] == "inconclusive"
    assert stage["needed"] > 0


def test_a_control_decides_alone(framework: Framework, ask: Ask) -> None:
    put_example_3(framework)
    alone = ask(before="W1", after="W2", control="LYO1")
    both = ask(before="W1", after="W2", control="LYO1", baseline="W0")
    assert both["stages"] == alone["stages"]
    assert both["stages"][0]["guard"] == "control"
    assert (both["baseline"], both["versions"]) == ("W0", alone["versions"])


def test_a_baseline_without_observations_withholds_the_verdict(
    framework: Framework, ask: Ask
) -> None:
    put_example_3(framework)
    stage = ask(before="W1", after="W2", baseline="W0")["stages"][0]
    assert (stage["excluded_because"], stage["verdict"]) == ("baseline_not_comparable", None)
    assert (stage["guard"], stage["n_baseline"]) == ("baseline", None)
    assert stage["change"] is not None


def test_versions_are_compared_on_their_common_ground(
    programme: Programme, journey: Journey, ask: Ask
) -> None:
    newer = make_framework(journey, version=2)
    rows = Interaction.objects.filter(framework=newer)
    rows.filter(key="S1-b").update(weight=2)
    rows.filter(key__startswith="S2").delete()
    for month, version, level in (("2026-04", 1, -1), ("2026-07", 2, 2)):
        for day in range(10, 16):
            at = f"{month}-{day}T10:00:00+02:00"
            answers = {"S1-b": -2, "S1-p": level}
            submit(programme, observed_at=at, framework_version=version, answers=answers)
    fold_pending()
    answer = ask(before="W1", after="W2")
    ground = answer["common_ground"]
    assert (ground["versions"], answer["framework_version"]) == ([1, 2], 2)
    assert {(one["stage"], one["interaction"]) for one in ground["compared"]} == {
        ("S1", "S1-p"),
        ("S1", "S1-d"),
        ("S3", "S3-b"),
        ("S3", "S3-p"),
        ("S3", "S3-d"),
    }
    assert [(one["interaction"], one["because"]) for one in ground["left_out"]] == [
        ("S1-b", "other_weight"),
        ("S2-b", "not_in_all"),
        ("S2-p", "not_in_all"),
        ("S2-d", "not_in_all"),
    ]
    first, second, third = answer["stages"]
    assert (first["before"], first["after"]) == ("-100.000000", "100.000000")
    assert (first["n_before"], first["n_after"]) == (6, 6)
    assert second["excluded_because"] == "different_framework"
    assert third["excluded_because"] == "too_few"
    assert answer["versions"] == [
        {"version": 2, "before": 0, "after": 6, "baseline": None},
        {"version": 1, "before": 6, "after": 0, "baseline": None},
    ]
