"""What the API and the pages show of changes, held against what was added up by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.test import Client

from dashboards.tests.by_hand import rounded
from dashboards.tests.changes_by_hand import Change, LikeForLike
from dashboards.tests.test_figures_from_raw_rows import assert_shown, number
from journeys.models import Method
from scoring.wording import UNKNOWN

Shown = dict[str, Any]
JOURNEY = "/programmes/casa-nord/journeys/family-store/"
API = "/api/v1/programmes/casa-nord/journeys/family-store/changes/"
BOTH = {"before": "W1", "after": "W2"}
NAMES = {str(label): value for value, label in Method.choices}


def told_by_api(client: Client, **query: str) -> Shown:
    answer = client.get(API, BOTH | query)
    assert answer.status_code == 200
    found: Shown = answer.json()
    return found


def assert_figures(told: Shown, by_hand: Change) -> None:
    """Exactly, and to the last digit of every number of the API."""
    assert (told["n_before"], told["n_after"]) == by_hand.n, (told, by_hand)
    for name in ("before", "after", "change"):
        exact = getattr(by_hand, name)
        assert told[f"{name}_exact"] == (None if exact is None else str(exact)), (told, by_hand)
        assert exact is None or Fraction(told[name]) == rounded(exact, 6)
    assert told["crude_change_exact"] == (None if by_hand.crude is None else str(by_hand.crude))


def assert_stage(told: Shown, by_hand: Change) -> None:
    assert_figures(told, by_hand)
    methods = {one["method"]: one for one in told["methods"] if not one["excluded_because"]}
    expected = {NAMES[name]: one for name, one in by_hand.methods.items()}
    assert sorted(methods) == sorted(expected)
    for name, one in expected.items():
        assert_figures(methods[name], one)


def decimals(interval: list[float] | tuple[float, float]) -> int:
    return 1 if (interval[1] - interval[0]) / 2 <= 12 else 0


def assert_printed(row: Any, told: Shown, by_hand: Change) -> None:
    """The stage of the page of changes, and the methods that are compared in it."""
    was_read = told["excluded_because"] != "different_framework"
    assert (row.before.n, row.after.n) == (by_hand.n if was_read else (None, None))
    if by_hand.change is None:
        assert {row.before.score, row.after.score, row.change} == {UNKNOWN}
        return
    assert by_hand.before is not None and by_hand.after is not None
    assert_shown(row.before.score, by_hand.before, decimals(told["before_interval"]))
    assert_shown(row.after.score, by_hand.after, decimals(told["after_interval"]))
    assert_shown(row.change, by_hand.change, decimals(told["interval"]))
    compared = {line.name: line for line in row.methods if line.is_compared}
    assert set(compared) == set(by_hand.methods)
    for name, one in by_hand.methods.items():
        line = compared[name]
        assert (line.before.n, line.after.n) == one.n
        for text, exact in (
            (line.before.score, one.before),
            (line.after.score, one.after),
            (line.change, one.change),
        ):
            assert exact is not None
            assert_shown(text, exact, number(text)[1])


def assert_whole(line: Any, by_hand: Change) -> None:
    for name in ("before", "after", "change"):
        text, exact = getattr(line, name), getattr(by_hand, name)
        assert exact is not None
        assert_shown(text, exact, number(text)[1])


def compare(client: Client, by_hand: LikeForLike, **query: str) -> tuple[Shown, Any]:
    """Every stage of the API and of the page, and the whole journey; what both were compared with."""
    told = told_by_api(client, **query)
    context = client.get(f"{JOURNEY}changes/", BOTH | query).context
    assert [one["stage"] for one in told["stages"]] == list(by_hand.added.rows.stages)
    for one, row in zip(told["stages"], context["rows"], strict=True):
        stage = by_hand.stage(one["stage"])
        assert_stage(one, stage)
        assert_printed(row, one, stage)
    whole, found = by_hand.journey(), context["sheet"].whole
    assert (found.before, found.after, found.change) == (whole.before, whole.after, whole.change)
    assert (found.n_before, found.n_after) == whole.n
    assert_whole(context["whole"], whole)
    return told, context
