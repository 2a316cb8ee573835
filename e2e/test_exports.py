"""From the dashboard to documents: slides to edit, a workbook, a report, pictures."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page
from pptx import Presentation
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from journeys.models import Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DASHBOARD = "/programmes/casa-nord/dashboard/"


@pytest.fixture
def measured(
    programme: Programme, framework: Framework, settings: Settings, tmp_path: Path
) -> Programme:
    settings.MEDIA_ROOT = tmp_path / "media"
    for number in range(6):
        submit(programme, location="PAR1" if number else "LYO1")
    fold_pending()
    return programme


def export(page: Page, document: str, language: str, folder: Path) -> Path:
    """Chosen in the panel of the dashboard and fetched."""
    page.goto(DASHBOARD)
    page.locator(".export-box > summary").click()
    page.get_by_label("Document", exact=True).select_option(document)
    page.get_by_label("Language", exact=True).select_option(language)
    with page.expect_download() as found:
        page.get_by_role("button", name="Make the document").click()
    path = folder / found.value.suggested_filename
    found.value.save_as(path)
    return path


def test_an_executive_takes_slides_and_a_report_along(
    measured: Programme, executive: User, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(executive)
    deck = Presentation(str(export(page, "slides", "fr", tmp_path)))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert any("déçoit" in title for title in titles)
    assert any(shape.has_chart for slide in deck.slides for shape in slide.shapes)
    report = PdfReader(export(page, "report", "en", tmp_path))
    assert "n = 6" in report.pages[0].extract_text()
    picture = export(page, "curve-png", "en", tmp_path)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_lead_takes_a_workbook_with_the_filters_of_the_page(
    measured: Programme, lead: User, new_page: NewPage, tmp_path: Path
) -> None:
    page = new_page(lead)
    page.goto(DASHBOARD)
    page.locator("[data-filters-box] > summary").click()
    page.get_by_label("Location").select_option("PAR1")
    page.wait_for_url("**location=PAR1**")
    page.locator(".export-box > summary").click()
    assert_accessible(page)
    page.get_by_label("Document", exact=True).select_option("workbook")
    with page.expect_download() as found:
        page.get_by_role("button", name="Make the document").click()
    path = tmp_path / found.value.suggested_filename
    found.value.save_as(path)
    visits = openpyxl.load_workbook(path)["Visits"]
    headings = [cell.value for cell in visits[1]]
    places = {row[headings.index("Location")].value for row in visits.iter_rows(min_row=2)}
    assert places == {"PAR1"}


def test_rows_are_asked_for_where_a_heat_map_is_chosen(
    measured: Programme, executive: User, new_page: NewPage
) -> None:
    page = new_page(executive)
    page.goto(DASHBOARD)
    page.locator(".export-box > summary").click()
    rows = page.get_by_label("Rows of the heat map")
    assert not rows.is_visible()
    page.get_by_label("Document", exact=True).select_option("heat-csv")
    assert rows.is_visible()
    assert_accessible(page)
