"""The plan as columns by status: the most urgent cards of each, and how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from actionplans.models import Action
from actionplans.querysets import ActionQuerySet

MOST_CARDS: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    status: str
    name: str
    cards: list[Action]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.cards)


def columns_of(rows: ActionQuerySet) -> list[Column]:
    """Open ones by due date, closed ones the latest first. The same questions for any number."""
    counted = rows.order_by().values_list("status").annotate(n=Count("pk"))
    totals: dict[str, int] = dict(counted)
    return [
        Column(value, str(name), _cards(rows, value), totals.get(value, 0))
        for value, name in Action.Status.choices
    ]


def _cards(rows: ActionQuerySet, status: str) -> list[Action]:
    order = "due_on" if status in Action.OPEN else "-due_on"
    return list(rows.filter(status=status).order_by(order, "pk").for_views()[:MOST_CARDS])
