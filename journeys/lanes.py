"""The lanes a journey map can show: a registry to which each app adds its own.

A lane turns a journey into one cell per stage. Cells are typed values, never HTML, so that map,
table, curve, matrix and shared links read the same lanes. The map never imports to its right: an
app adds its lanes in its `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from journeys.access import Access
    from journeys.models import Journey
    from journeys.rights import Right


@dataclass(frozen=True, slots=True)
class RowRef:
    """The row of the map that an entry shows, for whoever may edit it: its part, number and field."""

    part: Literal["touchpoints", "needs", "choices"]
    pk: int
    field: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a cell. `icon` names an inline SVG, `mark` is a sign whose words are `mark_label`.

    A `blank` entry asks for what is still missing: only editors see it, and no document prints it.
    """

    text: str
    icon: str = ""
    icon_label: str = ""
    mark: str = ""
    mark_label: str = ""
    tone: Literal["", "muted", "disappointing", "neutral", "enchantment", "late", "done"] = ""
    detail: str = ""
    url: str = ""
    ref: RowRef | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with what it takes to be honest about it; all in score points, -100 to 100.

    `value` is None where not enough is known; `text` is how it is printed, `note` why so.
    `thresholds` are the framework's (low, high): disappointing up to low, enchantment from high.
    """

    value: float | None
    text: str
    n: int
    needed: int = 0
    low: float | None = None
    high: float | None = None
    target: float | None = None
    thresholds: tuple[float, float] | None = None
    label: Literal["disappointing", "neutral", "enchantment", "insufficient"] = "insufficient"
    confirmed: bool = False
    held_back: bool = False
    note: str = ""
    url: str = ""


Cell = tuple[Entry, ...] | Figure


@dataclass(frozen=True, slots=True)
class Lane:
    """`cells(journey, access)` answers {stage key: cell}; a stage it leaves out has an empty cell.

    `part` is what is added in its cells; `is_own` says that it shows nothing from outside the map.
    """

    key: str
    name: str
    hint: str
    order: int
    kind: Literal["entries", "curve", "figure"]
    cells: Callable[[Journey, Access], Mapping[str, Cell]]
    right: Right | None = None
    is_own: bool = False
    part: Literal["", "touchpoints", "needs", "choices"] = ""


_registry: dict[str, Lane] = {}


def register(lane: Lane) -> None:
    """Adds a lane under its key; raises ValueError if another lane has it already."""
    if _registry.get(lane.key, lane) != lane:
        raise ValueError(f"two lanes are called {lane.key}")
    _registry[lane.key] = lane


def known_lanes() -> list[Lane]:
    """All lanes, from top to bottom."""
    return sorted(_registry.values(), key=lambda lane: lane.order)


def lanes_for(access: Access) -> list[Lane]:
    """The lanes this person may see, from top to bottom."""
    return [lane for lane in known_lanes() if lane.right is None or access.may(lane.right)]
