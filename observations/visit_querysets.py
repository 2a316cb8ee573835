"""How planned visits are reached, and how far they have come.

An observation fulfils the visit that a person attached it to, else the one that its document names;
and only where it is counted and speaks of the same journey, method and location. One that names no
visit never fulfils a plan by itself.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from journeys.access import Access
from journeys.models import Method
from journeys.rights import LOCATION_MANAGER, OBSERVER, Right

if TYPE_CHECKING:
    from observations.visit_models import Visit  # noqa: F401


class VisitState(StrEnum):
    """Derived, in this order of precedence; `UNDER_WAY` has something, and not yet enough."""

    CANCELLED = "cancelled"
    DONE = "done"
    MISSED = "missed"
    UNDER_WAY = "under_way"
    PLANNED = "planned"


def state_of(*, cancelled: bool, done: int, quota: int, last_on: date, today: date) -> VisitState:
    if cancelled:
        return VisitState.CANCELLED
    if done >= quota:
        return VisitState.DONE
    if last_on < today:
        return VisitState.MISSED
    return VisitState.UNDER_WAY if done else VisitState.PLANNED


def _how_many(rows: QuerySet[models.Model]) -> Coalesce:
    """Counted one visit at a time through an index: the cost is that of the visits read."""
    counted = rows.order_by().values("visit").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, access: Access) -> Self:
        """All; or own locations' and own ones. Open mystery visits stay a mystery to the store."""
        from django.utils import timezone

        rows = self.filter(programme=access.programme)
        if not access.may(Right.SEE_OBSERVATIONS):
            return rows.none()
        if access.may_at_once(Right.SEE_OBSERVATIONS | Right.SEE_ALL_LOCATIONS):
            return rows
        mine = Q(pk__in=())
        if OBSERVER in access.roles:
            mine |= _for_observer(access.observer_code, access.locations.get(OBSERVER, ()))
        if LOCATION_MANAGER in access.roles:
            over = Q(last_on__lt=timezone.localdate())
            mine |= Q(location__in=access.locations.get(LOCATION_MANAGER, ())) & (
                ~Q(method=Method.MYSTERY_VISIT) | over
            )
        return rows.filter(mine)

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def to_observe(self, *, access: Access, since: date) -> Self:
        """Those that this person may go on, if they end on `since` or later.

        A shared tablet is told of everybody's at its locations: who observes is said on it. One that
        is not used for mystery visits may be the store's, and is told of none.
        """
        rows = self.unfinished().filter(programme=access.programme)
        places = access.observing_location_ids
        if places is not None:
            rows = rows.filter(location__in=places)
        if not is_shared_device(access):
            rows = rows.filter(observer__in={"", access.observer_code})
        elif not takes_mystery_visits(access):
            rows = rows.exclude(method=Method.MYSTERY_VISIT)
        return rows.filter(last_on__gte=since)

    def unfinished(self) -> Self:
        """Not cancelled, and with fewer observations than wanted; `done` is annotated."""
        return self.with_done().standing().filter(done__lt=F("quota"))

    def with_done(self) -> Self:
        """Annotates `done`: the counted observations that fulfil each visit."""
        from observations.models import Revision
        from observations.visit_models import VisitAttachment

        named = Revision.objects.filter(
            visit=OuterRef("uuid"),
            is_current=True,
            method=OuterRef("method"),
            location=OuterRef("location"),
            observation__journey=OuterRef("journey"),
            observation__is_counted=True,
            observation__attachment=None,
        )
        attached = VisitAttachment.objects.filter(
            visit=OuterRef("pk"),
            observation__revisions__is_current=True,
            observation__revisions__method=OuterRef("method"),
            observation__revisions__location=OuterRef("location"),
            observation__journey=OuterRef("journey"),
            observation__is_counted=True,
        )
        return self.annotate(done=_how_many(named) + _how_many(attached))

    def in_state(self, state: VisitState, today: date) -> Self:
        """Needs `with_done`; agrees with `state_of`."""
        if state is VisitState.CANCELLED:
            return self.exclude(cancelled_at=None)
        rows = self.filter(cancelled_at=None)
        if state is VisitState.DONE:
            return rows.filter(done__gte=F("quota"))
        rows = rows.filter(done__lt=F("quota"))
        if state is VisitState.MISSED:
            return rows.filter(last_on__lt=today)
        rows = rows.filter(last_on__gte=today)
        return rows.filter(done__gt=0) if state is VisitState.UNDER_WAY else rows.filter(done=0)


def _for_observer(code: str, location_ids: object) -> Q:
    """Their own, wherever; and those that are left to whoever is at one of their locations."""
    theirs = Q(observer=code) if code else Q(pk__in=())
    return theirs | Q(observer="", location__in=location_ids)


def is_shared_device(access: Access) -> bool:
    """A tablet stands for nobody in particular: who observes is said on it, visit by visit."""
    return getattr(access, "device", None) is not None


def takes_mystery_visits(access: Access) -> bool:
    """A person may be sent on one; a tablet where the lead has said so."""
    device = getattr(access, "device", None)
    return device is None or bool(device.takes_mystery_visits)
