"""Indicators on their pages: figures, what they rest on, and as far as one may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_location, make_segment, make_wave
from observations.models import IndicatorDefinition
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.wording import UNKNOWN

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/indicators/"
NPS = f"{URL}figures/nps/"


@pytest.fixture
def counted(programme: Programme) -> IndicatorDefinition:
    """Two waves at two locations: Paris gets better beyond doubt, Lyon does not move."""
    make_wave(programme, "W1", name="Spring", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", name="Summer", first_month="2026-06", last_month="2026-08")
    definition = make_indicator(programme, target_hundredths=3000, codir_rank=1)
    count_nps(definition, 30, 40, month="2026-03", location="PAR1", segment="family")
    count_nps(definition, 70, 10, month="2026-06", location="PAR1", segment="family")
    count_nps(definition, 40, 40, month="2026-04", location="LYO1")
    count_nps(definition, 40, 40, month="2026-07", location="LYO1")
    return definition


def test_a_figure_with_all_that_makes_it_honest(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    [line] = client_of(executive).get(URL).context["lines"]
    assert (line.value, line.n, line.target, line.gap) == ("+12", "n = 400", "+30", "18 pts")
    assert line.interval == "[4, 21]"
    assert line.change.arrow == "↗"
    assert line.change.text == "Summer against Spring: +35 pts"
    assert line.change.word == "real improvement"


def test_no_arrow_where_chance_would_do(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(f"{URL}?location=LYO1&wave=W2")
    [line] = answer.context["lines"]
    assert (line.value, line.change.arrow, line.change.word) == ("0", "", "no real change shown")
    assert "↗" not in answer.content.decode()


def test_one_indicator_by_wave_segment_and_location(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    answer = client_of(executive).get(NPS)
    tables = {table.facet: table.lines for table in answer.context["tables"]}
    assert [(one.name, one.value) for one in tables["wave"]] == [
        ("Spring", "-5"),
        ("Summer", "+30"),
    ]
    assert tables["wave"][1].change.arrow == "↗"
    assert [(one.name, one.value) for one in tables["location"]] == [("LYO1", "0"), ("PAR1", "+25")]
    assert [one.name for one in tables["segment"]] == ["Family", "not told"]
    assert "channel" not in tables  # nothing to tell apart


def test_how_it_was_computed_is_two_clicks_away(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    [line] = client.get(URL).context["lines"]
    answer = client.get(line.url)
    formulas = {one.symbol: one.text for one in answer.context["formulas"]}
    assert formulas["NPS"] == "100 · (180 - 130) / 400 = 12.5"
    assert formulas["gap"] == "30 - 12.5 = 17.5"
    assert "√" in answer.context["change_formulas"][1].text
    assert f"{NPS}readings/" in answer.content.decode()
    rows = client.get(f"{NPS}readings/").context["rows"]
    assert [row.reading.month for row in rows] == ["2026-07", "2026-06", "2026-04", "2026-03"]
    assert rows[0].counts[0] == ("Promoters (9-10)", "40")


@pytest.mark.parametrize(
    ("kind", "counts", "value", "symbols"),
    [
        ("ces1", {"a1": 12, "a2": 9, "a3": 6, "a4": 2, "a5": 1}, "2.0", ["mean", "s²", "95 %, t"]),
        ("csat", {"satisfied": 74, "answers": 107}, "69 %", ["%", "95 %, Wilson"]),
        ("retention", {"start": 1200, "end": 1230, "new": 270}, "80.0 %", ["%", "95 %, Wilson"]),
        (
            "recruitment",
            {"new": 270, "end": 1230},
            "261",
            ["in 30 days", "95 %, Poisson", "%", "95 %, Wilson"],
        ),
        ("basket", {"transactions": 8, "revenue": 27_000}, "33.75 €", ["mean, in cents", "95 %"]),
        (
            "basket",
            {"transactions": 8, "revenue": 27_000, "squares": 131_119_200},
            "34 €",
            ["mean, in cents", "s²", "95 %, t"],
        ),
    ],
)
def test_every_kind_says_how_it_was_computed(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    kind: str,
    counts: dict[str, int],
    value: str,
    symbols: list[str],
) -> None:
    count(make_indicator(programme, kind), "2026-03", "", "", "", **counts)
    answer = client_of(executive).get(f"{URL}figures/{kind}/")
    assert answer.context["line"].value.replace("\N{NO-BREAK SPACE}", " ") == value
    assert [one.symbol for one in answer.context["formulas"]] == symbols


def test_too_few_answers_are_said_and_not_shown(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    count(make_indicator(programme), promoters=3, passives=0, detractors=0)
    [line] = client_of(executive).get(URL).context["lines"]
    assert (line.value, line.interval, line.n) == (UNKNOWN, "", "n = 3, 2 more needed")


def test_a_version_that_was_replaced_keeps_its_figures(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    counted.replaced_at, counted.codir_rank = timezone.now(), None
    counted.save()
    make_indicator(counted.programme, edition=2)
    client = client_of(executive)
    assert client.get(NPS).context["line"].n == "n = 0, 5 more needed"
    former = client.get(f"{NPS}?version=1")
    assert former.context["line"].n == "n = 400"
    assert "replaced on" in former.content.decode()
    for version in ("3", "x", "9999999999"):
        assert client.get(f"{NPS}?version={version}").status_code == 404


@pytest.mark.parametrize("query", ["wave=W9", "from=2026-13", "location=MARS", "segment=none"])
def test_a_filter_that_cannot_be_read_is_named(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf, query: str
) -> None:
    for url in (URL, NPS):
        answer = client_of(executive).get(f"{url}?{query}")
        assert answer.status_code == 422
        assert query.partition("=")[0] in answer.context["form"].errors
        assert "no figure is shown" in answer.content.decode()


def test_location_managers_see_their_own_locations(
    counted: IndicatorDefinition, location_manager: User, client_of: ClientOf
) -> None:
    client = client_of(location_manager)
    [line] = client.get(URL).context["lines"]
    assert (line.value, line.n) == ("+25", "n = 200")
    page = client.get(NPS).content.decode() + client.get(f"{NPS}readings/").content.decode()
    assert "LYO1" not in page
    assert client.get(f"{URL}?location=LYO1").status_code == 422


def test_an_empty_programme_says_what_to_do(
    programme: Programme, consultant: User, executive: User, client_of: ClientOf
) -> None:
    page = client_of(consultant).get(URL).content.decode()
    assert "No indicator yet" in page
    assert f"{URL}definitions/new/" in page
    assert "definitions/new/" not in client_of(executive).get(URL).content.decode()


def test_htmx_gets_the_content_alone(
    counted: IndicatorDefinition, executive: User, client_of: ClientOf
) -> None:
    fragment = client_of(executive).get(URL, HTTP_HX_REQUEST="true").content.decode()
    assert fragment.strip().startswith('<div id="indicator-list">')


@pytest.mark.parametrize("path", ["", "figures/nps/", "figures/nps/readings/", "definitions/"])
def test_query_counts_do_not_grow(
    counted: IndicatorDefinition, lead: User, client_of: ClientOf, path: str
) -> None:
    client = client_of(lead)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL + path).status_code == 200
        return len(captured)

    programme = counted.programme
    make_indicator(programme, "recruitment")
    make_segment(programme, "pro")
    queries()
    few = queries()
    for number in range(4):
        make_location(programme, f"NEW{number}")
        make_indicator(programme, "csat", key=f"csat-{number}")
        count_nps(counted, 40, 20, month="2026-05", location=f"NEW{number}", segment="pro")
    make_wave(programme, "W3", first_month="2026-09", last_month="2026-10")
    assert queries() == few
