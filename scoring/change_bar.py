"""Where the interval of a change lies on a scale shared by several, in % of its width as SVG reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from scoring.change import StageChange
from scoring.planning import MATERIAL

STEP: Final = 25  # the scale ends at a multiple of it
LEAST: Final = 50


@dataclass(frozen=True, slots=True)
class Bar:
    """The interval, the change in it, and the strip in which nothing material changed."""

    low: str
    width: str
    mark: str
    material_low: str
    material_width: str


def scale_of(stages: Sequence[StageChange]) -> int:
    """One scale for all bars, as far to either side: from -bound to +bound points."""
    ends = [abs(end) for one in stages if one.judged for end in one.judged[1]]
    return max(LEAST, STEP * ceil(max(ends, default=0) / STEP))


def bar_of(one: StageChange, bound: int) -> Bar | None:
    """The change that the verdict is read off, and the strip in which nothing material changed."""
    if one.judged is None:
        return None
    change, (low, high) = one.judged
    return Bar(
        low=_place(low, bound),
        width=_width(high - low, bound),
        mark=_place(float(change), bound),
        material_low=_place(-MATERIAL, bound),
        material_width=_width(2 * MATERIAL, bound),
    )


def _place(value: float, bound: int) -> str:
    return f"{50 + 50 * value / bound:.2f}%"


def _width(points: float, bound: int) -> str:
    return f"{50 * points / bound:.2f}%"
