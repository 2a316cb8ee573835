"""Whether the figures of a page are still those of now: one short word for what they were read from."""

from __future__ import annotations

from django.db.models import Sum

from journeys.models import Journey
from observations.models import PendingFold
from scoring.models import Framework


def fingerprint(journey: Journey) -> str:
    """Changes with every fold and every observation that waits for one, in any version: "41.2"."""
    frameworks = Framework.objects.filter(journey=journey)
    folds = frameworks.aggregate(total=Sum("cells_revision", default=0))["total"]
    waiting = PendingFold.objects.filter(framework__in=frameworks).count()
    return f"{folds}.{waiting}"
