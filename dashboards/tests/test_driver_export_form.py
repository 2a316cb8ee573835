"""Asking for the chart of an indicator: offered beside it, and what can't be read is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from dashboards.driver_exports import DriverExport
from dashboards.tests.test_driver_exports import EXPORT, ask
from dashboards.tests.test_drivers_page import URL, locations
from journeys.models import Document, Journey, Programme
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.models import Framework

ClientOf = Callable[[User], Client]


def test_the_panel_of_the_chart_offers_it_with_what_the_page_shows(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    locations(programme, make_indicator(programme), 2)
    make_indicator(programme, "csat")
    page = client_of(executive).get(URL, {"indicator": "nps", "stage": "S2", "location": "L000"})
    text = page.content.decode()
    form = text[text.index(f'action="{EXPORT}"') :].split("</form>")[0]
    for name, value in {
        "journey": "family-store",
        "location": "L000",
        "export-indicator": "nps",
        "export-stage": "S2",
    }.items():
        assert f'type="hidden" name="{name}" value="{value}"' in form
    assert all(f'<option value="{export}"' in form for export in DriverExport.values)
    assert "export-by" not in form


def test_a_chart_without_points_says_so(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    count_nps(make_indicator(programme), 50, 20, location="PAR1")
    text = client_of(executive).get(URL).content.decode()
    assert "No location has both a score of this stage" in text and "data-curve" not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"export-indicator": "none"}, "No indicator of the programme has this key."),
        ({"export-indicator": ""}, "This field is required."),
        ({"export-stage": "none"}, "No stage of the perimeter has this key."),
        ({"export-stage": ""}, "This field is required."),
        ({"export-document": "curve-png"}, "curve-png is not one of the available choices"),
        ({"export-language": "de"}, "de is not one of the available choices"),
        ({"wave": "W9"}, "No wave of the programme has this key."),
        ({"journey": "none"}, "No journey of the perimeter has this key."),
        ({"from": "\x00"}, "A month, written YYYY-MM."),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_kept(
    programme: Programme,
    framework: Framework,
    executive: User,
    client_of: ClientOf,
    changes: dict[str, str],
    said: str,
) -> None:
    make_indicator(programme, "csat")
    make_indicator(programme)
    chosen = {"export-document": "drivers-png", "export-stage": "S2", "export-language": "fr"}
    answer = ask(client_of(executive), **{"location": "PAR1", **chosen, **changes})
    assert answer.status_code == 422 and not Document.objects.exists()
    text = answer.content.decode()
    assert said in text and 'role="alert"' in text
    assert '<input type="hidden" name="location" value="PAR1">' in text
    kept = {"export-indicator": "nps", **chosen}
    for name in set(kept) - set(changes):
        assert f'<option value="{kept[name]}" selected>' in text


def test_the_way_back_has_what_can_be_read(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    make_indicator(programme)
    answer = ask(client_of(executive), location="PAR1", **{"export-stage": "none"})
    assert answer.context["back"] == f"{URL}?journey=family-store&indicator=nps&location=PAR1"
    assert client_of(executive).get(answer.context["back"]).status_code == 200


def test_its_own_page_takes_what_the_address_says(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    make_indicator(programme, "csat")
    make_indicator(programme)
    query = {"indicator": "nps", "stage": "S3", "location": "PAR1"}
    answer = client_of(executive).get(EXPORT, query)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert '<option value="nps" selected>' in text and '<option value="S3" selected>' in text
    assert client_of(executive).get(EXPORT, {"wave": "W9"}).status_code == 422


def test_without_an_indicator_it_teaches(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    assert "A link can be looked for once" in client.get(EXPORT).content.decode()
    answer = ask(client)
    assert answer.status_code == 422 and "A link can be looked for" in answer.content.decode()


def test_without_a_framework_it_teaches(
    programme: Programme, journey: Journey, executive: User, client_of: ClientOf
) -> None:
    make_indicator(programme)
    client = client_of(executive)
    assert "Nothing can be scored yet" in client.get(EXPORT).content.decode()
    answer = ask(client)
    assert answer.status_code == 422 and "Nothing can be scored yet" in answer.content.decode()
    assert not Document.objects.exists()
