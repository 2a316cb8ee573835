"""Nothing yet, one observation, a stage without a target, hundreds of places: every page says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.heat_map import MOST_ROWS
from journeys.models import Journey, Programme
from journeys.tests.factories import make_location, make_stage, make_touchpoint, make_wave
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework
from scoring.tests.factories import make_framework

ClientOf = Callable[[User], Client]
DASHBOARD = "/programmes/casa-nord/dashboard/"
JOURNEY = "/programmes/casa-nord/journeys/family-store/"
HEAT, TREND = f"{JOURNEY}heat-map/", f"{JOURNEY}trend/"
COMPARE, PRESENT = f"{JOURNEY}compare/", f"{JOURNEY}present/"
PAGES = (DASHBOARD, HEAT, f"{HEAT}?by=segment", TREND, COMPARE, PRESENT)
LONG = "A very long name & <b>bold</b> " * 3


@pytest.fixture
def client(executive: User, client_of: ClientOf) -> Client:
    return client_of(executive)


@pytest.fixture
def one(programme: Programme, framework: Framework) -> Programme:
    """One observation, in one of two waves that have begun."""
    make_wave(programme, "W1", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", first_month="2026-09", last_month="2026-10")
    submit(programme)
    fold_pending()
    return programme


@pytest.mark.parametrize("url", PAGES)
def test_without_a_framework(programme: Programme, client: Client, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200
    assert "no published framework" in page.content.decode()


@pytest.mark.parametrize("url", PAGES)
def test_without_data(framework: Framework, client: Client, url: str) -> None:
    page = client.get(url)
    assert page.status_code == 200
    assert "no published framework" not in page.content.decode()


def test_without_data_no_figure_is_made_up(framework: Framework, client: Client) -> None:
    context = client.get(DASHBOARD).context
    assert [one.text for one in context["figures"][:1]] == ["\N{EN DASH}"]
    assert "n = 0" in " ".join(context["figures"][0].notes)
    assert {gap.is_shown for gap in context["stages"]} == {False}
    assert "No wave has begun" in client.get(TREND).content.decode()
    assert "Not enough data yet" in client.get(PRESENT).content.decode()


@pytest.mark.parametrize(
    ("query", "words", "next_step"),
    [
        ("", "Nothing has been observed yet", "/programmes/casa-nord/visits/coverage/"),
        ("?channel=store", "No observation matches", f"{DASHBOARD}?journey=family-store"),
    ],
)
def test_without_data_the_next_step_is_told(
    framework: Framework, client: Client, query: str, words: str, next_step: str
) -> None:
    page = client.get(DASHBOARD + query).content.decode()
    told = page.partition("not-observed")[2].partition("</div>")[0]
    assert words in told and f'href="{next_step}"' in told
    submit(framework.journey.programme)
    for _state in ("waits", "is folded"):
        assert "not-observed" not in client.get(DASHBOARD).content.decode()
        fold_pending()


def test_one_observation_is_no_score_and_no_change(one: Programme, client: Client) -> None:
    figures = client.get(DASHBOARD).context["figures"]
    assert figures[0].text == "\N{EN DASH}"
    assert "n = 1" in " ".join(figures[0].notes)
    trend = client.get(f"{TREND}?panel=1")
    marks = trend.context["chart"].marks
    assert [(mark.wave.n, mark.y) for mark in marks] == [(0, ""), (1, "")]
    assert "nothing to compare with" in trend.content.decode()
    submit(one, observed_at="2026-04-03T10:30:00+02:00")
    fold_pending()
    trend = client.get(f"{TREND}?panel=1")
    assert trend.context["step"].text == "no verdict yet since W1"
    assert trend.context["step"].why.startswith("Withheld: no stage can be compared")
    row = client.get(f"{COMPARE}?compare=wave:W1").context["compared"].rows[0]
    assert (row.difference, row.first.score) == ("\N{EN DASH}", "\N{EN DASH}")
    assert row.verdict.startswith("Withheld: each window needs at least 5 observations")


def test_a_stage_without_a_target_has_no_gap(one: Programme, client: Client) -> None:
    for _number in range(5):
        submit(one)
    fold_pending()
    Framework.objects.get().interactions.filter(stage__key="S1").update(target=None)
    context = client.get(DASHBOARD).context
    untargeted = context["stages"][0]
    assert untargeted.is_shown and untargeted.score.gap is None
    assert untargeted.stage.key not in {wide.gap.stage.key for wide in context["gaps"]}
    assert "no target" in context["figures"][0].notes[0]
    cell = client.get(HEAT).context["rows"][-1].cells[0]
    assert (cell.tone, cell.words[-9:]) == ("untargeted", "no target")
    assert client.get(TREND).context["chart"].targets == ()
    assert client.get(PRESENT).status_code == 200


def test_a_location_without_visits_is_a_row_that_says_so(one: Programme, client: Client) -> None:
    rows = {row.name: row for row in client.get(HEAT).context["rows"]}
    assert {cell.text for cell in rows["LYO1"].cells} == {"n 0"}
    assert rows["LYO1"].journey is None
    page = client.get(f"{DASHBOARD}?location=LYO1")
    assert page.status_code == 200
    assert page.context["figures"][0].text == "\N{EN DASH}"


@pytest.mark.parametrize("query", ["wave=W1", "method=survey", "location=LYO1", "from=2027-01"])
def test_filters_that_match_nothing(one: Programme, client: Client, query: str) -> None:
    for url in (DASHBOARD, HEAT, TREND, f"{COMPARE}?compare=wave:W2", PRESENT):
        page = client.get(f"{url}{'&' if '?' in url else '?'}{query}")
        assert page.status_code == 200, url
    assert client.get(f"{TREND}?{query}").context["step"].arrow == ""


@pytest.mark.parametrize("query", ["wave=W9", "location=MARS", "from=x", "framework=7"])
def test_filters_that_do_not_exist(one: Programme, client: Client, query: str) -> None:
    for url in (DASHBOARD, HEAT, TREND, COMPARE, PRESENT):
        page = client.get(f"{url}?{query}")
        assert page.status_code == 422, url
        assert "A filter can't be read" in page.content.decode(), url


def test_hundreds_of_locations_and_forty_long_names(
    programme: Programme, journey: Journey, client: Client
) -> None:
    """Locations after the rows that are shown are counted, and not scored."""
    for number in range(4, 41):
        stage = make_stage(journey, f"S{number}", name=f"{LONG}{number}", criticality=3)
        make_touchpoint(stage, f"t-{number}")
    make_framework(journey)
    for number in range(200):
        make_location(programme, f"L{number:03}", name=f"{LONG}{number}", region=f"R{number}")
    make_wave(programme, "W1", name=LONG[:80], first_month="2026-09", last_month="2026-10")
    for _number in range(6):
        submit(programme, location="L000")
    fold_pending()
    for url in PAGES:
        page = client.get(url)
        assert page.status_code == 200, url
        assert "<b>bold</b>" not in page.content.decode(), url
    heat = client.get(HEAT)
    assert len(heat.context["rows"]) == MOST_ROWS
    assert heat.context["left_out"] == 202 - MOST_ROWS
    assert client.get(f"{HEAT}?by=region").context["left_out"] == 202 - MOST_ROWS
    stages = client.get(f"{JOURNEY}locations/").content.decode()
    assert "journeys-box" in stages, "forty stages to choose from fill no screen"


def test_a_few_stages_to_choose_from_stand_side_by_side(one: Programme, client: Client) -> None:
    assert "journeys-box" not in client.get(f"{JOURNEY}locations/").content.decode()
