"""The heat map: signed distance to the target, hatched where too few, each cell leading to its evidence."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.test import Client

from accounts.models import User
from dashboards.heat_map import MOST_ROWS, tone_of
from journeys.models import Programme
from journeys.tests.factories import make_location
from observations.folding import fold_pending
from observations.tests.factories import submit

ClientOf = Callable[[User], Client]
PAGE = "/programmes/casa-nord/journeys/family-store/heat-map/"
pytestmark = pytest.mark.usefixtures("framework")


@pytest.mark.parametrize(
    ("delta", "tone"),
    [
        (Fraction(0), "at"),
        (Fraction(-499, 100), "at"),
        (Fraction(-5), "below-1"),
        (Fraction(-20), "below-2"),
        (Fraction(-40), "below-3"),
        (Fraction(199, 10), "above-1"),
        (Fraction(20), "above-2"),
        (Fraction(100), "above-3"),
    ],
)
def test_the_colour_follows_the_distance(delta: Fraction, tone: str) -> None:
    assert tone_of(delta) == tone


def test_a_cell_leads_to_the_evidence_of_its_location(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    for _ in range(6):
        submit(programme, location="PAR1")
    submit(programme, location="LYO1")
    fold_pending()
    client = client_of(executive)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    lyon, paris = answer.context["rows"]
    cell = paris.cells[1]
    assert cell.url == "/programmes/casa-nord/journeys/family-store/scores/S2/?location=PAR1"
    gap = client.get(cell.url).context["gap"]
    assert cell.words.startswith(f"{gap.score_text}, {gap.class_word}, target {gap.target_text}")
    assert (cell.n, lyon.cells[1].tone) == ("n = 6", "hatched")
    assert lyon.cells[1].text == "n 1"
    assert lyon.journey is None


def test_the_panel_of_the_dashboard_is_the_same_table(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    for _ in range(6):
        submit(programme)
    fold_pending()
    client = client_of(executive)
    page = client.get("/programmes/casa-nord/dashboard/?method=mystery_visit").content.decode()
    assert f'hx-get="{PAGE}?method=mystery_visit&amp;panel=1"' in page
    panel = client.get(f"{PAGE}?method=mystery_visit&panel=1")
    assert panel.context["rows"] == client.get(f"{PAGE}?method=mystery_visit").context["rows"]
    assert "<html" not in panel.content.decode()
    compared = client.get(f"{PAGE}?method=mystery_visit&compare=wave:W1&by=region&panel=1")
    [chosen] = [one for one in compared.context["choices"] if one.is_chosen]
    assert chosen.address == (
        "/programmes/casa-nord/dashboard/?journey=family-store&method=mystery_visit"
        "&compare=wave%3AW1&by=region"
    )
    html = compared.content.decode()
    assert f'hx-push-url="{chosen.address}"'.replace("&", "&amp;") in html
    assert f'href="{PAGE}?by=region&amp;method=mystery_visit"' in html


def test_too_many_rows_ask_for_a_region(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    for number in range(MOST_ROWS):
        make_location(programme, f"L{number}")
    answer = client_of(executive).get(PAGE)
    assert len(answer.context["rows"]) == MOST_ROWS
    assert "2 more rows are not shown" in answer.content.decode()


@pytest.mark.parametrize("asked", ["by=colour", "location=NOWHERE", "by=wave&wave=W9"])
def test_what_can_t_be_read_is_said(
    asked: str, executive: User, client_of: ClientOf, programme: Programme
) -> None:
    answer = client_of(executive).get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_cell_of_a_region_whose_name_holds_a_comma_leads_to_its_evidence(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    programme.locations.filter(code="PAR1").update(region="Paris, Nord")
    submit(programme, location="PAR1")
    submit(programme, location="LYO1")
    fold_pending()
    client = client_of(executive)
    rows = client.get(f"{PAGE}?by=region").context["rows"]
    [row] = [one for one in rows if one.name == "Paris, Nord"]
    assert client.get(row.cells[0].url).status_code == 200
