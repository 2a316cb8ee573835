"""Hard rules and soft warnings of a framework, as codes."""

from dataclasses import replace

import pytest

from scoring.scale import Item, ItemError, ItemWarning, Kind, check_items, warn_items

SOUND = Item("i", "S", Kind.PERFORMANCE, 1, (-1, 0, 1), 1)
BASIC = Item("b", "S", Kind.BASIC, 3, (-3, 0), 0)
DELIGHT = Item("d", "S", Kind.DELIGHT, 1, (0, 2), 2)


def codes(item: Item) -> list[str]:
    return [error.code for error in check_items([item])]


@pytest.mark.parametrize("item", [SOUND, BASIC, DELIGHT, replace(SOUND, target=None)])
def test_sound_items_pass(item: Item) -> None:
    assert check_items([item]) == []


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (replace(SOUND, points=()), ["too_few_levels", "zero_missing", "target_not_a_level"]),
        (replace(BASIC, points=(0,)), ["too_few_levels", "basic_shape"]),
        (replace(SOUND, points=(-1, 0, 1, 1)), ["duplicate_level"]),
        (replace(SOUND, points=(-4, 0, 1)), ["level_out_of_range"]),
        (replace(SOUND, points=(-1, 0, 1, 4)), ["level_out_of_range"]),
        (replace(SOUND, points=(-1, 1)), ["zero_missing"]),
        (replace(BASIC, points=(-1, 0, 1)), ["basic_shape"]),
        (replace(SOUND, points=(0, 1)), ["performance_shape"]),
        (replace(SOUND, points=(-1, 0), target=0), ["performance_shape"]),
        (replace(DELIGHT, points=(-1, 0, 2)), ["delight_shape"]),
        (replace(SOUND, weight=0), ["weight_out_of_range"]),
        (replace(SOUND, weight=4), ["weight_out_of_range"]),
        (replace(DELIGHT, target=1), ["target_not_a_level"]),
        (replace(SOUND, target=-1), ["target_negative"]),
        (replace(BASIC, points=(-1, 0, 1), target=1), ["basic_shape", "basic_target_not_zero"]),
    ],
)
def test_hard_rules(item: Item, expected: list[str]) -> None:
    assert codes(item) == expected


def test_a_level_is_a_whole_number() -> None:
    half: tuple[int, ...] = (-1, 0, 0.5)  # type: ignore[assignment]
    assert codes(replace(SOUND, points=half, target=0)) == ["level_not_integer"]


def test_errors_name_the_item_and_what_is_wrong() -> None:
    assert check_items([SOUND, replace(SOUND, weight=9)]) == [
        ItemError("duplicate_key", "i"),
        ItemError("weight_out_of_range", "i", {"weight": 9}),
    ]


def test_a_balanced_stage_raises_no_warning() -> None:
    basic = replace(BASIC, weight=1)
    assert warn_items([basic, DELIGHT], ["S"]) == []


def test_soft_warnings() -> None:
    many = replace(SOUND, key="many", stage="T", points=(-3, -2, -1, 0, 1, 2, 3))
    lone = replace(SOUND, key="lone", stage="U", points=(-3, -2, 0, 1))
    tilted = replace(BASIC, key="tilted", stage="U", points=(-2, 0))
    assert warn_items([many, lone, tilted], ["T", "U", "V"]) == [
        ItemWarning("stage_without_basic", "T"),
        ItemWarning("many_levels", "T", "many", {"levels": 7}),
        ItemWarning("stage_without_exceeding", "U"),
        ItemWarning("stage_unbalanced", "U", params={"P": 1, "Q": 9}),
        ItemWarning("stage_without_basic", "V"),
        ItemWarning("stage_without_exceeding", "V"),
    ]


@pytest.mark.parametrize(("gain", "warned"), [(1, True), (2, False)])
def test_balance_is_a_quarter_to_four(gain: int, warned: bool) -> None:
    """Q is 6: P = 1 lies outside [1/4, 4], P = 2 inside."""
    items = [replace(BASIC, weight=1), Item("p", "S", Kind.PERFORMANCE, 1, (-3, 0, gain))]
    found = [warning.code for warning in warn_items(items, ["S"])]
    assert ("stage_unbalanced" in found) is warned


def test_a_draft_without_levels_is_warned_about_like_any_other() -> None:
    empty = replace(BASIC, points=())
    assert [w.code for w in warn_items([empty], ["S"])] == ["stage_without_exceeding"]
