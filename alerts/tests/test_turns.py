"""From one month's end to the next: pure, so without a database."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

from alerts.turns import MonthEnd, class_turns, gate_turns, lacks_memory
from scoring.figures import Certainty, Flag, Label


def end(
    month: int, label: Label, *, sure: bool = True, version: int = 1, broken: bool = False
) -> MonthEnd:
    score: Any = Mock(
        label=label,
        certainty=Certainty.CONFIRMED if sure else Certainty.TO_CONFIRM,
        flags=(Flag.BASICS_NOT_COVERED,) if broken else (),
    )
    return MonthEnd(f"2026-{month:02d}", version, score)


def test_an_unsure_month_between_does_not_hide_the_change() -> None:
    ends = [
        end(1, Label.NEUTRAL),
        end(2, Label.DISAPPOINTING, sure=False),
        end(3, Label.DISAPPOINTING),
        end(4, Label.DISAPPOINTING),
    ]
    [turn] = class_turns(ends)
    assert (turn.month, turn.was) == ("2026-03", Label.NEUTRAL)


def test_the_first_class_confirmed_is_no_change() -> None:
    assert not list(class_turns([end(1, Label.NEUTRAL, sure=False), end(2, Label.NEUTRAL)]))


def test_a_new_framework_version_begins_anew() -> None:
    ends = [end(1, Label.NEUTRAL), end(2, Label.DISAPPOINTING, version=2)]
    assert not list(class_turns(ends))


def test_basics_missed_all_the_time_are_told_once() -> None:
    ends = [
        end(1, Label.NEUTRAL),
        end(2, Label.NEUTRAL, broken=True),
        end(3, Label.NEUTRAL, broken=True),
        end(4, Label.NEUTRAL),
        end(5, Label.DISAPPOINTING, broken=True),
    ]
    assert [turn.month for turn in gate_turns(ends)] == ["2026-02", "2026-05"]


def test_a_month_without_enough_data_says_nothing_of_basics() -> None:
    ends = [
        end(1, Label.NEUTRAL, broken=True),
        end(2, Label.INSUFFICIENT),
        end(3, Label.NEUTRAL, broken=True),
    ]
    assert not list(gate_turns(ends))


def test_basics_begin_anew_with_each_framework_version() -> None:
    ends = [
        end(1, Label.NEUTRAL),
        end(2, Label.NEUTRAL, broken=True, version=2),
        end(3, Label.NEUTRAL, broken=True, version=2),
    ]
    assert not list(gate_turns(ends))
    ends += [end(4, Label.NEUTRAL, version=2), end(5, Label.NEUTRAL, broken=True, version=2)]
    assert [turn.month for turn in gate_turns(ends)] == ["2026-05"]


def test_the_same_turns_are_found_when_the_past_begins_a_month_later() -> None:
    ends = [
        end(1, Label.NEUTRAL, broken=True),
        end(2, Label.INSUFFICIENT, version=2),
        end(3, Label.NEUTRAL, broken=True, version=2),
        end(4, Label.NEUTRAL, version=2),
        end(5, Label.NEUTRAL, broken=True, version=2),
    ]
    for first in range(len(ends)):
        found = [turn.month for turn in gate_turns(ends[first:])]
        assert found == [month for month in ("2026-03", "2026-05") if month > ends[first].month]


def test_a_class_confirmed_before_the_first_month_is_what_it_turns_from() -> None:
    ends = [end(2, Label.NEUTRAL, sure=False), end(3, Label.DISAPPOINTING)]
    [turn] = class_turns(ends, Label.NEUTRAL)
    assert (turn.month, turn.was) == ("2026-03", Label.NEUTRAL)
    assert not list(class_turns(ends, Label.DISAPPOINTING))
    ends[1] = end(3, Label.DISAPPOINTING, version=2)
    assert not list(class_turns(ends, Label.NEUTRAL))


def test_the_time_before_is_asked_for_only_where_a_turn_hangs_on_it() -> None:
    unsure = end(2, Label.NEUTRAL, sure=False)
    assert lacks_memory([unsure, end(3, Label.DISAPPOINTING)])
    assert not lacks_memory([])
    assert not lacks_memory([unsure, unsure])
    assert not lacks_memory([end(2, Label.NEUTRAL), end(3, Label.DISAPPOINTING)])
    assert not lacks_memory([unsure, end(3, Label.DISAPPOINTING, version=2)])
    none = end(2, Label.INSUFFICIENT, sure=False)
    assert not lacks_memory([none, end(3, Label.DISAPPOINTING)])
