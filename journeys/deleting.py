"""Deleting what nothing depends on, and saying what does; a whole programme in a few statements."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models, transaction
from django.db.models import CASCADE, PROTECT, RESTRICT, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from accounts.models import User
from journeys.audit import record
from journeys.models import Programme
from journeys.ordering import renumber_stages

logger = logging.getLogger(__name__)
Conditions = dict[type[models.Model], list[Q]]
OnDelete = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Dependant:
    """So many rows of one kind that would lose what they refer to."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Held:
    """A row that can't go, and what hangs on it."""

    row: models.Model
    dependants: list[Dependant]


class StillUsed(Exception):
    """Some rows can't go: `held` says of each what hangs on it."""

    def __init__(self, held: Sequence[Held]) -> None:
        super().__init__(*(f"{each.row}: {each.dependants}" for each in held))
        self.held = held


def dependants_of(row: models.Model) -> list[Dependant]:
    """What keeps `row` from being deleted, counted by the database and never loaded.

    Rows that would be deleted along with it by another way don't count: that is what RESTRICT means.
    """
    gone: Conditions = defaultdict(list)
    held: Conditions = defaultdict(list)
    _follow(type(row)._base_manager.filter(pk=row.pk), gone, held)
    found = []
    for model, conditions in held.items():
        rows = model._base_manager.filter(_any(conditions))
        if model in gone:
            rows = rows.exclude(pk__in=model._base_manager.filter(_any(gone[model])).values("pk"))
        count = rows.count()
        if count:
            name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            found.append(Dependant(str(name), count))
    return found


@transaction.atomic
def delete_row(*, row: models.Model, programme: Programme, actor: User) -> None:
    """Raises StillUsed, and deletes nothing, where observations or other rows depend on it."""
    # Held before what hangs on it is counted: whoever hangs something on it holds it as well.
    list(type(row)._base_manager.select_for_update().filter(pk=row.pk).values_list("pk"))
    dependants = dependants_of(row)
    if dependants:
        raise StillUsed([Held(row, dependants)])
    journey = getattr(row, "journey", None) if row._meta.model_name == "stage" else None
    record(
        programme=programme,
        actor=actor,
        verb="deleted",
        subject=f"{row._meta.verbose_name} {row}",
    )
    row.delete()
    if journey is not None:
        renumber_stages(journey=journey)


@transaction.atomic
def delete_rows(*, rows: Iterable[models.Model], programme: Programme, actor: User) -> None:
    """All of them or none: StillUsed tells of each that something depends on."""
    held: list[Held] = []
    for row in rows:
        try:
            delete_row(row=row, programme=programme, actor=actor)
        except StillUsed as refusal:
            held += refusal.held
    if held:
        raise StillUsed(held)


@transaction.atomic
def delete_programme(*, programme: Programme, actor: User) -> None:
    """Everything of a programme, children first, one statement a table, no row in memory.

    Its audit entries go with it, so the log keeps who did it.
    """
    gone: Conditions = defaultdict(list)
    _follow(Programme._base_manager.filter(pk=programme.pk), gone, defaultdict(list))
    for model in _children_first(gone):
        model._base_manager.filter(_any(gone[model]))._raw_delete(using=programme._state.db)
    Programme._base_manager.filter(pk=programme.pk).delete()
    logger.info("Programme %s deleted by user %s", programme.slug, actor.pk)


def _follow(rows: QuerySet[Any], gone: Conditions, held: Conditions) -> None:
    """Walks what refers to `rows`: into `gone` what goes along, into `held` what stands in the way."""
    for relation in _relations(rows.model):
        if relation.related_model is rows.model:
            continue  # rows of one table go in one statement, whatever they say of each other
        condition = Q(**{f"{relation.field.name}__in": rows})
        on_delete = relation.on_delete
        model = relation.related_model
        assert isinstance(model, type)
        if on_delete in (RESTRICT, PROTECT):
            held[model].append(condition)
        elif on_delete is CASCADE:
            gone[model].append(condition)
            _follow(model._base_manager.filter(condition).order_by().values("pk"), gone, held)


def _relations(model: type[models.Model]) -> Iterator[ForeignObjectRel]:
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many:
            yield relation


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions)


def _children_first(gone: Conditions) -> list[type[models.Model]]:
    """Each model after all that refer to it; Python walks depth first over a graph without rings."""
    order: list[type[models.Model]] = []

    def visit(model: type[models.Model]) -> None:
        if model in order:
            return
        for relation in _relations(model):
            child = relation.related_model
            assert isinstance(child, type)
            if child in gone and child is not model:
                visit(child)
        order.append(model)

    for model in gone:
        visit(model)
    return order
