"""The store shrinkage of golden example 3, through the bundle, the door, the fold, the cells and the API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from dashboards.tests.league_bundle import POINTS, answers, league_bundle
from journeys.tests.factories import make_user
from observations.folding import fold_pending
from scoring.tests.golden_cases import FLOAT, golden

CASE = golden("ex3_remeasure_and_indicators.json")["store_shrinkage"]
JOURNEY = "/api/v1/programmes/golden-3/journeys/visit/"


@pytest.fixture
def api(db: None, tmp_path: Path) -> APIClient:
    file = tmp_path / "golden-3.json"
    file.write_text(json.dumps(league_bundle()))
    call_command("load_programme", str(file))
    fold_pending()
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    return client


@pytest.fixture
def league(api: APIClient) -> dict[str, Any]:
    document: dict[str, Any] = api.get(f"{JOURNEY}locations/?stage=S1").json()
    return document


def test_the_visits_are_those_of_the_example() -> None:
    for code, (n, score) in CASE["stores"].items():
        points = POINTS[code]
        assert (len(points), 5 * sum(points)) == (n, n * score)
        mean = score / 5
        assert sum((one - mean) ** 2 for one in points) * 25 == CASE["sigma2"] * (n - 1)
        for one in points:
            given = answers(one)
            assert 3 * given["i1"] + 3 * given["i2"] + given["i3"] == one


def test_every_number_of_the_example(league: dict[str, Any]) -> None:
    common = league["shrinkage"]
    assert (common["difference"], common["p_value"]) == ("shown", pytest.approx(0.0003, abs=1e-4))
    assert common["fixed_mean"] == pytest.approx(CASE["mu_fixed"], abs=FLOAT)
    assert common["heterogeneity"] == pytest.approx(CASE["Q"], abs=FLOAT)
    assert common["tau2"] == pytest.approx(CASE["tau2"], abs=FLOAT)
    assert common["mean"] == pytest.approx(CASE["mu"], abs=FLOAT)
    rows = {row["location"]: row for row in league["locations"]}
    assert rows.keys() == CASE["stores"].keys()
    for code, (n, score) in CASE["stores"].items():
        assert (rows[code]["n"], rows[code]["score_exact"]) == (n, str(score))
        assert rows[code]["variance"] == pytest.approx(CASE["sigma2"] / n, abs=FLOAT)
        assert rows[code]["shrunk"] == pytest.approx(CASE["shrunk"][code], abs=FLOAT)


def test_ranked_by_what_is_shrunk(league: dict[str, Any]) -> None:
    assert [(row["rank"], row["location"]) for row in league["locations"]] == [
        (1, "D"),
        (2, "C"),
        (3, "B"),
        (4, "A"),
    ]
    assert (league["stage"], league["needed"], league["compared"]) == ("S1", 3, 4)
    assert (league["like_for_like"], league["hidden"], league["unlocated"]) == (True, False, 0)


def test_the_own_score_is_that_of_the_filter(api: APIClient, league: dict[str, Any]) -> None:
    for row in league["locations"]:
        scores = api.get(f"{JOURNEY}scores/?location={row['location']}").json()
        [stage] = scores["stages"]
        for name in ("n", "S", "P", "Q", "score", "score_exact", "interval", "evidence"):
            assert row[name] == stage[name], name


def test_one_stage_alone_is_the_whole_journey(api: APIClient, league: dict[str, Any]) -> None:
    whole = api.get(f"{JOURNEY}locations/").json()
    assert whole["stage"] is None
    assert whole["locations"] == league["locations"]
    assert whole["shrinkage"] == league["shrinkage"]
