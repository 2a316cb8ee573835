"""Which planned visit an observation is for, and which observations a visit has."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.access import Access
from journeys.models import Journey
from observations.models import Observation, Revision, Visit, VisitAttachment
from observations.visit_flags import Seen


def visits_of(revisions: Collection[Revision]) -> dict[int, Visit]:
    """The visit of each current revision, by its key: the attached one, else the one it names.

    In two queries; `revisions` come with their observation.
    """
    rows = Visit.objects.select_related("location", "journey", "wave", "programme")
    attachments = VisitAttachment.objects.filter(
        observation__in=[one.observation_id for one in revisions]
    ).select_related("visit__location", "visit__journey", "visit__wave", "visit__programme")
    attached = {one.observation_id: one.visit for one in attachments}
    named = {
        (visit.programme_id, visit.uuid): visit
        for visit in rows.filter(uuid__in=[one.visit_id for one in revisions if one.visit_id])
    }
    found: dict[int, Visit] = {}
    for one in revisions:
        key = (one.observation.programme_id, one.visit_id)
        visit = attached.get(one.observation_id) or named.get(key)  # type: ignore[arg-type]
        if visit is not None:
            found[one.pk] = visit
    return found


def seen_of(revisions: Collection[Revision]) -> list[Seen]:
    visits = visits_of(revisions)
    return [Seen.of(one, visits.get(one.pk)) for one in revisions]


def revisions_of(visits: QuerySet[Visit]) -> QuerySet[Revision]:
    """Current contents, counted or not, of what names or is attached to these visits."""
    attached = Q(observation__attachment__visit__in=visits.values("pk"))
    named = Q(visit__in=visits.values("uuid"), observation__attachment=None)
    return Revision.objects.filter(attached | named, is_current=True).select_related(
        "observation__journey", "location"
    )


def extra_revisions(access: Access, journey: Journey | None) -> QuerySet[Revision]:
    """Counted contents, by methods that are planned, that fulfil no plan: nothing does silently."""
    same = {
        "programme": OuterRef("observation__programme"),
        "journey": OuterRef("observation__journey"),
        "method": OuterRef("method"),
        "location": OuterRef("location"),
    }
    named = Visit.objects.filter(uuid=OuterRef("visit"), **same)
    attached = Visit.objects.filter(attachments__observation=OuterRef("observation"), **same)
    planned = Visit.objects.standing().filter(journey=journey).order_by()
    rows = Revision.objects.counted().filter(
        observation__in=Observation.objects.visible_to(access).filter(journey=journey).values("pk"),
        method__in=planned.values("method"),
        location__isnull=False,
    )
    fulfilling = Q(Exists(attached)) | Q(Q(observation__attachment=None) & Exists(named))
    return rows.exclude(fulfilling).select_related("observation__journey", "location")


def fitting_visits(revisions: Iterable[Revision]) -> dict[int, list[Visit]]:
    """Visits that each could be counted for, the likeliest first; in one query."""
    rows = list(revisions)
    places = {one.location_id for one in rows if one.location_id is not None}
    if not places:
        return {}
    programmes = {one.observation.programme_id for one in rows}
    visits = (
        Visit.objects.standing()
        .filter(programme__in=programmes, location__in=places)
        .with_done()
        .select_related("wave", "location")
    )
    by_kind: dict[tuple[int, str, int], list[Visit]] = {}
    for visit in visits:
        by_kind.setdefault((visit.journey_id, visit.method, visit.location_id), []).append(visit)
    return {
        one.pk: sorted(
            by_kind.get((one.observation.journey_id, one.method, one.location_id or 0), []),
            key=lambda visit: _distance(visit, one),
        )
        for one in rows
    }


def _distance(visit: Visit, revision: Revision) -> tuple[bool, int, bool]:
    """First those in whose days it was made and that still want one; then the nearest in time."""
    day = revision.observed_at_as_written.date()
    apart = max((visit.first_on - day).days, (day - visit.last_on).days, 0)
    return apart > 0 or visit.done >= visit.quota, apart, visit.observer != revision.observer
