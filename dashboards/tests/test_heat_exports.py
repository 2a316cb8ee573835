"""A heat map handed out has the rows of the page, with the same numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from io import StringIO

import pytest
from django.test import Client

from accounts.models import User
from dashboards.documents.heat_parts import HeatParts, read_heat_parts
from dashboards.exports import Export, read_asked
from dashboards.heat_map import By
from dashboards.tests.documents import unwatched
from dashboards.tests.measured_widely import measure_widely
from journeys import documents
from journeys.access import access_of
from journeys.models import Document, Journey, Programme
from observations.scores import read_scores
from observations.selection import Selection

ClientOf = Callable[[User], Client]
HEAT_MAP = "/programmes/casa-nord/journeys/family-store/heat-map/"
EXPORT = "/programmes/casa-nord/dashboard/export/"


@pytest.fixture
def measured(programme: Programme, journey: Journey) -> Journey:
    measure_widely(programme, journey)
    return Journey.objects.get(pk=journey.pk)


def ask(client: Client, document: str, **asked: str) -> Document:
    fields = {"journey": "family-store", "export-document": document, "export-language": "en"}
    assert client.post(EXPORT, fields | asked).status_code == 302
    return Document.objects.get()


def made(document: Document) -> bytes:
    assert documents.make(document.pk)
    document.refresh_from_db()
    with document.file.open() as file:
        content: bytes = file.read()
    return content


def parts_of(user: User, journey: Journey, by: By) -> HeatParts:
    access = access_of(user, journey.programme)
    return read_heat_parts(read_scores(journey, Selection()), access, by)


@pytest.mark.parametrize("by", By.values)
@pytest.mark.parametrize("asked", [{}, {"wave": "W2"}])
def test_the_csv_has_the_numbers_of_the_page(
    measured: Journey, executive: User, client_of: ClientOf, by: str, asked: dict[str, str]
) -> None:
    """Rows in the order of the page; a cell of the page is gap and score of the file, rounded."""
    client = client_of(executive)
    document = ask(client, "heat-csv", **asked, **{"export-by": by})
    assert document.parameters["by"] == by
    text = made(document).decode("utf-8-sig")
    assert document.file_name == f"family-store-heat-{by}.csv"
    found = list(csv.DictReader(StringIO(text, newline="")))
    page = client.get(HEAT_MAP, {"by": by, **asked}).context
    expected = [
        (row.name, stage.key, cell)
        for row in page["rows"]
        for stage, cell in zip(page["stages"], row.cells, strict=True)
        if cell.tone != "none"
    ]
    assert len(found) == len(expected) >= 3
    for line, (name, stage, cell) in zip(found, expected, strict=True):
        assert (line[f"{by}_name"], line["stage"]) == (name, stage)
        if cell.tone == "hatched":
            assert (line["score_exact"], cell.n.split(",")[0]) == ("", f"n = {line['n']}")
            continue
        assert cell.n == f"n = {line['n']}"
        assert_rounds(cell.words.split(", ")[0], Fraction(line["score_exact"]))
        if cell.tone != "untargeted":
            assert_rounds(cell.text, -Fraction(line["gap_exact"]))


def assert_rounds(printed: str, exact: Fraction) -> None:
    digits = len(printed.partition(".")[2])
    assert Fraction(printed) == Fraction(round(exact * 10**digits), 10**digits)


def test_the_picture_is_made_of_the_rows_asked_for(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    document = ask(client_of(executive), "heat-png", **{"export-by": "segment"})
    assert made(document).startswith(b"\x89PNG")
    assert document.file_name == "family-store-heat-segment.png"


def test_the_panel_offers_the_rows_and_refuses_others(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    client = client_of(executive)
    page = client.get("/programmes/casa-nord/dashboard/").content.decode()
    assert "Rows of the heat map" in page
    assert all(f'<option value="{by}"' in page for by in By.values)
    fields = {"journey": "family-store", "export-document": "heat-csv", "export-language": "en"}
    assert client.post(EXPORT, fields | {"export-by": "moon"}).status_code == 422
    assert not Document.objects.exists()


def test_what_was_asked_for_before_there_was_a_choice_is_by_location(
    measured: Journey, executive: User
) -> None:
    parameters = {"journey": "family-store", "filters": {}}
    asked = read_asked(access_of(executive, measured.programme), parameters, unwatched)
    assert asked.by is By.LOCATION


def test_only_a_heat_map_has_rows(measured: Journey, executive: User, client_of: ClientOf) -> None:
    document = ask(client_of(executive), Export.CURVE_CSV.value, **{"export-by": "wave"})
    assert "by" not in document.parameters


def test_location_managers_get_their_own(measured: Journey, location_manager: User) -> None:
    heat = parts_of(location_manager, measured, By.LOCATION)
    assert "PAR1" in {one.key for one in heat.parts}
