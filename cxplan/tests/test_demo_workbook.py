"""The demo's workbook computed again by LibreOffice: every figure is that of the pages."""

from __future__ import annotations

import io
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from actionplans.gaps import perimeter_journeys
from dashboards.documents.workbook.build import build_workbook
from dashboards.tests.documents import unwatched
from dashboards.tests.recalculated import assert_recomputed, recalculated
from journeys.access import access_of
from journeys.models import Programme
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import Selection

COMMAND = "cxplan.management.commands.demo"
pytestmark = pytest.mark.django_db


def test_every_figure_of_both_journeys(settings: Settings, soffice: str, tmp_path: Path) -> None:
    settings.DEBUG = True
    with patch(f"{COMMAND}.install_browser_libraries"), patch(f"{COMMAND}.compile_catalogues"):
        call_command("demo", "--no-server", stdout=io.StringIO())
    fold_pending()
    programme = Programme.objects.get(slug="maison-nord")
    access = access_of(User.objects.get(email="lead@maison-nord.example"), programme)
    for journey in perimeter_journeys(access):
        sheet = read_scores(journey, Selection())
        book = build_workbook(sheet, access, [], unwatched)
        folder = tmp_path / journey.key
        folder.mkdir()
        computed = recalculated(book.content, soffice, folder)
        assert assert_recomputed(computed, sheet) > 500
        assert len(computed["Answers"]) > 3000
