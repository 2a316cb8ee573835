"""Asking for a document on the dashboard: its filters, its language, and the rights of the moment."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from dashboards.exports import Export, read_asked
from dashboards.tests.documents import measured_journey
from journeys import documents
from journeys.access import access_of
from journeys.models import Document, Journey, Membership, Programme
from journeys.tests.factories import make_location
from scoring.models import Framework

ClientOf = Callable[[User], Client]
URL = "/programmes/casa-nord/dashboard/export/"


@pytest.fixture
def measured(
    programme: Programme, framework: Framework, settings: Settings, tmp_path: Path
) -> Journey:
    settings.MEDIA_ROOT = tmp_path
    return measured_journey(programme)


def ask(client: Client, **changes: str) -> Any:
    asked = {"journey": "family-store", "export-document": "workbook", "export-language": "en"}
    return client.post(URL, asked | changes)


def file_of(client: Client) -> Any:
    """The one document that was asked for, made and fetched."""
    document = Document.objects.get()
    assert documents.make(document.pk)
    url = reverse("journeys:document-file", args=["casa-nord", document.pk])
    return client.get(url)


def test_it_is_made_with_the_filters_and_in_the_language_asked_for(
    measured: Journey, lead: User, client_of: ClientOf
) -> None:
    client = client_of(lead)
    answer = ask(client, wave="W2", **{"export-language": "fr"})
    document = Document.objects.get()
    page = reverse("journeys:document-detail", args=["casa-nord", document.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert document.parameters == {"journey": "family-store", "filters": {"wave": "W2"}}
    file = file_of(client)
    assert file["Content-Disposition"] == 'attachment; filename="family-store-workbook.xlsx"'
    book = openpyxl.load_workbook(BytesIO(b"".join(file)), data_only=True)
    rows = {row[0]: row[1] for row in book["Lecture"].iter_rows(values_only=True)}
    assert rows["Sélection"] == "W2 (juin 2026 \N{EN DASH} août 2026)"
    assert rows["Observations comptées (n)"] == "6"


@pytest.mark.parametrize("export", Export.values)
def test_every_document_is_made(
    measured: Journey, executive: User, client_of: ClientOf, export: str
) -> None:
    client = client_of(executive)
    assert ask(client, **{"export-document": export}).status_code == 302
    file = file_of(client)
    ending = file["Content-Disposition"].rstrip('"').rpartition(".")[2]
    starts = {
        "pdf": b"%PDF",
        "png": b"\x89PNG",
        "csv": b"\xef\xbb\xbf",
        "pptx": b"PK",
        "xlsx": b"PK",
    }
    assert b"".join(file).startswith(starts[ending])


def test_the_page_offers_it_with_its_filters(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    page = client_of(executive).get("/programmes/casa-nord/dashboard/?wave=W2").content.decode()
    assert f'action="{URL}"' in page
    assert '<input type="hidden" name="wave" value="W2">' in page
    assert all(f'value="{export}"' in page for export in Export.values)


@pytest.mark.parametrize(
    "changes", [{"export-document": "poster"}, {"export-language": "de"}, {"wave": "W9"}]
)
def test_what_cannot_be_read_is_said_and_nothing_made(
    measured: Journey, executive: User, client_of: ClientOf, changes: dict[str, str]
) -> None:
    answer = ask(client_of(executive), location="PAR1", **changes)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'role="alert"' in page and '<input type="hidden" name="location" value="PAR1">' in page
    assert not Document.objects.exists()


def test_as_many_locations_as_an_address_holds(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    """PostgreSQL refuses what is longer than its column; SQLite would take it."""
    codes = [f"SHOP-{number:04d}" for number in range(90)]
    for code in codes:
        make_location(measured.programme, code)
    answer = ask(client_of(executive), location=",".join(codes))
    assert answer.status_code == 302
    assert all(code in Document.objects.get().origin for code in codes)


def test_an_unknown_journey_is_404(measured: Journey, executive: User, client_of: ClientOf) -> None:
    assert ask(client_of(executive), journey="none").status_code == 404


def test_rights_lost_meanwhile_make_nothing(
    measured: Journey, executive: User, client_of: ClientOf
) -> None:
    ask(client_of(executive))
    Membership.objects.filter(user=executive).delete()
    assert not documents.make(Document.objects.get().pk)


def test_the_bar_moves_and_never_back(measured: Journey, lead: User) -> None:
    said: list[int] = []
    access = access_of(lead, measured.programme)
    asked = read_asked(access, {"journey": "family-store", "filters": {}}, said.append)
    for done in (0, 5, 5, 3, 10, 11):
        asked.report(done, 10)
    assert said == sorted(set(said)) and said[0] == 10 and said[-1] == 99
