"""What a framework must satisfy to be published, and what deserves a warning.

Both return codes with their parameters; the caller words and translates them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from scoring.items import EXCEEDS, Item, Kind

LOWEST: Final = -3
HIGHEST: Final = 3
WEIGHTS: Final = range(1, 4)
MANY_LEVELS: Final = 6
BALANCE: Final = 4  # P/Q of a full stage belongs in [1/4, 4]

_SHAPES: Final[Mapping[Kind, Callable[[int, int], bool]]] = {
    Kind.BASIC: lambda low, high: low < 0 == high,
    Kind.PERFORMANCE: lambda low, high: low < 0 < high,
    Kind.DELIGHT: lambda low, high: low == 0 < high,
}


@dataclass(frozen=True, slots=True)
class ItemError:
    """A reason not to publish: one problem of one interaction."""

    code: str
    item: str
    params: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemWarning:
    """A soft warning about a stage (`item` None) or one interaction (`stage` is its own)."""

    code: str
    stage: str
    item: str | None = None
    params: Mapping[str, int] = field(default_factory=dict)


def check_items(items: Iterable[Item]) -> list[ItemError]:
    """Return every breach of the hard rules, in item order.

    Codes: duplicate_key, too_few_levels, level_not_integer, level_out_of_range, duplicate_level,
    zero_missing, {basic,performance,delight}_shape, weight_out_of_range, target_not_a_level,
    target_negative, basic_target_not_zero. Parameters: `points`, `weight`, `target` or `levels`.
    """
    errors: list[ItemError] = []
    seen: set[str] = set()
    for item in items:
        if item.key in seen:
            errors.append(ItemError("duplicate_key", item.key))
        seen.add(item.key)
        errors += _check_levels(item)
        if type(item.weight) is not int or item.weight not in WEIGHTS:
            errors.append(ItemError("weight_out_of_range", item.key, {"weight": item.weight}))
        errors += _check_target(item)
    return errors


def _check_levels(item: Item) -> Iterator[ItemError]:
    points = item.points
    if len(points) < 2:
        yield ItemError("too_few_levels", item.key, {"levels": len(points)})
    for value in dict.fromkeys(points):
        if type(value) is not int:
            yield ItemError("level_not_integer", item.key)
        elif not LOWEST <= value <= HIGHEST:
            yield ItemError("level_out_of_range", item.key, {"points": value})
        if points.count(value) > 1:
            yield ItemError("duplicate_level", item.key, {"points": value})
    if 0 not in points:
        yield ItemError("zero_missing", item.key)
    if points and not _SHAPES[item.kind](min(points), max(points)):
        yield ItemError(f"{item.kind}_shape", item.key)


def _check_target(item: Item) -> Iterator[ItemError]:
    target = item.target
    if target is None:
        return
    if target not in item.points:
        yield ItemError("target_not_a_level", item.key, {"target": target})
    if target < 0:
        yield ItemError("target_negative", item.key, {"target": target})
    elif target > 0 and item.kind is Kind.BASIC:
        yield ItemError("basic_target_not_zero", item.key, {"target": target})


def warn_items(items: Sequence[Item], stages: Iterable[str]) -> list[ItemWarning]:
    """Return the soft warnings, stage by stage; `stages` are the keys of the perimeter, in order.

    Codes: stage_without_basic, stage_without_exceeding (it can't be enchantment), stage_unbalanced
    (P/Q outside [1/4, 4]; parameters P and Q), many_levels (parameter `levels`). Drafts may be
    asked too, before they pass `check_items`.
    """
    return [
        warning
        for stage in stages
        for warning in _warn_stage(stage, [item for item in items if item.stage == stage])
    ]


def _warn_stage(stage: str, items: Sequence[Item]) -> Iterator[ItemWarning]:
    if all(item.kind is not Kind.BASIC for item in items):
        yield ItemWarning("stage_without_basic", stage)
    if not any(points >= EXCEEDS for item in items for points in item.points):
        yield ItemWarning("stage_without_exceeding", stage)
    P = sum(item.gain for item in items)
    Q = sum(item.loss for item in items)
    if P > BALANCE * Q or Q > BALANCE * P:
        yield ItemWarning("stage_unbalanced", stage, params={"P": P, "Q": Q})
    for item in items:
        if len(item.points) > MANY_LEVELS:
            yield ItemWarning("many_levels", stage, item.key, {"levels": len(item.points)})
