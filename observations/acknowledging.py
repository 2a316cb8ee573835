"""A location answers to the report of a visit: it acknowledges a revision and may comment on it.

It alters nothing: what was observed is corrected by who observed it, or by who leads the programme.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from journeys.access import Access
from journeys.audit import record
from journeys.rights import LOCATION_MANAGER, Right
from observations.models import Observation, Revision
from observations.report_models import Acknowledgement, ReportComment

Reading = Literal["read", "corrected", ""]


class Corrected(Exception):
    """The revision that was read is no longer the current one; `number` is."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def may_answer(access: Access, location_id: int | None) -> bool:
    """Location managers for their own locations; who leads the programme for all."""
    if not access.may(Right.ACKNOWLEDGE):
        return False
    if access.may_at_once(Right.ACKNOWLEDGE | Right.SEE_ALL_LOCATIONS):
        return True
    return location_id in access.locations.get(LOCATION_MANAGER, frozenset())


@transaction.atomic
def acknowledge_report(*, observation: Observation, number: int, person: User) -> None:
    """Names the revision that was read; once a person. Raises Corrected where it was overtaken."""
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    current = Revision.objects.get(observation=row, is_current=True)
    if current.number != number:
        raise Corrected(current.number)
    _entry, is_new = Acknowledgement.objects.get_or_create(revision=current, person=person)
    if is_new:
        record(
            programme=observation.programme,
            actor=person,
            verb="acknowledged",
            subject=f"{Observation._meta.verbose_name} {row.uuid}",
            changes={"revision": [None, number]},
        )


def comment_on_report(
    *, observation: Observation, text: str, author: User, parent: ReportComment | None = None
) -> ReportComment:
    """A reply to a reply stands below the remark that both belong to."""
    comment: ReportComment = ReportComment.objects.create(
        observation=observation,
        parent=(parent.parent or parent) if parent else None,
        author=author,
        text=text,
    )
    return comment


def remove_comment(*, comment: ReportComment) -> None:
    """Its place stays, so that replies keep theirs."""
    ReportComment.objects.filter(pk=comment.pk, removed_at=None).update(
        text="", removed_at=timezone.now()
    )


def acknowledged_now() -> Exists:
    """Whether somebody has acknowledged the current revision, for a query over observations."""
    return Exists(
        Acknowledgement.objects.filter(
            revision__observation=OuterRef("pk"), revision__is_current=True
        )
    )


def readings_of(rows: Collection[Observation]) -> dict[int, Reading]:
    """{observation: read as it stands, or only before its last correction}; one query."""
    found = Acknowledgement.objects.filter(revision__observation__in=rows).order_by()
    pairs = set(found.values_list("revision__observation", "revision__is_current"))
    return {pk: "read" if (pk, True) in pairs else "corrected" for pk, _is_current in pairs}


def threads_of(observation: Observation) -> QuerySet[ReportComment]:
    """Remarks with their replies; two queries."""
    return (
        ReportComment.objects.filter(observation=observation, parent=None)
        .select_related("author")
        .prefetch_related("replies__author")
    )
