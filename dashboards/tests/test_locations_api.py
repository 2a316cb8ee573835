"""The league by API: which rows are shown and to whom, what is left out, and at what cost."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_channel, make_location
from observations.folding import fold_pending
from observations.models import Reading
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework, Interaction
from scoring.numbers import x

BASE = "/api/v1/programmes/casa-nord/journeys/family-store/"
Ask = Callable[..., Any]
pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def ask(executive: User) -> Ask:
    def call(user: User = executive, call: str = "locations", **query: str) -> Any:
        client = APIClient()
        client.force_authenticate(user)
        return client.get(f"{BASE}{call}/", query)

    return call


def visit(programme: Programme, location: str | None, times: int = 5, **changed: Any) -> None:
    """Visits that differ a little, so that their variance is their own."""
    given = {name.replace("_", "-"): value for name, value in changed.items()}
    method = given.pop("method", "mystery_visit")
    for number in range(times):
        answers = {**ANSWERS, "S2-p": number % 2, **given}
        submit(programme, location=location, method=method, answers=answers)


def four_locations(programme: Programme) -> None:
    for code in ("LIL1", "NCE1"):
        make_location(programme, code, region="IDF" if code == "LIL1" else "PACA")
    visit(programme, "PAR1", S1_p=2, S1_d=3)
    visit(programme, "LYO1", S1_p=-1, S1_b=-2)
    visit(programme, "LIL1", S1_p=1)
    visit(programme, "NCE1", S1_p=0)
    fold_pending()


def codes(answer: Any) -> list[str]:
    return [row["location"] for row in answer.json()["locations"]]


def test_a_filter_chooses_the_rows_and_never_who_is_compared(
    programme: Programme, ask: Ask
) -> None:
    four_locations(programme)
    whole = ask(stage="S1").json()
    assert [row["rank"] for row in whole["locations"]] == [1, 2, 3, 4]
    assert codes(ask(stage="S1")) == ["PAR1", "LIL1", "NCE1", "LYO1"]
    part = ask(stage="S1", region="IDF").json()
    assert part["locations"] == whole["locations"][:2]
    assert (part["shrinkage"], part["compared"]) == (whole["shrinkage"], 4)
    assert ask(stage="S1", location="LYO1").json()["locations"] == whole["locations"][3:]


def test_a_location_manager_reads_own_rows_and_what_all_have_in_common(
    programme: Programme, ask: Ask, location_manager: User
) -> None:
    four_locations(programme)
    whole, own = ask(stage="S1").json(), ask(location_manager, stage="S1").json()
    assert own["locations"] == [whole["locations"][0]]
    assert (own["hidden"], own["shrinkage"]) == (False, whole["shrinkage"])
    assert ask(location_manager, stage="S1", location="LYO1").status_code == 400


def test_fewer_than_three_others_are_not_given_away(
    programme: Programme, ask: Ask, location_manager: User
) -> None:
    four_locations(programme)
    programme.locations.get(code="NCE1").memberships.add(location_manager.memberships.get())
    answer = ask(location_manager, stage="S1", location="PAR1").json()
    assert (answer["hidden"], answer["shrinkage"]) == (True, None)
    [own] = answer["locations"]
    assert (own["location"], own["rank"], own["shrunk"], own["kept"]) == ("PAR1", None, None, None)
    assert own["score"] is not None
    assert codes(ask(location_manager, stage="S1")) == ["PAR1", "NCE1"]
    assert ask(stage="S1").json()["hidden"] is False


def test_too_few_observations_and_none_at_all_are_listed_without_a_score(
    programme: Programme, ask: Ask
) -> None:
    make_location(programme, "NEW1")
    visit(programme, "PAR1")
    visit(programme, "LYO1", times=3)
    visit(programme, None, times=2)
    fold_pending()
    answer = ask(stage="S1").json()
    assert answer["unlocated"] == 2
    assert (answer["compared"], answer["shrinkage"]) == (1, None)
    rows = {row["location"]: row for row in answer["locations"]}
    for code, n, missing in (("LYO1", 3, 2), ("NEW1", 0, 5)):
        row = rows[code]
        # Sums are counts, and stand however few; the visits at LYO1 add up to 2 of S1-p, 0 of S1-d.
        assert (row["S"], row["P"]) == ((3, 15) if n else (0, 0))
        assert (row["n"], row["missing"]) == (n, missing)
        assert (row["rank"], row["score"], row["interval"], row["shrunk"]) == (None,) * 4


def test_the_whole_journey_is_the_cumulative_score_of_the_location(
    programme: Programme, ask: Ask
) -> None:
    four_locations(programme)
    for row in ask().json()["locations"]:
        journey = ask(call="scores", location=row["location"]).json()["journey_score"]
        assert row["score_exact"] == journey["cumulative_exact"]
        assert row["interval"] == journey["cumulative_interval"]


def test_methods_add_up_where_each_is_used_in_a_stage(programme: Programme, ask: Ask) -> None:
    """At LYO1 shadowing saw too little to be used, at BOD1 neither method did."""
    four_locations(programme)
    visit(programme, "PAR1", times=6, method="shadowing", S1_p=-1, S1_b=-2)
    visit(programme, "LYO1", times=2, method="shadowing", S1_p=2)
    make_location(programme, "BOD1")
    visit(programme, "BOD1", times=3)
    visit(programme, "BOD1", times=3, method="shadowing")
    fold_pending()
    answer = ask().json()
    rows = {row["location"]: row for row in answer["locations"]}
    for code in ("PAR1", "LYO1", "LIL1", "NCE1"):
        own = ask(call="scores", location=code).json()["journey_score"]
        assert rows[code]["score_exact"] == own["cumulative_exact"]
    par, lyo, few = rows["PAR1"], rows["LYO1"], rows["BOD1"]
    assert (par["n"], par["methods"]) == (11, ["mystery_visit", "shadowing"])
    assert Fraction(par["score_exact"]) == x(par["S"], par["P"], par["Q"])
    assert par["variance"] > 0
    assert (lyo["n"], lyo["methods"]) == (5, ["mystery_visit"])
    assert (few["n"], few["missing"], few["score"], few["methods"]) == (6, 2, None, [])
    assert answer["like_for_like"] is False


def test_readings_count_at_their_own_location(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    four_locations(programme)
    Reading.objects.create(
        framework=framework,
        interaction=Interaction.objects.get(framework=framework, key="S1-p"),
        method="web_analytics",
        location=programme.locations.get(code="PAR1"),
        month="2026-10",
        counts={"-1": 90, "0": 10},
    )
    answer = ask(stage="S1").json()
    assert answer["like_for_like"] is False
    for row in answer["locations"]:
        [stage, *_] = ask(call="scores", location=row["location"]).json()["stages"]
        assert (row["score_exact"], row["interval"]) == (stage["score_exact"], stage["interval"])


def test_a_channel_needs_a_stage_and_a_stage_must_be_known(programme: Programme, ask: Ask) -> None:
    visit(programme, "PAR1")
    fold_pending()
    assert ask(channel="store").status_code == 400
    assert ask(stage="S9").status_code == 400
    assert ask(stage="S1", wave="W9").status_code == 400
    rows = {
        row["location"]: row["n"] for row in ask(stage="S1", channel="store").json()["locations"]
    }
    assert rows == {"PAR1": 5, "LYO1": 0}
    make_channel(programme, "web")
    rows = {row["location"]: row["n"] for row in ask(stage="S1", channel="web").json()["locations"]}
    assert rows == {"PAR1": 0, "LYO1": 0}


def test_a_journey_without_framework_has_no_league(
    programme: Programme, framework: Framework, ask: Ask
) -> None:
    Framework.objects.filter(pk=framework.pk).update(status="draft")
    answer = ask().json()
    assert (answer["locations"], answer["shrinkage"]) == ([], None)


def test_queries_do_not_grow_with_locations(programme: Programme, ask: Ask) -> None:
    visit(programme, "PAR1", S1_p=2)
    visit(programme, "LYO1", S1_p=-1)
    fold_pending()
    counts = []
    for more in ((), ("LIL1", "NCE1")):
        for code in more:
            make_location(programme, code)
            visit(programme, code)
        fold_pending()
        with CaptureQueriesContext(connection) as asked:
            assert ask(stage="S1").json()["compared"] == 2 + len(more)
        counts.append(len(asked))
    assert counts[0] == counts[1]
