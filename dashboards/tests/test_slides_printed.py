"""Decks as LibreOffice prints them: a page for each slide, with what the charts say."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pypdf import PdfReader

from accounts.models import User
from dashboards.documents.slides.build import build_slides
from dashboards.tests.documents import contents_for, measured_journey, unwatched
from dashboards.tests.test_slides import texts, titles
from journeys.models import Programme
from journeys.tests.factories import make_stage
from scoring.models import Framework
from scoring.tests.factories import make_framework


def as_pages(content: bytes, soffice: str, folder: Path) -> list[str]:
    """The text of each page, its spaces evened out, as LibreOffice prints the deck."""
    file = folder / "deck.pptx"
    file.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=180)
    pages = PdfReader(file.with_suffix(".pdf")).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def test_forty_stages_with_long_names(
    programme: Programme, executive: User, soffice: str, tmp_path: Path
) -> None:
    """They go on over several slides, which LibreOffice opens, each as one page."""
    journey = programme.journeys.get()
    for number in range(4, 41):
        make_stage(journey, f"S{number}", name="A very long name & <b> " * 5)
    make_framework(journey)
    content = build_slides(contents_for(executive, journey), unwatched)
    made = Presentation(BytesIO(content))
    assert "Not shown here: 30 stages." in texts(made)
    assert len(as_pages(content, soffice, tmp_path)) == len(made.slides) > 12


def test_charts_are_on_their_pages(
    programme: Programme, framework: Framework, executive: User, soffice: str, tmp_path: Path
) -> None:
    """What no shape says and only the data of a chart: its series, and its stages with their n."""
    content = build_slides(contents_for(executive, measured_journey(programme)), unwatched)
    made = Presentation(BytesIO(content))
    pages = as_pages(content, soffice, tmp_path)
    assert len(pages) == len(made.slides) == 9
    charts = {number: chart_of(slide) for number, slide in enumerate(made.slides)}
    drawn = {number: chart for number, chart in charts.items() if chart is not None}
    assert list(drawn) == [3, 6]
    for number, chart in drawn.items():
        plot = chart.plots[0]
        names = [*(one.name for one in plot.series), *plot.categories]
        assert all(name in pages[number] for name in names), (names, pages[number])
    for words in ("Never seen (n = 0)", "95 % interval, low end"):
        assert words in pages[3] and words not in texts(made)
    for title, page in zip(titles(made), pages, strict=True):
        assert title in page


def chart_of(slide: Any) -> Any:
    return next((shape.chart for shape in slide.shapes if shape.has_chart), None)
