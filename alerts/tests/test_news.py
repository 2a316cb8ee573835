"""Turns that observations which come late move to another month: pure, so without a database."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest

from alerts.news import find_news

TODAY = date(2026, 10, 20)  # the months looked at are April to October


def news(found: str, told: str) -> tuple[list[str], list[str]]:
    """Keys in short: "9d" a class, "9" missed basics; new and moved."""
    events: list[Any] = [Mock(key=key(one)) for one in found.split()]
    answer = find_news(events, [key(one) for one in told.split()], TODAY)
    return short(answer.new), short(answer.moved)


def key(one: str) -> str:
    month = f"2026-{int(one.rstrip('dne')):02d}"
    labels = {"d": "disappointing", "n": "neutral", "e": "enchantment"}
    if one[-1] in labels:
        return f"class_change:7:{month}:{labels[one[-1]]}"
    return f"broken_gate:7:{month}"


def short(events: Any) -> list[str]:
    parts = [event.key.split(":")[2:] for event in events]
    return [f"{int(month[5:])}{''.join(label)[:1]}" for month, *label in parts]


@pytest.mark.parametrize(
    ("found", "told", "new", "moved"),
    [
        ("9d", "", "9d", ""),
        ("9d", "9d", "", ""),
        ("8d", "9d", "", "8d"),  # earlier than it was told
        ("10d", "9d", "", "10d"),  # later
        ("8n", "9d", "8n", ""),  # another class
        ("9d 10n", "9d", "10n", ""),
        ("7d 8n 9d", "7d 8n", "9d", ""),  # it turned back in between, and is found
        ("10d", "8d 9n", "10d", ""),  # and so it was told, though it is not found any more
        ("10d", "9d 9n", "10d", ""),  # both in one month, in the order of telling
        ("8d", "9d 9n", "", "8d"),
        ("8d", "9n 9d", "8d", ""),
        ("5d 10d", "5d", "10d", ""),  # as after a new framework version, which begins anew
        ("10d", "4d", "10d", ""),  # no turn is found in the month that only begins
        ("9", "9", "", ""),
        ("8", "9", "", "8"),  # missed since then
        ("8 9", "9", "8", ""),  # covered in between
        ("10", "9", "10", ""),
    ],
)
def test_what_is_new_and_what_only_moved(found: str, told: str, new: str, moved: str) -> None:
    assert news(found, told) == (new.split(), moved.split())


def test_another_stage_has_moved_nothing() -> None:
    event: Any = Mock(key="class_change:8:2026-08:disappointing")
    assert find_news([event], [key("9d")], TODAY).new == [event]


def test_a_key_of_before_names_the_same_basics() -> None:
    """It ended in the label of the stage."""
    told = ["broken_gate:7:2026-09:neutral"]
    event: Any = Mock(key=key("9"))
    assert find_news([event], told, TODAY) == find_news([], told, TODAY)
    event.key = key("8")
    assert find_news([event], told, TODAY).moved == [event]


def test_actions_have_no_turns() -> None:
    late: Any = Mock(key="late_action:7:2026-09-01")
    assert find_news([late], ["late_action:7:2026-09-02"], TODAY).new == [late]
    assert find_news([late], [late.key], TODAY).new == []
