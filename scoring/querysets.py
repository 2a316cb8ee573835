"""How frameworks are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Prefetch

from accounts.models import User
from journeys.models import Programme
from journeys.rights import Right

if TYPE_CHECKING:
    from scoring.models import Framework  # noqa: F401


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def visible_to(self, user: User) -> Self:
        """Drafts and history for those who read the method; guides are reached by `open`."""
        return self.filter(
            journey__programme__in=Programme.objects.with_right(user, Right.SEE_METHOD)
        )

    def taking_observations(self) -> Self:
        return self.filter(status__in=("published", "closing"))

    def published(self) -> Self:
        return self.exclude(status="draft")

    def with_counts(self) -> Self:
        return self.annotate(interaction_count=Count("interactions"))

    def with_guide(self) -> Self:
        """Interactions with levels, stage and channel, in a fixed number of queries."""
        from scoring.models import Interaction

        interactions = Interaction.objects.select_related(
            "stage", "touchpoint__channel"
        ).prefetch_related("levels")
        return self.select_related("journey__programme", "journey__segment").prefetch_related(
            Prefetch("interactions", interactions)
        )
