"""The document of the experience curve is what Plotly takes: its own schema is asked."""

from __future__ import annotations

import json
from collections.abc import Callable

import plotly.graph_objects as go
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Journey, Programme
from journeys.tests.factories import make_stage
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]


LONG = "Compares the ranges with what was seen on the website and in other shops"


@pytest.fixture
def measured_with_long_name(
    programme: Programme,
    journey: Journey,
    curves: dict[str, str],
    executive: User,
    client_of: ClientOf,
) -> dict[str, str]:
    make_stage(journey, "S5", name=LONG)
    answer = client_of(executive).get(reverse("dashboards:dashboard", args=[programme.slug]))
    found: dict[str, str] = answer.context["curves"]
    return found


@pytest.fixture
def curves(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    executive: User,
    client_of: ClientOf,
) -> dict[str, str]:
    """Three stages with scores and one that nobody has seen."""
    for _number in range(6):
        submit(programme)
    fold_pending()
    make_stage(journey, "S4")
    answer = client_of(executive).get(reverse("dashboards:dashboard", args=[programme.slug]))
    found: dict[str, str] = answer.context["curves"]
    return found


@pytest.mark.parametrize("way", ["across", "down"])
def test_plotly_knows_every_property(curves: dict[str, str], way: str) -> None:
    """`go.Figure` raises on a property or a value that Plotly does not know."""
    said = json.loads(curves[way])
    understood = json.loads(go.Figure(said).to_json())
    del understood["layout"]["template"]
    assert understood == said


def test_a_stage_is_where_its_score_is(curves: dict[str, str]) -> None:
    across, down = (json.loads(curves[way]) for way in ("across", "down"))
    points = next(one for one in across["data"] if one.get("mode") == "markers")
    turned = next(one for one in down["data"] if one.get("mode") == "markers")
    assert (points["x"], points["y"]) == (turned["y"], turned["x"])
    line = next(one for one in across["data"] if one.get("line", {}).get("width") == 2.2)
    assert [line["y"][place] for place in points["x"]] == points["y"]


def test_a_broad_page_writes_longer_lines_of_a_name(
    measured_with_long_name: dict[str, str],
) -> None:
    layout = json.loads(measured_with_long_name["down"])["layout"]
    assert layout["yaxis"]["ticktext"][-1].endswith(" …")
    assert layout["meta"]["names"][-1].replace("<br>", " ") == LONG
