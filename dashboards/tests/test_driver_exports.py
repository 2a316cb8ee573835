"""The chart of an indicator beside a stage, taken away: the rows and the rights of its page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from dashboards.driver_exports import DriverExport
from dashboards.tests.test_drivers_page import URL, locations
from dashboards.tests.test_locations_api import visit
from journeys import documents
from journeys.models import Document, Membership, Programme
from journeys.tests.factories import make_wave
from observations.folding import fold_pending
from observations.models import IndicatorDefinition
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.models import Framework
from scoring.numbers import decimal6

ClientOf = Callable[[User], Client]
EXPORT = URL + "export/"
pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def ask(client: Client, document: str = "drivers-csv", **changes: str) -> Any:
    asked = {
        "journey": "family-store",
        "export-document": document,
        "export-indicator": "nps",
        "export-stage": "S1",
        "export-language": "en",
    }
    return client.post(EXPORT, asked | changes)


def made(client: Client, document: str = "drivers-csv", **changes: str) -> tuple[str, bytes]:
    """The name of the file and what is in it."""
    assert ask(client, document, **changes).status_code == 302
    asked = Document.objects.latest("created_at")
    assert documents.make(asked.pk)
    asked.refresh_from_db()
    with asked.file.open() as file:
        return asked.file_name, file.read()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def three_rows(programme: Programme) -> IndicatorDefinition:
    """One location with both sides, PAR1 with too few visits, LYO1 with too few answers."""
    definition = make_indicator(programme)
    locations(programme, definition, 1)
    visit(programme, "PAR1", times=4)
    visit(programme, "LYO1")
    fold_pending()
    count_nps(definition, 50, 20, location="PAR1")
    count(definition, location="LYO1", promoters=4, passives=2, detractors=3)
    return definition


def test_the_csv_has_a_row_a_location_as_the_page_has(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    definition = three_rows(programme)
    client = client_of(executive)
    name, content = made(client)
    assert name == "family-store-drivers-nps.csv" and content.startswith(b"\xef\xbb\xbf")
    rows = {row["location"]: row for row in rows_of(content)}
    page = client.get(URL).context
    assert [row["location_name"] for row in rows.values()] == [one.name for one in page["lines"]]
    for row in page["rows"].rows:
        line = rows[row.location.code]
        assert (line["used"], line["n"]) == (str(int(row.used)), str(row.figure.n))
        assert (line["indicator"], line["unit"]) == (definition.key, "points")
        for stage in page["rows"].stages:
            assert line[f"{stage.key}_n"] == str(row.visits.get(stage.key, 0))
            score = row.scores.get(stage.key)
            both = ("", "") if score is None else (str(score), decimal6(score))
            assert (line[f"{stage.key}_score_exact"], line[f"{stage.key}_score"]) == both
    assert {code: row["used"] for code, row in rows.items()} == {
        "L000": "1",
        "PAR1": "0",
        "LYO1": "0",
    }
    assert (rows["PAR1"]["value_exact"], rows["PAR1"]["value"]) == ("30", "30.000000")
    assert (rows["PAR1"]["S1_n"], rows["PAR1"]["S1_score"]) == ("4", "")
    assert Fraction(rows["LYO1"]["S1_score_exact"]) and rows["LYO1"]["n"] == "9"


def test_what_was_typed_stays_text(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    three_rows(programme)
    programme.locations.filter(code="PAR1").update(name="=1+1")
    names = [row["location_name"] for row in rows_of(made(client_of(executive))[1])]
    assert "'=1+1" in names and "=1+1" not in names


def test_the_filters_of_the_page_hold(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    three_rows(programme)
    make_wave(programme, "W1", first_month="2020-01", last_month="2020-03")
    client = client_of(executive)
    assert rows_of(made(client, location="PAR1")[1])[0]["location"] == "PAR1"
    assert len(rows_of(made(client, location="PAR1,LYO1")[1])) == 2
    assert rows_of(made(client, wave="W1")[1]) == []
    origin = Document.objects.latest("created_at").origin
    assert origin == f"{URL}?journey=family-store&indicator=nps&stage=S1&wave=W1"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_picture_is_made_in_either_language(
    programme: Programme, executive: User, client_of: ClientOf, language: str
) -> None:
    three_rows(programme)
    name, content = made(client_of(executive), "drivers-png", **{"export-language": language})
    assert name == "family-store-drivers-nps-s1.png"
    assert content.startswith(b"\x89PNG")
    assert Document.objects.get().language == language


def test_location_managers_take_their_own_rows(
    programme: Programme, location_manager: User, client_of: ClientOf
) -> None:
    three_rows(programme)
    rows = rows_of(made(client_of(location_manager))[1])
    assert [row["location"] for row in rows] == ["PAR1"]
    assert ask(client_of(location_manager), location="LYO1").status_code == 422


def test_rights_are_asked_again_when_it_is_made(
    programme: Programme, executive: User, client_of: ClientOf
) -> None:
    three_rows(programme)
    ask(client_of(executive))
    Membership.objects.filter(user=executive).update(role="observer")
    assert not documents.make(Document.objects.get().pk)


@pytest.mark.parametrize("gone", ["indicator", "stage", "framework"])
@pytest.mark.parametrize("document", DriverExport.values)
def test_what_is_gone_meanwhile_fails_or_is_said(
    programme: Programme,
    framework: Framework,
    executive: User,
    client_of: ClientOf,
    gone: str,
    document: str,
) -> None:
    three_rows(programme)
    ask(client_of(executive), document)
    if gone == "indicator":
        IndicatorDefinition.objects.update(replaced_at=timezone.now())
    elif gone == "stage":
        framework.journey.stages.filter(key="S1").update(in_perimeter=False)
    else:
        framework.journey.stages.update(in_perimeter=False)
    assert documents.make(Document.objects.get().pk) is (gone == "framework")
