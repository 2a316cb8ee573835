"""Which saved views a person meets, and reports without their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from journeys.rights import Right

if TYPE_CHECKING:
    from dashboards.models import SavedView, SignedReport  # noqa: F401
    from journeys.access import Access


class SignedReportQuerySet(models.QuerySet["SignedReport"]):
    def with_versions(self) -> Self:
        """With the framework version they show, and the observations of each version then."""
        return self.annotate(
            framework_version=F("figures__framework_version"), versions=F("figures__versions")
        )


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, access: Access) -> Self:
        """One's own, and those that a lead has shared."""
        own_or_shared = Q(owner=access.user) | Q(is_shared=True)
        return self.filter(own_or_shared, programme=access.programme)

    def editable_by(self, access: Access) -> Self:
        """One's own; the shared ones as well for whoever manages the programme."""
        mine = Q(owner=access.user)
        return self.visible_to(access).filter(
            mine | Q(is_shared=True) if access.may(Right.MANAGE) else mine
        )

    def with_default(self, access: Access) -> Self:
        """With `is_default`, whether the dashboard opens with it for this person."""
        from dashboards.models import DefaultView

        chosen = DefaultView.objects.filter(user=access.user, view=OuterRef("pk"))
        return self.annotate(is_default=Exists(chosen))
