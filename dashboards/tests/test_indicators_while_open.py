"""While a wave is open, no page and no slide has an indicator's verdict, and each says so in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from dashboards.documents.slides.tables import indicator_row
from dashboards.indicator_words import IndicatorLine
from journeys.models import Programme
from journeys.tests.factories import make_wave
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.models import Framework

ClientOf = Callable[[User], Client]
HOME = "/programmes/casa-nord"
LAST_DAY, DAY_AFTER = date(2026, 8, 31), date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _better(programme: Programme, framework: Framework) -> None:
    """Better beyond doubt from spring to summer."""
    make_wave(programme, "W1", name="Spring", first_month="2026-03", last_month="2026-05")
    make_wave(programme, "W2", name="Summer", first_month="2026-06", last_month="2026-08")
    definition = make_indicator(programme, codir_rank=1)
    count_nps(definition, 30, 40, month="2026-03")
    count_nps(definition, 70, 10, month="2026-06")


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: day)


def in_slide(one: IndicatorLine) -> list[str]:
    change = indicator_row(one)[-1]
    return ["".join(words.text for words in line) for line in change.lines]


def test_the_pages_of_indicators(
    executive: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(executive)
    for page in (f"{HOME}/indicators/", f"{HOME}/indicators/figures/nps/"):
        on(monkeypatch, LAST_DAY)
        shown = client.get(page).content.decode()
        assert "no verdict yet" in shown
        assert "“Summer” is open until the end of August 2026: no verdict on its change" in shown
        assert "↗" not in shown and "real improvement" not in shown
        on(monkeypatch, DAY_AFTER)
        shown = client.get(page).content.decode()
        assert "real improvement" in shown and "↗" in shown
        assert "no verdict yet" not in shown and "is open until" not in shown


def test_a_list_says_it_once(
    programme: Programme,
    executive: User,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make_indicator(programme, key="nps-too", name="NPS, too")
    count_nps(other, 30, 40, month="2026-03")
    count_nps(other, 70, 10, month="2026-06")
    on(monkeypatch, LAST_DAY)
    shown = client_of(executive).get(f"{HOME}/indicators/").content.decode()
    assert (shown.count("no verdict yet"), shown.count("is open until")) == (2, 1)


def test_the_figure_beside_the_score_and_its_slide(
    executive: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(executive)
    on(monkeypatch, LAST_DAY)
    answer = client.get(f"{HOME}/dashboard/")
    [figure] = [one for one in answer.context["figures"] if one.name == "NPS"]
    assert (figure.notes[1:], figure.change_tone) == (
        ("+70 pts no verdict yet", "since Spring"),
        "",
    )
    [line] = answer.context["indicators"]
    assert in_slide(line) == ["Summer against Spring: +70 pts", "no verdict yet"]
    on(monkeypatch, DAY_AFTER)
    answer = client.get(f"{HOME}/dashboard/")
    [figure] = [one for one in answer.context["figures"] if one.name == "NPS"]
    assert figure.notes[1:] == ("↗ +70 pts real improvement", "since Spring")
    assert in_slide(answer.context["indicators"][0])[1] == "↗ real improvement"


def test_in_french(executive: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, LAST_DAY)
    executive.language = "fr"
    executive.save()
    with translation.override("fr"):
        shown = client_of(executive).get(f"{HOME}/indicators/").content.decode()
    assert "pas encore de conclusion" in shown
    assert "fin août 2026\N{NO-BREAK SPACE}: pas de conclusion sur son évolution" in shown
