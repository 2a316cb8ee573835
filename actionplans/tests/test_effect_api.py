"""The effect of an action by the API: golden example 1 through the bundle, the door and the replay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from actionplans.declaring import declare_effect
from actionplans.models import Action, DayRate
from actionplans.tests.factories import make_action
from journeys.models import Programme
from journeys.tests.factories import make_member, make_user
from observations.folding import fold_pending
from observations.intake import submit_observation
from observations.models import Observation, Reading
from observations.tests.factories import make_document
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, Interaction
from scoring.tests.golden_cases import example_1

EXAMPLE = Path(__file__).parents[2] / "cxplan" / "tests" / "data" / "ex1.bundle.json"
WHAT_IF = example_1()["what_if_S2"]


@pytest.fixture
def golden(db: None) -> Programme:
    call_command("load_programme", str(EXAMPLE))
    fold_pending()
    return Programme.objects.get()


@pytest.fixture
def facilitator(golden: Programme) -> User:
    return make_member(golden, "facilitator", make_user("Fay"))


@pytest.fixture
def action(golden: Programme, facilitator: User) -> Action:
    stage = golden.journeys.get().stages.get(key="S2")
    return make_action(stage, facilitator, reach_bp=5000, effort_tenths=50)


def declare(action: Action, key: str, from_points: int | None, to_points: int) -> None:
    interaction = Interaction.objects.get(framework__journey=action.stage.journey, key=key)
    declare_effect(
        action=action,
        actor=action.owner,
        interaction=interaction,
        from_points=from_points,
        to_points=to_points,
    )


def ask(action: Action, query: str = "", *, user: User | None = None) -> Any:
    client = APIClient()
    client.force_authenticate(user or action.owner)
    slug = action.programme.slug
    return client.get(f"/api/v1/programmes/{slug}/actions/{action.pk}/effect/{query}")


def stage_of(action: Action, query: str = "") -> dict[str, Any]:
    [stage] = ask(action, query).json()["stages"]
    found: dict[str, Any] = stage
    return found


def test_golden_example_1_replayed(action: Action) -> None:
    declare(action, "i21", -3, -1)
    document = ask(action).json()
    [stage] = document.pop("stages")
    assert stage == {
        "stage": "S2",
        "n": 6,
        "changed": 2,
        "score_before": "0.000000",
        "score_before_exact": "0",
        "score_after": "14.285714",
        "score_after_exact": WHAT_IF["i21_minus3_becomes_minus1"],
        "delta": "14.285714",
        "delta_exact": "100/7",
        "released_points": 0,
        # c/3 = 1, r = 9/10, kappa = 1/2, half of the cases: 100/7 * 9/40
        "impact": "3.214286",
        "impact_exact": "45/14",
        "factors": {
            "criticality": "1",
            "reach": "9/10",
            "delta": "100/7",
            "confidence": "1/2",
            "action_reach": "1/2",
        },
    }
    assert document.pop("revision") >= 1
    assert document == {
        "action": action.pk,
        "journey": "diy-store",
        "framework_version": 1,
        "pending": 0,
        "effects": [{"interaction": "i21", "from_points": -3, "to_points": -1}],
        "impact": "3.214286",
        "impact_exact": "45/14",
        "effort_days": "5",
        "impact_per_day": "0.642857",
        "impact_per_day_exact": "9/14",
        "quadrant": "quick_win",
        "basics_first": False,
        "missing": [],
    }


def test_golden_example_1_always_available(action: Action) -> None:
    declare(action, "i21", None, 0)
    stage = stage_of(action)
    assert stage["score_after_exact"] == WHAT_IF["i21_always_0"]
    assert (stage["delta_exact"], stage["released_points"]) == ("200/7", 2)


def test_delight_where_the_basics_are_missed_comes_second(action: Action) -> None:
    declare(action, "i23", 0, 2)
    assert ask(action).json()["basics_first"] is True


def test_effort_with_a_cost_needs_a_day_rate(action: Action, golden: Programme) -> None:
    declare(action, "i21", None, 0)
    Action.objects.update(cost_cents=120_000)
    document = ask(action).json()
    assert (document["effort_days"], document["impact_per_day"]) == (None, None)
    assert document["missing"] == ["no_day_rate"]
    DayRate.objects.create(programme=golden, cents=40_000)
    assert ask(action).json()["effort_days"] == "8"


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"reach_bp": None}, ["no_reach"]),
        ({"effort_tenths": None}, ["no_effort"]),
        ({"effort_tenths": 0}, ["no_effort"]),
    ],
)
def test_what_is_missing_is_said(
    action: Action, change: dict[str, Any], missing: list[str]
) -> None:
    declare(action, "i21", None, 0)
    Action.objects.update(**change)
    document = ask(action).json()
    assert document["missing"] == missing
    assert document["impact_per_day"] is None
    assert document["stages"][0]["delta_exact"] == "200/7"


def test_without_effect_scores_or_a_known_level(action: Action, golden: Programme) -> None:
    assert ask(action).json()["missing"] == ["no_effect"]
    declare(action, "i21", None, 0)
    Framework.objects.update(min_observations=7)
    assert ask(action).json()["missing"] == ["not_measured"]
    action.effects.update(interaction="i99")
    document = ask(action).json()
    assert (document["missing"], document["stages"]) == (["unknown_level"], [])
    golden.journeys.get().stages.update(in_perimeter=False)
    assert ask(action).json()["missing"] == ["not_scored"]


def test_filters_hold_and_a_bad_one_is_a_400(action: Action) -> None:
    declare(action, "i21", None, 0)
    assert stage_of(action, "?from=2026-09&to=2026-09&location=PAR1&method=mystery_visit")["n"] == 6
    assert stage_of(action, "?channel=store")["delta_exact"] == "200/7"
    assert ask(action, "?from=2026-10").json()["missing"] == ["not_measured"]
    answer = ask(action, "?wave=W9")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["path"] == "/wave"


def test_only_current_counted_revisions_are_replayed(action: Action) -> None:
    declare(action, "i21", None, 0)
    missed = Observation.objects.filter(revisions__answers__i21=-3).order_by("pk")
    withdraw_observation(observation=missed[0])
    stage = stage_of(action)
    assert (stage["n"], stage["changed"]) == (5, 1)


def test_readings_are_replayed_as_well(action: Action) -> None:
    """120 of 200 visits did not find the product: a third of the weight says so."""
    declare(action, "i21", None, 0)
    interaction = Interaction.objects.get(key="i21")
    Reading.objects.create(
        framework=interaction.framework,
        interaction=interaction,
        method="web_analytics",
        month="2026-09",
        counts={"-3": 120, "0": 80},
    )
    stage = stage_of(action)
    # (3 * 0 + 2 * -60) / 5 and (3 * 200/7 + 2 * 0) / 5
    assert (stage["score_before_exact"], stage["score_after_exact"]) == ("-24", "120/7")
    assert stage["n"] == 6


def test_before_is_what_the_scores_say(action: Action, golden: Programme) -> None:
    """From facts here, from cells there."""
    declare(action, "i21", None, 0)
    client = APIClient()
    client.force_authenticate(action.owner)
    url = f"/api/v1/programmes/{golden.slug}/journeys/diy-store/scores/"
    scores = {one["stage"]: one["score_exact"] for one in client.get(url).json()["stages"]}
    assert stage_of(action)["score_before_exact"] == scores["S2"]


def test_the_number_of_queries_is_fixed(action: Action, golden: Programme) -> None:
    declare(action, "i21", None, 0)
    ask(action)

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert ask(action).status_code == 200
        return len(captured)

    few = queries()
    declare(action, "i22", None, 1)
    declare(action, "i23", 0, 2)
    for number in range(6):
        document = make_document(
            journey="diy-store",
            method="store_team",
            channel=None,
            answers={"i21": (-3, -1, 0)[number % 3], "i22": 0},
        )
        submit_observation(programme=golden, document=document, user=None)
    fold_pending()
    assert queries() == few


def test_who_may_read_it(action: Action, golden: Programme) -> None:
    statuses = {
        role: ask(action, user=make_member(golden, role, make_user(role))).status_code
        for role in ("executive", "consultant", "contributor", "observer", "location_manager")
    }
    assert statuses == {
        "executive": 200,
        "consultant": 200,
        "contributor": 404,
        "observer": 404,
        "location_manager": 404,
    }
    assert ask(action, user=make_user()).status_code == 404
