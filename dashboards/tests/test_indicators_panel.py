"""The indicators beside the score on the executives' page."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_location, make_segment
from observations.folding import fold_pending
from observations.tests.factories import submit
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.models import Framework

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/dashboard/"


def test_those_with_a_place_in_their_order(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    second = make_indicator(programme, "csat", codir_rank=3)
    first = make_indicator(programme, codir_rank=1)
    make_indicator(programme, "ces2")
    make_segment(programme, "pro")
    count_nps(first, 50, 20, segment="family")
    count_nps(first, 0, 90, segment="pro")
    count(second, satisfied=8, answers=10)
    client = client_of(executive)
    answer = client.get(URL)
    lines = answer.context["indicators"]
    assert [(one.figure.definition.key, one.value) for one in lines] == [
        ("nps", "+30"),
        ("csat", "80\N{NO-BREAK SPACE}%"),
    ]
    assert lines[1].notes == ("all segments together: the counts don't tell them apart",)
    # The same number is the same on the page behind it.
    for line in lines:
        assert client.get(line.url).context["line"].value == line.value
    everything = client.get(answer.context["indicators_url"]).context["lines"]
    values = {one.figure.definition.key: one.value for one in everything}
    assert {one.figure.definition.key: values[one.figure.definition.key] for one in lines} == {
        one.figure.definition.key: one.value for one in lines
    }
    for line in everything:
        assert client.get(line.url).context["line"].value == line.value
    names = [one.name for one in answer.context["figures"]]
    assert names[3:5] == [one.figure.definition.name for one in lines]
    assert len(names) == 6


def test_six_figures_and_no_more(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    for number in range(1, 4):
        count(
            make_indicator(programme, "csat", key=f"c{number}", codir_rank=number),
            satisfied=number,
            answers=10,
        )
    answer = client_of(executive).get(URL)
    figures = answer.context["figures"]
    values = ["10\N{NO-BREAK SPACE}%", "20\N{NO-BREAK SPACE}%", "30\N{NO-BREAK SPACE}%"]
    assert [one.text for one in figures[2:5]] == values
    assert len(figures) == 6
    assert figures[-1].name == "Actions on time"
    # What gave way is still said.
    said = "0 observations counted · up to date · seen in 0 of 3 stages"
    assert said in answer.content.decode()


def test_in_how_many_stages_is_said_once_whatever_is_shown(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    submit(programme, answers={"S1-p": 1, "S2-p": 1})
    fold_pending()
    client, present = client_of(executive), "/programmes/casa-nord/journeys/family-store/present/"
    for number in range(1, 5):
        for page in (URL, present):
            assert client.get(page).content.decode().count("seen in 2 of 3 stages") == 1
        if number < 4:
            make_indicator(programme, "csat", key=f"c{number}", codir_rank=number)


def test_the_filters_of_the_page_hold(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    definition = make_indicator(programme, codir_rank=1)
    count_nps(definition, 50, 20, month="2026-03", location="PAR1")
    count_nps(definition, 50, 20, month="2026-04", location="LYO1")
    page = client_of(executive).get(f"{URL}?from=2026-04&region=ARA").context
    [line] = page["indicators"]
    assert line.n == "n = 100"
    assert line.url.endswith("figures/nps/?from=2026-04&region=ARA")
    assert page["indicators_url"].endswith("indicators/?from=2026-04&region=ARA&segment=family")


def test_three_queries_however_much_was_counted(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    queries()
    none = queries()
    definition = make_indicator(programme, codir_rank=1)
    count_nps(definition, 50, 20)
    few = queries()
    assert few - none <= 2  # the waves and the counts; the definitions are asked for anyway
    for number in range(2):
        make_location(programme, f"NEW{number}")
        count_nps(definition, 50, 20, location=f"NEW{number}")
        count(
            make_indicator(programme, "csat", key=f"c{number}", codir_rank=number + 2),
            satisfied=1,
            answers=2,
        )
    assert queries() == few
