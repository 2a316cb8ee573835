"""How workshops are reached: whoever edits the plan runs them, whoever reads it reads how they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from actionplans.workshop_flow import Phase
from journeys.access import Access
from journeys.rights import Right

if TYPE_CHECKING:
    from actionplans.workshop_models import Workshop  # noqa: F401


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, access: Access) -> Self:
        rows = self.filter(programme=access.programme)
        if access.may(Right.EDIT_PLAN):
            return rows
        if access.sees_whole_plan:
            return rows.filter(phase=Phase.CLOSED)
        return rows.none()

    def running(self) -> Self:
        """People can be in it; one that was left behind is none."""
        return self.exclude(code=None).filter(code_expires_at__gt=timezone.now())

    def for_list(self) -> Self:
        return self.select_related("facilitator").annotate(
            people=Count("participants", filter=Q(participants__removed_at=None), distinct=True),
            gap_count=Count("gaps", distinct=True),
            action_count=Count("gaps__groups__decisions__action", distinct=True),
        )
