"""A link for people without an account, and documents: both as a browser gets them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, Request, expect
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accounts.models import User
from e2e.conftest import PHONE, NewPage, assert_accessible
from e2e.map_stories import MAP, measured_map
from journeys.models import Document, Journey
from journeys.tests.factories import make_stage
from scoring.models import Framework

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.browser

HIDDEN = ("a need not to be told", "an action not to be told", "/programmes/", "Lea Lead")
PASSWORD = "a long enough secret"


@pytest.fixture
def told(transactional_db: None, journey: Journey, framework: Framework, lead: User) -> Journey:
    return measured_map(journey, framework, lead)


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    """Of the server and of a worker that is started later."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))


def link_made_by(page: Page) -> str:
    """By the form, as a consultant does it: a password, no needs, no actions."""
    page.goto(MAP)
    page.get_by_text("Print and share").click()
    page.get_by_role("link", name="New link, without account").click()
    page.get_by_label("For whom").fill("The board")
    expect(page.locator("[name=journeys]")).to_be_checked()
    for lane in ("Needs", "Actions"):
        page.get_by_label(lane, exact=True).uncheck()
    page.get_by_label("Password").fill(PASSWORD)
    assert_accessible(page)
    page.get_by_role("button", name="Make the link").click()
    said = page.locator(".message-success").inner_text()
    assert_accessible(page)
    return said.split()[-1]


def bodies_of(page: Page) -> list[bytes]:
    """What the server sends this page from now on, documents apart: bodies, not what is drawn."""
    found: list[bytes] = []

    def keep(request: Request) -> None:
        response = request.response() if request.is_navigation_request() else None
        if response:
            found.append(response.body())

    page.on("requestfinished", keep)
    return found


def test_a_link_shows_what_it_may_to_somebody_without_an_account_and_dies(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    his = new_page(consultant)
    link = link_made_by(his)
    reader = new_page(expected_errors=("status of 404", "status of 422"))
    bodies = bodies_of(reader)
    reader.goto(link)
    assert_accessible(reader)
    reader.get_by_label("Password").fill("not the secret")
    reader.get_by_role("button", name="Open the maps").click()
    expect(reader.get_by_role("alert")).to_be_visible()
    reader.get_by_label("Password").fill(PASSWORD)
    reader.get_by_role("button", name="Open the maps").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(told.name)
    expect(reader.locator(".map-lane-experience .curve-typical").first).to_be_attached()
    expect(reader.locator(".map-lane-needs, .map-lane-actions, form, [data-item]")).to_have_count(0)
    assert_accessible(reader)
    with reader.expect_download() as printing:
        reader.get_by_role("link", name="PDF, A3").click()
    printed = PdfReader(printing.value.path())
    assert len(printed.pages) == 1
    bodies.append("".join(page.extract_text() for page in printed.pages).encode())
    reader.get_by_role("link", name="Table", exact=True).click()
    expect(reader.locator(".map-table")).to_be_visible()
    assert_accessible(reader)
    reader.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    reader.get_by_role("link", name="Map", exact=True).click()
    expect(reader.get_by_role("link", name="Map", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    reader.wait_for_load_state("networkidle")
    assert reader.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert_accessible(reader)
    assert len(bodies) >= 5 and any(told.name.encode() in body for body in bodies)
    told_anyway = [each for each in HIDDEN for body in bodies if each.encode() in body]
    assert told_anyway == []
    map_address = reader.url
    his.get_by_role("button", name="Revoke the link of The board").click()
    expect(his.locator("#share-list")).to_contain_text("revoked on")
    bodies.clear()
    for address in (link, map_address):
        reader.goto(address)
        expect(reader.get_by_role("heading", level=1)).to_have_text("Nothing is shown here")
    assert not any(told.name.encode() in body for body in bodies)
    assert reader.request.get(map_address.split("?")[0] + "map.pdf").status == 404


def test_the_map_is_downloaded_from_its_page(
    told: Journey, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive)
    page.goto(MAP)
    page.get_by_text("Print and share").click()
    with page.expect_download() as printing:
        page.get_by_role("link", name="PDF, A3").click()
    assert printing.value.suggested_filename == "family-store.pdf"
    (sheet,) = PdfReader(printing.value.path()).pages
    width, height = (float(each) / 72 * 25.4 for each in sheet.mediabox[2:])
    assert (round(width), round(height)) == (420, 297)
    assert "a need not to be told" in " ".join(sheet.extract_text().split())
    with page.expect_download() as painting:
        page.get_by_role("link", name="Picture, PNG").click()
    assert Path(painting.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.services
def test_a_large_map_is_waited_for_and_comes_by_itself(
    media: None,
    celery_worker_process: subprocess.Popen[bytes],
    told: Journey,
    consultant: User,
    new_page: NewPage,
) -> None:
    """A real worker prints it; the page says how far it is, and fetches it once it is there."""
    for number in range(12):
        make_stage(told, f"L{number}", name=f"Later {number}", phase="after")
    page = new_page(consultant)
    page.goto(MAP)
    page.get_by_text("Print and share").click()
    with page.expect_download(timeout=60_000) as printing:
        page.get_by_role("link", name="PDF, A3").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your document")
    words = " ".join(each.extract_text() for each in PdfReader(printing.value.path()).pages)
    assert "Later 11" in words
    expect(page.get_by_role("link", name="Download family-store.pdf")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Back to where you asked for it").click()
    expect(page.locator(".map-head")).to_have_count(15)


def test_the_bar_of_a_document_is_accessible(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    facts = {"programme": told.programme, "kind": "map-pdf", "language": "en", "origin": MAP}
    document = Document.objects.create(**facts, asked_by=consultant, state="making", progress=40)
    page = new_page(consultant)
    page.goto(f"/programmes/casa-nord/documents/{document.pk}/")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    assert_accessible(page)
    Document.objects.update(state="failed")
    expect(page.get_by_role("alert")).to_contain_text("It could not be made.")
    assert_accessible(page)
