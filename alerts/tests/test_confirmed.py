"""A class that was confirmed before the months looked at is remembered, at a cost that has an end."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest

from accounts.models import User
from alerts.confirmed import MEMORY, confirmed_before
from alerts.events import find_events
from alerts.models import Kind
from alerts.tests.past import BAD, GOOD, TODAY, observe
from alerts.turns import MonthEnd
from journeys.access import access_of
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from scoring.figures import Certainty, Label

pytestmark = pytest.mark.usefixtures("framework")
CONFIRMED, UNSURE = Certainty.CONFIRMED, Certainty.TO_CONFIRM


@pytest.mark.parametrize("today", [date(2026, 9, 20), TODAY, date(2027, 2, 1)])
def test_a_class_unsure_for_longer_than_is_looked_at_still_turns(
    programme: Programme, executive: User, today: date
) -> None:
    """Enchanting beyond doubt in October, unsure from November on, disappointing next September."""
    observe(programme, "2025-10", GOOD, 10)
    observe(programme, "2025-11", BAD, 2)
    observe(programme, "2026-09", BAD, 48)
    fold_pending()
    [event] = find_events(access_of(executive, programme), [Kind.CLASS_CHANGE], today)
    assert (event.stage.key, event.on, event.was) == ("S1", "2026-09", Label.ENCHANTMENT)


def end(label: Label, certainty: Certainty, *, month: str = "2026-04", version: int = 1) -> Any:
    score = Mock(stage="S1", label=label, certainty=certainty)
    return MonthEnd(month, version, score)


OPEN = {
    "S1": [
        end(Label.NEUTRAL, UNSURE),
        end(Label.DISAPPOINTING, CONFIRMED, month="2026-05"),
    ]
}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The months before 2026-04 as given, newest first, the last of them for all before."""

    def reading(*ends: MonthEnd) -> list[str]:
        months: list[str] = []

        def read_scores(journey: Journey, selection: Any) -> Any:
            one = ends[min(len(months), len(ends) - 1)]
            months.append(selection.last_month)
            return Mock(framework=Mock(version=one.version), reading=Mock(stages=[one.score]))

        monkeypatch.setattr("alerts.confirmed.read_scores", read_scores)
        return months

    return reading


def test_no_more_than_the_memory_is_read(journey: Journey, executive: User, read: Any) -> None:
    access = access_of(executive, journey.programme)
    months = read(end(Label.NEUTRAL, UNSURE))
    assert confirmed_before(access, journey, OPEN) == {}
    assert len(months) == MEMORY
    assert (months[0], months[3], months[-1]) == ("2026-03", "2025-12", "2024-04")


@pytest.mark.parametrize(
    ("last", "found"),
    [
        (end(Label.ENCHANTMENT, CONFIRMED), {"S1": Label.ENCHANTMENT}),
        (end(Label.INSUFFICIENT, Certainty.NONE), {}),
        (end(Label.ENCHANTMENT, CONFIRMED, version=2), {}),
    ],
)
def test_reading_back_ends_where_the_answer_is_known(
    journey: Journey, executive: User, read: Any, last: MonthEnd, found: dict[str, Label]
) -> None:
    access = access_of(executive, journey.programme)
    months = read(end(Label.NEUTRAL, UNSURE), last)
    assert confirmed_before(access, journey, OPEN) == found
    assert months == ["2026-03", "2026-02"]


def test_nothing_is_read_where_no_turn_hangs_on_it(
    journey: Journey, executive: User, read: Any
) -> None:
    access = access_of(executive, journey.programme)
    months = read(end(Label.NEUTRAL, UNSURE))
    assert confirmed_before(access, journey, {"S1": OPEN["S1"][:1]}) == {}
    assert months == []
