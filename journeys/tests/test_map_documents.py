"""The map on paper: vectors only, every name as it was typed, in both languages."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from accounts.models import User
from journeys import lanes
from journeys.access import access_of
from journeys.lanes import Entry, Figure, Lane
from journeys.map_grid import map_of
from journeys.map_printing import map_pdf, map_png, pages_of
from journeys.models import Choice, Journey, Stage
from journeys.printed import Sheet
from journeys.tests.factories import make_stage, make_touchpoint

ClientOf = Callable[[User], Client]
HOSTILE = (
    '#panic("x") $a_b$ *bold* _it_ @ref <label> `raw` \\n "quoted" // no comment /* nor */ [x] = 1'
)


@pytest.fixture
def print_of(lead: User, journey: Journey) -> Callable[[], PdfReader]:
    def made() -> PdfReader:
        fresh = Journey.objects.for_map().get(pk=journey.pk)
        return PdfReader(BytesIO(map_pdf(fresh, map_of(fresh, access_of(lead, fresh.programme)))))

    return made


def words_of(document: PdfReader) -> str:
    """All words with the breaks of lines and of long words taken out."""
    text = " ".join(page.extract_text() for page in document.pages)
    return "".join(text.split()).replace("\u200b", "")


def squeezed(text: str) -> str:
    return "".join(text.split())


def raster_images(document: PdfReader) -> list[str]:
    return [image.name for page in document.pages for image in page.images]


def test_one_a3_page_holds_stages_and_lanes_without_a_pixel(
    print_of: Callable[[], PdfReader], journey: Journey
) -> None:
    stage = journey.stages.get(key="S1")
    Stage.objects.filter(pk=stage.pk).update(phase="before", criticality=3)
    make_touchpoint(stage, "till", name="Self-scan", customer_action="Scans the goods")
    stage.needs.create(text="be quick", level="implicit")
    choice = Choice.objects.create(stage=stage, question="Till or scan?")
    choice.criteria.create(text="queue")
    document = print_of()
    [page] = document.pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [420, 297]
    words = words_of(document)
    for each in (journey.name, "Stage S1", "Stage S3", "Touchpoints", "Needs", "Experience"):
        assert squeezed(each) in words
    for each in ("Self-scan", "Scans the goods", "be quick", "○", "Till or scan?", "◆", "BEFORE"):
        assert squeezed(each) in words
    assert raster_images(document) == []
    assert document.metadata is not None
    assert document.metadata.title == journey.name


def test_the_print_speaks_the_reader_s_language_or_the_one_asked_for(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    url = reverse("journeys:journey-map-pdf", args=[journey.programme.slug, journey.key])
    client = client_of(consultant)
    answer = client.get(url, {"language": "fr"})
    assert answer["Content-Type"] == "application/pdf"
    assert 'filename="family-store.pdf"' in answer["Content-Disposition"]
    words = words_of(PdfReader(BytesIO(answer.content)))
    assert "Besoins" in words
    assert "PENDANT" in words
    assert "Needs" in words_of(PdfReader(BytesIO(client.get(url).content)))


@pytest.mark.parametrize(
    "name",
    [
        HOSTILE,
        "é à ç œ « » — \N{MINUS SIGN} → ◆ ● ✦ ▼ ○ \N{RIGHT SINGLE QUOTATION MARK}",
        "日本語",
        "a" * 120,
    ],
)
def test_names_are_printed_as_they_were_typed(
    name: str, print_of: Callable[[], PdfReader], journey: Journey
) -> None:
    name = name[:120]
    stage = journey.stages.get(key="S1")
    Journey.objects.filter(pk=journey.pk).update(name=name)
    Stage.objects.filter(pk=stage.pk).update(name=name)
    make_touchpoint(stage, "hostile", name=name, customer_action=name)
    stage.needs.create(text=name)
    document = print_of()
    if name.isascii() or "é" in name:
        # In the title, the footer, the stage, the action, the touchpoint and the need.
        assert words_of(document).count(squeezed(name)) == 6
    assert document.metadata is not None
    assert squeezed(document.metadata.title or "").replace("\u200b", "") == squeezed(name)


@pytest.mark.parametrize("text", ["word " * 2000, "x" * 10_000])
def test_ten_thousand_characters_run_on_to_the_next_pages(
    text: str,
    print_of: Callable[[], PdfReader],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cells(journey: Journey, access: Any) -> dict[str, tuple[Entry, ...]]:
        return {"S2": (Entry(text),), "S1": (Entry("short"),)}

    long = Lane("long", "Long", "", 5, "entries", cells)
    monkeypatch.setattr(lanes, "_registry", lanes._registry | {"long": long})
    document = print_of()
    assert len(document.pages) > 1
    words = words_of(document)
    assert words.count("word") == text.count("word")
    assert words.count("x") >= text.count("x")


def test_the_curve_is_drawn_with_its_signs_and_reasons(
    print_of: Callable[[], PdfReader], journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cells(journey: Journey, access: Any) -> dict[str, Figure]:
        return {
            "S1": Figure(-31, "\N{MINUS SIGN}31", 60, 5, -40, -22, 20, (-10, 50), "disappointing"),
            "S2": Figure(None, "", 2, 5, thresholds=(-10, 50)),
            "S3": Figure(54, "+54", 58, 5, 40, 68, 60, (-10, 50), "neutral", held_back=True),
        }

    known = {
        "known": Lane("known", "Experience", "", 50, "curve", cells),
        "gap": Lane("gap", "Gap", "", 60, "figure", cells),
    }
    monkeypatch.setattr(lanes, "_registry", known)
    Stage.objects.filter(journey=journey, key="S3").update(criticality=3)
    words = words_of(print_of())
    for each in (
        "\N{MINUS SIGN}31 ▼",
        "n 60",
        "+54 ✦",
        "n = 2,",
        "at least 5 needed",
        "enchantment ✦",
    ):
        assert squeezed(each) in words
    assert squeezed("n = 2 to 60 a stage") in words
    assert squeezed("held back") in words


def test_phases_stay_whole_while_they_fit() -> None:
    def split(**counts: int) -> list[Sheet]:
        return pages_of([Stage(phase=phase) for phase, n in counts.items() for _ in range(n)])

    assert split(before=2, during=8, after=2) == [Sheet(0, 12)]
    assert split(before=3, during=8, after=3) == [Sheet(0, 11), Sheet(11, 14)]
    assert split(during=13) == [Sheet(0, 6), Sheet(6, 13)]
    assert split(before=10, during=20, after=10) == [
        Sheet(0, 10),
        Sheet(10, 20),
        Sheet(20, 30),
        Sheet(30, 40),
    ]
    assert split() == [Sheet(0, 0)]


def test_forty_stages_of_touchpoints_stay_legible(
    print_of: Callable[[], PdfReader], journey: Journey
) -> None:
    journey.stages.all().delete()
    for number in range(40):
        phase = "before" if number < 10 else "during" if number < 30 else "after"
        stage = make_stage(journey, f"S{number}", phase=phase, name=f"Stage number {number}")
        for each in range(7):
            make_touchpoint(stage, f"t{number}-{each}", name=f"Touchpoint {number} {each}")
    document = print_of()
    assert len(document.pages) == 4
    words = words_of(document)
    assert all(f"Touchpoint{number}{each}" in words for number in range(40) for each in range(7))
    sizes: list[float] = []

    def note(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            sizes.append(abs(size * cm[3] * tm[3]))

    document.pages[1].extract_text(visitor_text=note)
    assert min(sizes) > 5


def test_the_picture_shows_all_stages_on_white(
    consultant: User, client_of: ClientOf, journey: Journey
) -> None:
    url = reverse("journeys:journey-map-png", args=[journey.programme.slug, journey.key])
    answer = client_of(consultant).get(url)
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", answer.content[16:24])
    assert width > 600
    assert height > 200


def test_a_map_without_stages_is_printed_as_such(
    print_of: Callable[[], PdfReader], journey: Journey, lead: User
) -> None:
    journey.stages.all().delete()
    assert "nostageyet" in words_of(print_of())
    fresh = Journey.objects.for_map().get(pk=journey.pk)
    with translation.override("fr"):
        grid = map_of(fresh, access_of(lead, fresh.programme))
        assert map_png(fresh, grid).startswith(b"\x89PNG")
