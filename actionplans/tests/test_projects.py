"""Projects that the client had before: by a form, pasted, or from a file; nothing typed is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.models import User
from actionplans import project_cells
from actionplans.models import Action
from actionplans.project_imports import column_names, read_projects
from journeys.models import AuditEntry, Journey, Programme
from journeys.tests.factories import make_journey

ClientOf = Callable[[User], Client]
IMPORT = "/programmes/casa-nord/actions/projects/import/"
GOOD = (
    "Projet;Étape;Échéance;Porteur;Statut;Coût\n"
    "Click & collect;Stage S1;31/12/2031;Carla Contributor;En cours;1 200,50\n"
)


@pytest.fixture
def client(journey: Journey, contributor: User, facilitator: User, client_of: ClientOf) -> Client:
    return client_of(facilitator)


def faults(text: str, programme: Programme, user: User) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in read_projects(text, programme, user).faults]


def test_pasted_previewed_and_taken_in(client: Client, contributor: User) -> None:
    preview = client.post(IMPORT, {"text": GOOD})
    assert preview.status_code == 200 and not Action.objects.exists()
    assert "Click &amp; collect" in preview.content.decode()
    answer = client.post(IMPORT, {"text": GOOD, "apply": "all"})
    assert answer.status_code == 302 and answer["Location"].endswith("?origin=existing")
    action = Action.objects.get()
    assert (action.title, action.owner, action.is_existing) == (
        "Click & collect",
        contributor,
        True,
    )
    assert (action.due_on, action.status, action.cost_cents) == (
        date(2031, 12, 31),
        "doing",
        120050,
    )
    assert action.updates.get().status == "doing"
    assert AuditEntry.objects.get(verb="imported").changes == {"added": [None, 1]}
    again = client.post(IMPORT, {"text": GOOD, "apply": "all"})
    assert again.status_code == 200 and "there already" in again.content.decode()
    assert Action.objects.count() == 1


def test_good_rows_go_in_and_the_others_stay_to_be_mended(client: Client) -> None:
    text = GOOD + "Self-service;Nowhere;31/12/2031;;;\nKiosk;Stage S2;2031-13-01;Nobody;Lost;much\n"
    refused = client.post(IMPORT, {"text": text, "apply": "all"})
    assert refused.status_code == 422 and not Action.objects.exists()
    assert refused.context["form"]["text"].value() == text
    partly = client.post(IMPORT, {"text": text, "apply": "good"})
    assert [action.title for action in Action.objects.all()] == ["Click & collect"]
    left = partly.context["form"]["text"].value()
    assert "Self-service" in left and "Kiosk" in left and "Click" not in left
    assert [(one.row, one.column) for one in partly.context["sheet"].faults] == [
        (2, "Étape"),
        (3, "Porteur"),
        (3, "Échéance"),
        (3, "Statut"),
        (3, "Coût"),
    ]
    mended = left.replace("Nowhere", "Stage S2").replace("2031-13-01", "2031-12-01")
    mended = mended.replace("Nobody", "").replace("Lost", "").replace("much", "")
    assert client.post(IMPORT, {"text": mended, "apply": "all"}).status_code == 302
    assert Action.objects.count() == 3


def test_an_xlsx_file(client: Client) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["project", "stage", "start", "due", "status", "blocked by", "cost"])
    sheet.append(["Kiosk", "S1", date(2031, 1, 1), date(2031, 3, 5), "Blocked", "No\nmoney", 1200])
    stored = io.BytesIO()
    book.save(stored)
    upload = SimpleUploadedFile("projects.xlsx", stored.getvalue())
    preview = client.post(IMPORT, {"file": upload})
    assert preview.status_code == 200
    text = preview.context["form"]["text"].value()
    assert client.post(IMPORT, {"text": text, "apply": "all"}).status_code == 302
    action = Action.objects.get()
    assert (action.start_on, action.due_on) == (date(2031, 1, 1), date(2031, 3, 5))
    assert (action.status, action.blocked_reason, action.cost_cents) == (
        "blocked",
        "No\nmoney",
        120_000,
    )


def packed(size: int) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * size)
    return stored.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 nonsense", b"\x00\x01\x02", packed(50), b"a" * (project_cells.MOST_BYTES + 1)],
    ids=["no zip", "no text", "no sheet", "too large"],
)
def test_files_that_can_not_be_read(client: Client, content: bytes) -> None:
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", content), "text": "kept"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert answer.context["form"]["text"].value() == "kept"


def test_a_sheet_that_unpacks_to_too_much(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_cells, "MOST_UNPACKED", 1000)
    answer = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", packed(2000))})
    assert answer.context["form"].errors["file"] == ["The sheet is too large: save it as CSV."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "")]),
        ("project;stage;due\n", [(1, "")]),
        ("project;stage\nA;S1\n", [(1, "due")]),
        ("project;stage;due;mood\nA;S1;2031-01-01;x\n", [(1, "mood")]),
        ("project;stage;due;fin\nA;S1;2031-01-01;x\n", [(1, "due"), (1, "fin")]),
        ("project;stage;due\n;S1;2031-01-01\n", [(2, "project")]),
        ("project;stage;due\nA;S1;\n", [(2, "due")]),
        ("project;stage;due\nA;S1;2031-01-01;more\n", [(2, "")]),
        ("project;stage;due;start\nA;S1;2031-01-01;2031-02-01\n", [(2, "start")]),
        ("project;stage;due;status\nA;S1;2031-01-01;Bloqué\n", [(2, "blocked by")]),
        ("project;stage;due;channel\nA;S1;2031-01-01;moon\n", [(2, "channel")]),
        ("project;stage;due\n" + "x" * 201 + ";S1;2031-01-01\n", [(2, "project")]),
        ("project;stage;due\n" + "A;S1;2031-01-01\n" * 501, [(1, "")]),
    ],
)
def test_each_fault_has_its_row_and_column(
    programme: Programme, facilitator: User, text: str, expected: list[tuple[int, str]]
) -> None:
    assert faults(text, programme, facilitator) == expected


def test_a_stage_of_two_journeys_needs_its_journey(programme: Programme, facilitator: User) -> None:
    make_journey(programme, "pro-site", stages=2)
    text = "project;stage;journey;due\nA;S1;{};2031-01-01\n"
    assert faults(text.format(""), programme, facilitator) == [(2, "stage")]
    assert faults(text.format("pro-site"), programme, facilitator) == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_headings_that_are_shown_are_read(
    programme: Programme, facilitator: User, language: str
) -> None:
    with translation.override(language):
        headings = list(column_names().values())
    sheet = read_projects("\t".join(headings) + "\nA\tS1\n", programme, facilitator)
    assert {fault.row for fault in sheet.faults} == {2}


def test_one_by_a_form(client: Client, contributor: User, journey: Journey) -> None:
    url = "/programmes/casa-nord/actions/projects/new/"
    data: dict[str, Any] = {
        "title": "Kiosk",
        "stage": journey.stages.get(key="S1").pk,
        "owner": contributor.pk,
        "start_on": "2031-02-01",
        "due_on": "2031-01-01",
        "dimension": "tool",
        "kind": "improvement",
    }
    bad = client.post(url, data)
    assert bad.status_code == 422 and "start_on" in bad.context["form"].errors
    answer = client.post(url, data | {"due_on": "2031-03-01"})
    action = Action.objects.get()
    assert answer["Location"] == action.get_absolute_url()
    assert action.is_existing and action.updates.count() == 1
    assert "existing project" in client.get("/programmes/casa-nord/actions/").content.decode()
