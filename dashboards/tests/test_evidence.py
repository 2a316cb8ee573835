"""Behind a score: sums, formula, methods and levels, on the same filters; and the map's lanes."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from dashboards.lanes import experience_cells, gap_cells
from dashboards.steps import step_states
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
BASE = "/programmes/casa-nord/journeys/family-store/scores/"


def measure(programme: Programme, times: int = 5) -> None:
    for _number in range(times):
        submit(programme)
    fold_pending()


def test_sums_formula_methods_and_levels(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    measure(programme)
    submit(programme, method="survey")
    fold_pending()
    answer = client_of(executive).get(BASE + "S1/")
    assert answer.context["formula"] == "100 · 5 / 25 = 20"
    assert answer.context["is_plain"] is True
    assert answer.context["held_back_points"] == ""
    used = {line.name: (line.n, line.used, line.why_not) for line in answer.context["methods"]}
    assert used == {
        "Mystery visit": (5, True, ""),
        "Survey": (1, False, "too few observations"),
    }
    score = answer.context["gap"].score
    lines = answer.context["interactions"]
    assert sum(line.earned + line.lost for line in lines) == score.sums.raw == 5
    performance = next(one for one in lines if one.interaction.key == "S1-p")
    counts = {level.answer: (level.count, level.points) for level in performance.levels}
    assert counts["+1"] == (5, 5)


def test_the_link_to_the_observations_keeps_the_filters(
    programme: Programme,
    framework: Framework,
    consultant: User,
    executive: User,
    client_of: ClientOf,
) -> None:
    url = BASE + "S1/?location=PAR1"
    wanted = "/programmes/casa-nord/observations/?journey=family-store&stage=S1&location=PAR1"
    assert client_of(consultant).get(url).context["observations"] == wanted
    assert client_of(executive).get(url).context["observations"] == ""


def test_too_few_observations_show_sums_and_no_score(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    measure(programme, times=2)
    answer = client_of(executive).get(BASE + "S1/")
    assert "explained_score" not in answer.context
    assert answer.context["gap"].score.sums.n == 2
    page = answer.content.decode()
    assert "Too little was observed for a score." in page
    assert "100 · 2" not in page
    assert answer.context["methods"][0].formulas == ()


def test_bad_filters_unknown_stages_and_strangers(
    programme: Programme,
    framework: Framework,
    executive: User,
    observer: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    assert client_of(executive).get(BASE + "S1/?wave=W9").status_code == 422
    assert client_of(executive).get(BASE + "S9/").status_code == 404
    assert client_of(observer).get(BASE + "S1/").status_code == 404
    assert client_of(outsider).get(BASE + "S1/").status_code == 404


def test_a_stage_outside_the_perimeter_says_so(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    executive: User,
    client_of: ClientOf,
) -> None:
    journey.stages.filter(key="S1").update(in_perimeter=False)
    assert "is not scored" in client_of(executive).get(BASE + "S1/").content.decode()


def test_lanes_print_what_the_pages_print_and_read_once(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    executive: User,
    client_of: ClientOf,
) -> None:
    measure(programme)
    page = client_of(executive).get(BASE + "S1/")
    access = access_of(executive, programme)
    with CaptureQueriesContext(connection) as first:
        curve = experience_cells(journey, access)
    with CaptureQueriesContext(connection) as second:
        gaps = gap_cells(journey, access)
    assert len(first) > 0
    assert len(second) == 0
    gap = page.context["gap"]
    assert curve["S1"].text == gap.score_text  # type: ignore[union-attr]
    assert gaps["S1"].text == gap.gap_text  # type: ignore[union-attr]
    assert curve["S1"].url == BASE + "S1/"  # type: ignore[union-attr]


def test_lanes_show_nothing_below_the_minimum(
    programme: Programme, journey: Journey, framework: Framework, executive: User
) -> None:
    measure(programme, times=2)
    cell = experience_cells(journey, access_of(executive, programme))["S1"]
    assert (cell.value, cell.n, cell.needed) == (None, 2, 5)  # type: ignore[union-attr]


def test_the_stepper_tells_freshness(
    programme: Programme, framework: Framework, executive: User, observer: User
) -> None:
    [step] = step_states(access_of(executive, programme))
    assert (step.state, step.summary) == ("empty", "nothing measured yet")
    measure(programme, times=1)
    [step] = step_states(access_of(executive, programme))
    assert (step.state, step.summary) == ("started", "up to date")
    assert step_states(access_of(observer, programme)) == []
