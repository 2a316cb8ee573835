"""Submissions of an XLSForm through the one door, and what would become of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.intake import Outcome, submit_observations
from observations.odk.submissions import Submitted

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Arrived:
    """A row and what became of it; None where it could not be a document."""

    row: Submitted
    outcome: Outcome | None


def import_submissions(
    *, programme: Programme, rows: Iterable[Submitted], user: User, access: Access
) -> list[Arrived]:
    """Importing the same again changes nothing; what is not acceptable is held for a person."""
    return _submit(programme, list(rows), user, access, hold=True)


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
