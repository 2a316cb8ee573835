"""How indicators and what was counted for them are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.functions import Cast

from journeys.access import Access
from journeys.rights import Right

if TYPE_CHECKING:
    from observations.indicator_models import IndicatorDefinition, IndicatorReading  # noqa: F401

# In the order of scoring.indicators.Sums; PostgreSQL sums bigints as numerics, slow to read.
SUMS = {
    f"sum_{name}": Cast(Sum(name, default=0), BigIntegerField())
    for name in ("n", "hits", "misses", "joined", "total", "squares")
} | {"unsquared": Count("pk", filter=Q(squares=None))}


class DefinitionQuerySet(models.QuerySet["IndicatorDefinition"]):
    def visible_to(self, access: Access) -> Self:
        rows = self.filter(programme=access.programme)
        return rows if access.may(Right.SEE_SCORES) else rows.none()

    def current(self) -> Self:
        return self.filter(replaced_at=None)

    def for_executives(self) -> Self:
        """Those with a place on the one page, in its order."""
        return self.current().filter(codir_rank__isnull=False).order_by("codir_rank")


class IndicatorReadingQuerySet(models.QuerySet["IndicatorReading"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the programme whose figures this person may read: all, or own locations'."""
        rows = self.filter(definition__programme=access.programme)
        if not access.may(Right.SEE_SCORES):
            return rows.none()
        if access.reading_location_ids is None:
            return rows
        return rows.filter(location__in=access.reading_location_ids)
