"""What stands on the slides beside the scores: indicators, the sign-off, arrows of what really changed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from pptx import Presentation

from accounts.models import User
from dashboards.documents.looks import TONES
from dashboards.documents.slides.build import build_slides
from dashboards.signing import sign_report
from dashboards.tests.change_cells import make_waves
from dashboards.tests.documents import contents_for, unwatched
from dashboards.tests.test_wave_trend import observe
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.scores import read_scores
from observations.selection import read_selection
from observations.tests.factories import submit
from observations.tests.indicator_factories import count, count_nps, make_indicator
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def observed(programme: Programme, framework: Framework) -> Journey:
    """Three waves; S1 really improved in the last."""
    make_waves(programme, baseline=True)
    observe(programme, ("W0", "W1", "W2"))
    journey: Journey = programme.journeys.get()
    return journey


def deck_of(user: User, journey: Journey, **asked: str) -> Any:
    return Presentation(BytesIO(build_slides(contents_for(user, journey, **asked), unwatched)))


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def words(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def rows_of(slide: Any) -> list[list[str]]:
    [table] = [shape.table for shape in slide.shapes if shape.has_table]
    return [[cell.text_frame.text for cell in row.cells] for row in table.rows]


def test_indicators_have_a_slide_with_target_interval_and_n(
    observed: Journey, executive: User
) -> None:
    nps = make_indicator(observed.programme, codir_rank=1)
    csat = make_indicator(observed.programme, "csat", codir_rank=2)
    count_nps(nps, 50, 20)
    count(csat, satisfied=8, answers=10)
    contents = contents_for(executive, observed)
    deck = deck_of(executive, observed)
    headings, *rows = rows_of(deck.slides[2])
    assert headings == ["Indicator", "Value", "95 % interval and n", "Target", "Gap", "Change"]
    for row, line in zip(rows, contents.indicators, strict=True):
        name, value, interval, target, gap, _change = row
        assert name.startswith(line.figure.definition.name)
        assert (value, gap) == (line.value, line.gap)
        assert interval == f"{line.interval}\n{line.n}"
        assert target == (line.target or "\N{EN DASH}")
    assert rows[0][1] == "+30"


def test_without_indicators_there_is_no_such_slide(observed: Journey, executive: User) -> None:
    assert not [title for title in titles(deck_of(executive, observed)) if "indicator" in title]


def test_the_title_says_who_signed_off_and_what_arrived_since(
    observed: Journey, executive: User, location_manager: User
) -> None:
    access = access_of(executive, observed.programme)
    sheet = read_scores(observed, read_selection({}, journey=observed, access=access))
    assert "Signed off" not in "\n".join(words(deck_of(executive, observed).slides[0]))
    sign_report(sheet=sheet, asked={}, note="", actor=executive)
    for _number in range(3):
        submit(observed.programme)
    fold_pending()
    [title] = [text for text in words(deck_of(executive, observed).slides[0]) if "Signed" in text]
    assert "by Eve Executive · since then +3 observations" in title
    # A report is that of its filters, and of every location.
    assert "Signed off" not in "\n".join(words(deck_of(executive, observed, wave="W1").slides[0]))
    assert "Signed off" not in "\n".join(words(deck_of(location_manager, observed).slides[0]))
    with translation.override("fr"):
        french = "\n".join(words(deck_of(executive, observed).slides[0]))
    assert "Eve Executive" in french and "Signed" not in french


def test_an_arrow_stands_only_where_the_step_was_real(observed: Journey, executive: User) -> None:
    deck = deck_of(executive, observed)
    cards = [text for text in words(deck.slides[2]) if text.startswith("Stage S")]
    assert len(cards) == 3
    arrows = {card.split("\n")[0]: "↗" in card or "↘" in card for card in cards}
    assert arrows == {"Stage S1": True, "Stage S2": False, "Stage S3": False}
    assert TONES["enchantment"] in deck.slides[2].shapes._spTree.xml
    figure = next(text for text in words(deck.slides[1]) if text.startswith("Journey score"))
    assert figure.endswith(("since W1", "no real change shown since W1"))


def test_while_a_wave_is_open_no_slide_has_an_arrow(
    observed: Journey, executive: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.changes.timezone.localdate", lambda: date(2026, 8, 2))
    deck = deck_of(executive, observed)
    assert not [text for slide in deck.slides for text in words(slide) if "↗" in text]
    assert any("no verdict yet since W1" in text for text in words(deck.slides[1]))
