"""Imports one over the other: undone in any order, nothing of an undone one comes back."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.models import Programme
from observations.indicator_imports import apply_import, hold_table, undo_import
from observations.models import ImportRun, IndicatorDefinition
from observations.tests.indicator_factories import count_nps, make_indicator

HEAD = "month;location;promoters;passives;detractors\n"


@pytest.fixture
def definition(programme: Programme) -> IndicatorDefinition:
    return make_indicator(programme)


def applied(definition: IndicatorDefinition, actor: User, promoters: int) -> ImportRun:
    text = f"{HEAD}2026-03;PAR1;{promoters};9;8\n"
    run = hold_table(definition=definition, text=text, source="mars.csv", actor=actor)
    return apply_import(run=run, only_good_rows=False, actor=actor)


def standing(definition: IndicatorDefinition) -> list[tuple[int, int | None]]:
    return list(definition.readings.values_list("hits", "run"))


def test_both_undone_in_the_order_they_came_leave_nothing(
    definition: IndicatorDefinition, consultant: User
) -> None:
    first, second = (applied(definition, consultant, one) for one in (19, 30))
    assert undo_import(run=first, actor=consultant) == 1
    assert standing(definition) == [(30, second.pk)]
    assert undo_import(run=second, actor=consultant) == 0
    assert standing(definition) == []


def test_what_stood_before_two_undone_ones_comes_back(
    definition: IndicatorDefinition, consultant: User
) -> None:
    typed = count_nps(definition, 40, 20, location="PAR1")
    first, second, third = (applied(definition, consultant, one) for one in (19, 30, 31))
    assert undo_import(run=second, actor=consultant) == 1
    assert undo_import(run=first, actor=consultant) == 1
    assert undo_import(run=third, actor=consultant) == 0
    typed.refresh_from_db()
    assert (typed.hits, typed.n, typed.run, typed.version) == (40, 100, None, 4)


def test_one_that_still_stands_comes_back_as_its_own(
    definition: IndicatorDefinition, consultant: User
) -> None:
    first, second, third = (applied(definition, consultant, one) for one in (19, 30, 31))
    undo_import(run=second, actor=consultant)
    undo_import(run=third, actor=consultant)
    assert standing(definition) == [(19, first.pk)]
    undo_import(run=first, actor=consultant)
    assert standing(definition) == []
