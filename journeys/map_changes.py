"""What a step leaves to be drawn again on a map: some columns, never the whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from journeys.models import Choice, Journey, MapEdit, Need, Stage, Touchpoint

_SHAPE = frozenset({"phase", "position"})
_PARTS = {"touchpoint": Touchpoint, "need": Need, "choice": Choice}


@dataclass(frozen=True, slots=True)
class Redrawing:
    """Numbers of stages: whose cells changed, which of them are new columns; `shape`: the order did.

    `heads`: a stage's own name, phase, criticality or perimeter changed, which measured lanes show.
    """

    stages: frozenset[int]
    added: frozenset[int]
    shape: bool
    heads: bool = False


def redrawing_of(steps: Collection[MapEdit], *, backwards: bool = False) -> Redrawing:
    """The same for a step taken, taken back (`backwards`), or several taken by others."""
    to, since = ("before", "after") if backwards else ("after", "before")
    stages: set[int] = set()
    added: set[int] = set()
    shape = heads = False
    parts: dict[str, set[int]] = {}
    criteria: set[int] = set()
    for one in (change for step in steps for change in step.changes):
        if one["model"] == "stage":
            fields = set(one[to] or ()) | set(one[since] or ())
            shape |= bool(_SHAPE & fields)
            if fields - {"position"}:
                stages.add(one["row"])
                heads |= None not in (one[to], one[since])
            if one[since] is None:
                added.add(one["row"])
        elif one["model"] == "criterion":
            parts.setdefault("choice", set()).update(_named(one, "choice_id"))
            criteria.add(one["row"])
        else:
            parts.setdefault(one["model"], set()).add(one["row"])
            stages |= _named(one, "stage_id")
    changed = Choice.objects.filter(criteria__in=criteria).values_list("pk", flat=True)
    parts.setdefault("choice", set()).update(changed if criteria else ())
    return Redrawing(frozenset(stages | _holding(parts)), frozenset(added), shape, heads)


def _named(change: dict[str, Any], field: str) -> set[int]:
    """A row that was added, deleted or moved names what it hangs on, before and after."""
    sides = (change["before"] or {}, change["after"] or {})
    return {side[field] for side in sides if field in side}


def _holding(parts: dict[str, set[int]]) -> set[int]:
    """The stages that the parts are in now; those that are gone have named theirs."""
    found: set[int] = set()
    for name, rows in parts.items():
        if rows:
            held = _PARTS[name]._default_manager.filter(pk__in=rows)
            found |= set(held.values_list("stage", flat=True))
    return found


def with_columns(journeys: QuerySet[Journey], stages: Collection[int]) -> Any:
    """Journeys whose `stages.all()` are these alone, so that lanes draw nothing else."""
    return journeys.for_map(Stage.objects.filter(pk__in=stages))  # type: ignore[attr-defined]
