"""How observations are reached: the programme's, a location's, or one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from journeys.access import Access
from journeys.rights import Right
from observations.device_access import DeviceAccess

if TYPE_CHECKING:
    from observations.models import (  # noqa: F401
        HeldCopy,
        Observation,
        ObserverExclusion,
        Revision,
    )


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, access: Access) -> Self:
        """Those of the programme that this person may read: all, own locations', or own.

        A tablet may read what it brought itself.
        """
        rows = self.filter(programme=access.programme)
        if isinstance(access, DeviceAccess):
            return rows.filter(device=access.device)
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
        """Neither withdrawn by a person nor of an excluded observer."""
        return self.filter(is_counted=True)

    def observed_by(self, observer: str, first_month: str = "", last_month: str = "") -> Self:
        """Those whose current content names this observer; empty months are no bound."""
        conditions: dict[str, object] = {
            "revisions__is_current": True,
            "revisions__observer": observer,
        }
        if first_month:
            conditions["revisions__month__gte"] = first_month
        if last_month:
            conditions["revisions__month__lte"] = last_month
        return self.filter(**conditions)

    def taken_by(self, exclusion: ObserverExclusion) -> Self:
        return self.filter(programme=exclusion.programme_id).observed_by(
            exclusion.observer, exclusion.first_month, exclusion.last_month
        )

    def for_list(self) -> Self:
        from observations.models import Revision

        current = Revision.objects.filter(is_current=True).select_related("location", "framework")
        return self.select_related("journey", "uploaded_by", "device").prefetch_related(
            Prefetch("revisions", current, to_attr="current_revisions")
        )


class RevisionQuerySet(models.QuerySet["Revision"]):
    def counted(self) -> Self:
        """The current contents of counted observations: the facts that cells are the sums of."""
        return self.filter(is_current=True, observation__is_counted=True)


class HeldCopyQuerySet(models.QuerySet["HeldCopy"]):
    def waiting(self) -> Self:
        """Those that a person still has to decide on."""
        return self.filter(~_is_settled(), decision="")

    def settled(self) -> Self:
        """Undecided ones that need no decision any more."""
        return self.filter(_is_settled(), decision="")

    def with_settled(self) -> Self:
        return self.annotate(is_settled=ExpressionWrapper(_is_settled(), BooleanField()))


def _is_settled() -> Q:
    """The sender has mended it: the same content was accepted under that id after all, or, where it
    was not acceptable, later content of the same sender.

    Asked when copies are read and never when observations arrive: intake pays nothing for it.
    """
    from observations.models import Revision

    kept = Revision.objects.filter(
        observation__programme=OuterRef("programme"), observation__uuid=OuterRef("uuid")
    )
    # A tablet is itself, also where a person brings its queue; everybody else is who they are.
    senders = kept.annotate(tablet=Coalesce("device", 0), sender=Coalesce("created_by", 0))
    mended = senders.filter(
        Q(tablet__gt=0) | Q(sender=Coalesce(OuterRef("uploaded_by"), 0)),
        tablet=Coalesce(OuterRef("device"), 0),
        created_at__gt=OuterRef("received_at"),
    )
    same = Q(Exists(kept.filter(sha256=OuterRef("sha256"))))
    return same | (Q(reason="quarantine") & Q(Exists(mended)))
