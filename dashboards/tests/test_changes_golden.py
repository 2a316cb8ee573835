"""Golden examples 2 and 3 through bundle, door, fold, cells and API: every number of a change."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from dashboards.tests.golden_bundles import EX2, EX3, MONTHS, bundle_2, bundle_3, load
from journeys.models import Journey
from journeys.tests.factories import make_user
from observations.pooling import pools_of
from observations.scores import read_scores
from observations.selection import Selection
from scoring.intervals import sse
from scoring.models import Framework, StageCell
from scoring.numbers import exact, x
from scoring.tests.golden_cases import FLOAT
from scoring.vector import VECTOR_FIELDS, Vector

WINDOWS = {"T1": "W1", "T2": "W2"}
PLACES = {"Paris": "PAR1", "Lyon": "LYO1"}
SIDES = {"B": ("W1", "PAR1"), "A": ("W2", "PAR1"), "CB": ("W1", "LYO1"), "CA": ("W2", "LYO1")}

Ask = Callable[..., Any]
pytestmark = pytest.mark.django_db


@pytest.fixture
def ex2(tmp_path: Path) -> Journey:
    return load(bundle_2(), tmp_path)


@pytest.fixture
def ex3(tmp_path: Path) -> Journey:
    return load(bundle_3(), tmp_path)


def ask(journey: Journey, call: str, **query: str) -> Any:
    """The one stage of the answer."""
    client = APIClient()
    client.force_authenticate(make_user(is_superuser=True))
    base = f"/api/v1/programmes/{journey.programme.slug}/journeys/{journey.key}"
    answer = client.get(f"{base}/{call}/", query)
    assert answer.status_code == 200, answer.content
    [stage] = answer.json()["stages"]
    return stage


def cell(wave: str, place: str | None, method: str = "mystery_visit") -> Vector:
    row = StageCell.objects.get(
        stage__key="S", method=method, month=MONTHS[wave], location__code=place
    )
    return Vector(*(getattr(row, name) for name in VECTOR_FIELDS))


def pools(journey: Journey) -> dict[str, Any]:
    return dict(pools_of(Framework.objects.get(), journey.stages.all()))


def test_example_2_cells_and_pools(ex2: Journey) -> None:
    for window, wave in WINDOWS.items():
        expected = EX2["cells"][window]
        for store, place in PLACES.items():
            vector = cell(wave, place)
            assert [vector.n, vector.S, vector.SS] == expected["mystery"][store]
            assert x(vector.S, vector.P, vector.Q) == EX2["expected"][window]["store_X"][store]
            assert (10 * vector.n,) * 2 + (100 * vector.n,) == (vector.P, vector.Q, vector.PP)
        vector = cell(wave, None, "verbatim")
        assert [vector.n, vector.S, vector.SS] == expected["verbatim"]
    found = pools(ex2)
    assert exact(found["mystery_visit"].v0) == EX2["v0"]["mystery"]
    assert found["mystery_visit"].df == EX2["v0"]["mystery_df"]
    assert exact(found["verbatim"].v0) == EX2["v0"]["verbatim"]
    assert found["verbatim"].df == EX2["v0"]["verbatim_df"]


@pytest.mark.parametrize("window", WINDOWS)
def test_example_2_scores_of_each_window(ex2: Journey, window: str) -> None:
    expected = EX2["expected"][window]
    stage = ask(ex2, "scores", wave=WINDOWS[window])
    visits, verbatims = stage["methods"]
    assert visits["crude_exact"] == str(expected["crude_X"])
    assert visits["score_exact"] == str(expected["standardised_X"])
    assert visits["interval"] == pytest.approx(expected["ci"], abs=FLOAT)
    assert verbatims["score_exact"] == str(expected["verbatim_X"])
    assert verbatims["interval"] == pytest.approx(expected["verbatim_ci"], abs=FLOAT)
    assert stage["score_exact"] == str(expected["consolidated"])
    assert stage["interval"] == pytest.approx(expected["consolidated_ci"], abs=FLOAT)
    months = MONTHS[WINDOWS[window]]
    method = read_scores(ex2, Selection(months, months)).reading.stages[0].methods[0]
    assert method.means is not None
    assert method.error is not None
    assert exact(method.means.S) == expected["standardised_S"]
    assert method.error.error**2 == pytest.approx(expected["V_S"])
    assert method.error.df == int(expected["df"])


def test_example_2_change(ex2: Journey) -> None:
    stage, expected = ask(ex2, "changes", before="W1", after="W2"), EX2["expected"]["change"]
    visits = stage["methods"][0]
    assert visits["crude_change_exact"] == str(expected["crude_mystery"])
    assert visits["change_exact"] == str(expected["standardised_mystery"])
    assert stage["change_exact"] == str(expected["consolidated"])
    assert stage["interval"] == pytest.approx(expected["consolidated_ci"], abs=FLOAT)
    assert stage["simpson"] is expected["simpson_flag"]
    assert stage["verdict"] == expected["verdict"].lower()
    for window, side in (("T1", "before"), ("T2", "after")):
        of_window = EX2["expected"][window]
        assert stage[f"{side}_exact"] == str(of_window["consolidated"])
        assert stage[f"{side}_interval"] == pytest.approx(of_window["consolidated_ci"], abs=FLOAT)
        assert visits[f"{side}_exact"] == str(of_window["standardised_X"])
        assert visits[f"{side}_interval"] == pytest.approx(of_window["ci"], abs=FLOAT)


def test_example_3_cells_and_pool(ex3: Journey) -> None:
    found = pools(ex3)["mystery_visit"]
    assert (exact(found.v0), found.df) == (EX3["v0"], EX3["v0_df"])
    for name, (wave, place) in SIDES.items():
        expected, vector = EX3["expected"][name], cell(wave, place)
        assert (vector.n, vector.S, vector.SS) == (expected["n"], expected["S"], expected["SS"])
        assert (6 * vector.n, 12 * vector.n) == (vector.P, vector.Q)
        assert exact(sse(vector)) == expected["SSE"]


@pytest.mark.parametrize("name", SIDES)
def test_example_3_scores_of_each_side(ex3: Journey, name: str) -> None:
    (wave, place), expected = SIDES[name], EX3["expected"][name]
    stage = ask(ex3, "scores", wave=wave, location=place)
    assert (stage["n"], stage["S"], stage["score_exact"]) == (
        expected["n"],
        expected["S"],
        expected["X"],
    )
    assert stage["interval"] == pytest.approx(expected["ci"], abs=FLOAT)


def test_example_3_change_beside_its_control(ex3: Journey) -> None:
    stage = ask(ex3, "changes", before="W1", after="W2", control="LYO1")
    expected = EX3["change"]
    for name, change, interval in (
        ("treated", "change", "interval"),
        ("control", "control_change", "control_interval"),
        ("did", "did", "did_interval"),
    ):
        assert [float(stage[change]), *stage[interval]] == pytest.approx(expected[name], abs=FLOAT)
    assert (stage["verdict"], stage["guard"]) == (expected["verdict"].lower(), "control")
    for name, side in (("B", "before"), ("A", "after")):
        of_side = EX3["expected"][name]
        assert stage[f"n_{side}"] == of_side["n"]
        assert stage[f"{side}_exact"] == of_side["X"]
        assert stage[f"{side}_interval"] == pytest.approx(of_side["ci"], abs=FLOAT)
    assert Fraction(stage["change_exact"]) == Fraction(1075, 36)
