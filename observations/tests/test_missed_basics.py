"""Which basics were missed: of the methods used, under the filters, each by its own counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.scores import ScoreSheet, read_scores
from observations.selection import Selection
from observations.tests.factories import ANSWERS, submit
from scoring.basics import MissedBasic
from scoring.models import Framework
from scoring.tests.factories import make_interaction


def sheet_of(programme: Programme, **filters: Any) -> ScoreSheet:
    fold_pending()
    return read_scores(programme.journeys.get(), Selection(**filters))


def answer(programme: Programme, times: int, **changes: Any) -> None:
    answers = ANSWERS | changes.pop("answers")
    for _number in range(times):
        submit(programme, answers=answers, **changes)


@pytest.fixture
def seen(programme: Programme, framework: Framework) -> Programme:
    """Four of nine miss S1-b; one did not see it, for one it did not apply."""
    answer(programme, 4, answers={"S1-b": -2, "S2-b": 0})
    answer(programme, 5, answers={"S1-b": 0, "S2-b": 0})
    answer(programme, 1, answers={"S1-b": "NO", "S2-b": 0})
    answer(programme, 1, answers={"S1-b": "NA", "S2-b": 0})
    return programme


def test_a_basic_is_counted_where_it_was_answered(seen: Programme) -> None:
    assert sheet_of(seen).missed_basics == {"S1": (MissedBasic("Interaction S1-b", 4, 9),)}


def test_only_used_methods_and_what_is_selected(seen: Programme) -> None:
    answer(seen, 2, answers={"S1-b": -2}, method="survey")  # too few to be used
    answer(seen, 6, answers={"S1-b": -2}, location="LYO1")
    assert sheet_of(seen).missed_basics["S1"] == (MissedBasic("Interaction S1-b", 10, 15),)
    in_paris = sheet_of(seen, locations=("PAR1",))
    assert in_paris.missed_basics["S1"] == (MissedBasic("Interaction S1-b", 4, 9),)
    assert sheet_of(seen, first_month="2027-01").missed_basics == {}


def test_worse_basics_come_first_and_untouched_ones_not_at_all(
    seen: Programme, framework: Framework, journey: Journey
) -> None:
    stage = journey.stages.get(key="S1")
    for key, below in (("S1-b2", -3), ("S1-b3", -1)):
        make_interaction(framework, stage, key, (below, 0), kind="basic")
    answer(seen, 6, answers={"S1-b": 0, "S1-b2": -3, "S1-b3": 0})
    statements = [one.statement for one in sheet_of(seen).missed_basics["S1"]]
    assert statements == ["Interaction S1-b2", "Interaction S1-b"]


def test_what_counts_as_missed_is_the_framework_s_own(seen: Programme, journey: Journey) -> None:
    """With "only at -2 or worse", -1 is not missed."""
    framework = Framework.objects.get()
    make_interaction(framework, journey.stages.get(key="S1"), "S1-soft", (-1, 0), kind="basic")
    Framework.objects.update(broken_below=-1)
    answer(seen, 6, answers={"S1-b": -2, "S1-soft": -1})
    statements = [one.statement for one in sheet_of(seen).missed_basics["S1"]]
    assert statements == ["Interaction S1-b"]


def test_a_channel_knows_its_own_basics(seen: Programme) -> None:
    assert "S1" in sheet_of(seen, channel="store").missed_basics
    Framework.objects.get().interactions.filter(key="S1-b").update(touchpoint=None)
    assert sheet_of(seen, channel="store").missed_basics.get("S1", ()) == ()


def test_two_queries_for_all_stages_or_none(seen: Programme, framework: Framework) -> None:
    answer(seen, 9, answers={"S1-b": -2, "S2-b": -2, "S3-b": -2})
    sheet = sheet_of(seen)
    with CaptureQueriesContext(connection) as captured:
        assert set(sheet.missed_basics) == {"S1", "S2", "S3"}
        assert sheet.missed_basics
    assert len(captured) == 2
    covered = sheet_of(seen, first_month="2027-01")
    with CaptureQueriesContext(connection) as captured:
        assert covered.missed_basics == {}
    assert len(captured) == 0


def test_nothing_is_missed_without_a_framework(programme: Programme) -> None:
    assert sheet_of(programme).missed_basics == {}
