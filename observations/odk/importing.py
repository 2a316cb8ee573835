"""Submissions of an XLSForm through the one door, and what would become of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.intake import Outcome, submit_observations
from observations.models import Observation, Revision
from observations.odk.archive import Archive
from observations.odk.submissions import Submitted
from observations.photos import receive_photo

AT_ONCE = 500
STORED = ("created", "revised", "unchanged")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A row and what became of it; None where it could not be a document."""

    row: Submitted
    outcome: Outcome | None

    @property
    def was_of_another_method(self) -> bool:
        """It is there already, with another method than it says now."""
        return self.row.document.get("id") in self.row.others


def import_submissions(
    *, programme: Programme, rows: Iterable[Submitted], user: User, access: Access
) -> list[Arrived]:
    """Importing the same again changes nothing; what is not acceptable is held for a person."""
    return _submit(programme, list(rows), user, access, hold=True)


def import_photos(*, programme: Programme, arrived: Iterable[Arrived], archive: Archive) -> int:
    """Those of what the server has now; how many are new. A visit that is held has none yet."""
    taken = 0
    for one in arrived:
        if not one.row.files or not one.outcome or one.outcome.status not in STORED:
            continue
        observation = Observation.objects.get(programme=programme, uuid=one.row.document["id"])
        for medium, member in one.row.files.items():
            content = archive.read(member)
            taken += receive_photo(
                observation=observation, medium=uuid.UUID(medium), content=content
            )
    return taken


def preview_submissions(
    *, programme: Programme, rows: Iterable[Submitted], user: User, access: Access
) -> list[Arrived]:
    """What `import_submissions` would do now: done, and taken back."""
    with transaction.atomic():
        arrived = _submit(programme, list(rows), user, access, hold=False)
        transaction.set_rollback(True)
    return arrived


def _submit(
    programme: Programme, rows: list[Submitted], user: User, access: Access, *, hold: bool
) -> list[Arrived]:
    readable = [row for row in rows if not row.problem]
    stored = _stored_under_another_method(programme, readable)
    stored |= _stored_with_photos(programme, [stored.get(row.number, row) for row in readable])
    rows = [stored.get(row.number, row) for row in rows]
    readable = [stored.get(row.number, row) for row in readable]
    outcomes: dict[int, Outcome] = {}
    for first in range(0, len(readable), AT_ONCE):
        some = readable[first : first + AT_ONCE]
        sent = submit_observations(
            programme=programme,
            documents=[row.document for row in some],
            user=user,
            access=access,
            hold=hold,
        )
        outcomes |= {row.number: outcome for row, outcome in zip(some, sent, strict=True)}
    return [Arrived(row, outcomes.get(row.number)) for row in rows]


def _stored_under_another_method(
    programme: Programme, rows: list[Submitted]
) -> dict[int, Submitted]:
    """Rows by number, as what they were stored as: a corrected method is no second observation."""
    found: dict[int, Submitted] = {}
    for first in range(0, len(rows), AT_ONCE):
        named = {one: row for row in rows[first : first + AT_ONCE] for one in _names_of(row)}
        there = Observation.objects.filter(programme=programme, uuid__in=list(named))
        known = {str(one) for one in there.values_list("uuid", flat=True)}
        for one in sorted(known):
            row = named[one]
            if row.document["id"] not in known:
                found[row.number] = replace(row, document=row.document | {"id": one})
    return found


def _stored_with_photos(programme: Programme, rows: list[Submitted]) -> dict[int, Submitted]:
    """Rows by number, with the manifest that stands there: a table brought again without its photos
    takes none away."""
    bare = {row.document["id"]: row for row in rows if row.photo_ids and not row.files}
    found: dict[int, Submitted] = {}
    names = list(bare)
    for first in range(0, len(names), AT_ONCE):
        current = Revision.objects.filter(
            observation__programme=programme,
            observation__uuid__in=names[first : first + AT_ONCE],
            is_current=True,
        )
        for one, details in current.values_list("observation__uuid", "details"):
            row, media = bare[str(one)], details.get("media") or []
            if [item["id"] for item in media] == list(row.photo_ids):
                found[row.number] = replace(row, document=row.document | {"media": media})
    return found


def _names_of(row: Submitted) -> tuple[str, ...]:
    return (row.document["id"], *row.others)
