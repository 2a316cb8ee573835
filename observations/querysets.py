"""How observations are reached: the programme's, a location's, or one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Prefetch, Q

from journeys.access import Access
from journeys.rights import Right

if TYPE_CHECKING:
    from observations.models import Observation  # noqa: F401


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the programme that this person may read: all, own locations', or own."""
        rows = self.filter(programme=access.programme)
        if not access.may(Right.SEE_OBSERVATIONS):
            return rows.none()
        if access.may_at_once(Right.SEE_OBSERVATIONS | Right.SEE_ALL_LOCATIONS):
            return rows
        own = Q(uploaded_by=access.user)
        if access.observer_code:
            own |= Q(revisions__is_current=True, revisions__observer=access.observer_code)
        if "location_manager" in access.roles:
            own |= Q(
                revisions__is_current=True,
                revisions__location__memberships__user=access.user,
                revisions__location__memberships__role="location_manager",
            )
        return rows.filter(pk__in=rows.filter(own).values("pk"))

    def counted(self) -> Self:
        return self.filter(withdrawn_at=None)

    def for_list(self) -> Self:
        from observations.models import Revision

        current = Revision.objects.filter(is_current=True).select_related("location", "framework")
        return self.select_related("journey", "uploaded_by").prefetch_related(
            Prefetch("revisions", current, to_attr="current_revisions")
        )
