"""Which measures may be due, and how pages read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from actionplans.measure_models import Measure  # noqa: F401


class MeasureQuerySet(models.QuerySet["Measure"]):
    def with_parts(self) -> Self:
        """All that a page says of a measure."""
        return self.select_related(
            "fixed_by", "result", "replaces", "replaced_by"
        ).prefetch_related("measured_stages__stage", "places__location")

    def over(self) -> Self:
        """Those whose window has closed without a result yet."""
        return self.filter(result=None, after_to__lt=f"{timezone.localdate():%Y-%m}")
