"""What an accepted document becomes: an observation, its revision with its sums, an outbox row.

A new one is a single statement on PostgreSQL, however many come at once; SQLite, in the same
process, takes one statement a table, and so does a revision of what is already there.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.compiled import prepared_cursor
from observations.announcing import announce_after_commit
from observations.documents import Submission
from observations.models import Draft, Media, Observation, PendingFold, Revision
from observations.results import RESULT_ARRAYS, RESULT_NAMES, arrays, insert_results, result_rows

# Fields of a submission and their types, in the order of the columns of a revision.
_SENT = {
    "framework_id": "bigint",
    "method": "text",
    "location_id": "bigint",
    "channel_id": "bigint",
    "observed_at": "timestamptz",
    "utc_offset": "smallint",
    "month": "text",
    "observer": "text",
    "customer": "text",
    "visit_id": "uuid",
    "answers": "jsonb",
    "details": "jsonb",
    "sha256": "text",
}
_NAMES = ", ".join(_SENT)
_TYPES = ", ".join(f"{name} {kind}" for name, kind in _SENT.items())

# Ids are claimed in one order by everybody: two calls with the same ids wait for each other, never
# in a circle. What loses its id here writes nothing.
_STORE_NEW = f"""
    WITH sent AS (
        SELECT * FROM json_to_recordset(%s::json) AS t (
            place integer, uuid uuid, journey_id bigint, exclusion_id bigint, {_TYPES}
        )
    ), claimed AS (
        INSERT INTO observations_observation
            (programme_id, uuid, journey_id, received_at, uploaded_by_id, device_id, exclusion_id)
        SELECT %s::bigint, uuid, journey_id, %s::timestamptz, %s::bigint, %s::bigint, exclusion_id
        FROM sent ORDER BY uuid
        ON CONFLICT (programme_id, uuid) DO NOTHING RETURNING id, uuid
    ), revised AS (
        INSERT INTO observations_revision
            (observation_id, number, is_current, created_at, created_by_id, device_id, clock_skew,
             {_NAMES})
        SELECT c.id, 1, true, %s::timestamptz, %s::bigint, %s::bigint, %s::integer, {_NAMES}
        FROM claimed c JOIN sent USING (uuid) ORDER BY place
        RETURNING id, observation_id, framework_id
    ), placed AS (
        SELECT r.id, r.framework_id, s.place, s.exclusion_id
        FROM revised r JOIN claimed c ON c.id = r.observation_id JOIN sent s ON s.uuid = c.uuid
    ), scored AS (
        INSERT INTO observations_stageresult (revision_id, {RESULT_NAMES})
        SELECT p.id, {RESULT_NAMES}
        FROM unnest(%s::integer[], {RESULT_ARRAYS}) WITH ORDINALITY AS r (place, {RESULT_NAMES}, n)
        JOIN placed p USING (place) ORDER BY n
    ), queued AS (
        INSERT INTO observations_pendingfold (revision_id, framework_id, sign, batch, created_at)
        SELECT id, framework_id, 1, '', %s::timestamptz FROM placed
        WHERE exclusion_id IS NULL ORDER BY place
    ), arrived AS (
        DELETE FROM observations_draft d USING claimed c
        WHERE d.programme_id = %s::bigint AND d.uuid = c.uuid
    )
    SELECT id, uuid FROM claimed
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that may be stored, and the exclusion that keeps it from counting, if any."""

    submission: Submission
    exclusion_id: int | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who brought a document: a person, a tablet, or a person in a tablet's stead.

    `clock_skew` is by how many seconds our clock was ahead of theirs, None where nothing tells.
    """

    user_id: int | None
    device_id: int | None = None
    clock_skew: int | None = None


def store_new(
    *, programme_id: int, carrier: Carrier, arrivals: Sequence[Arrival]
) -> set[uuid.UUID]:
    """Stores those whose id is free, as revision 1; the ids of those that won theirs.

    Never "does it exist? then create": of eight at once, one inserts and seven re-read.
    """
    if not arrivals:
        return set()
    claim = _store_at_once if connection.vendor == "postgresql" else _store_by_table
    rows = claim(programme_id, carrier, arrivals)
    if rows:
        sent = {one.submission.id: one.submission for one in arrivals}
        _expect_media((pk, sent[one]) for one, pk in rows.items())
        announce_after_commit()
    return set(rows)


def _store_at_once(
    programme_id: int, carrier: Carrier, arrivals: Sequence[Arrival]
) -> dict[uuid.UUID, int]:
    now = timezone.now()
    sent = json.dumps([_sent(place, one) for place, one in enumerate(arrivals)])
    results = [
        (place, *row) for place, one in enumerate(arrivals) for row in result_rows(one.submission)
    ]
    claimed: list[Any] = [programme_id, now, carrier.user_id, carrier.device_id]
    revised: list[Any] = [now, carrier.user_id, carrier.device_id, carrier.clock_skew]
    values = [sent, *claimed, *revised, *arrays(results), now, programme_id]
    with prepared_cursor() as cursor:
        cursor.execute(_STORE_NEW, values)
        return {one: pk for pk, one in cursor.fetchall()}


def _sent(place: int, arrival: Arrival) -> dict[str, Any]:
    one = arrival.submission
    return {
        "place": place,
        "uuid": one.id.hex,
        "journey_id": one.guide.journey_id,
        "exclusion_id": arrival.exclusion_id,
        **{name: getattr(one, name) for name in _SENT},
        "observed_at": one.observed_at.isoformat(),
        "visit_id": one.visit_id.hex if one.visit_id else None,
    }


def _store_by_table(
    programme_id: int, carrier: Carrier, arrivals: Sequence[Arrival]
) -> dict[uuid.UUID, int]:
    rows = _claim_ids(programme_id, carrier, arrivals)
    won = [one for one in arrivals if one.submission.id in rows]
    revisions = _create_revisions(
        [_revision(rows[one.submission.id], 1, one.submission, carrier) for one in won],
        [one.submission for one in won],
    )
    forget_drafts(programme_id, rows)
    _queue(
        (revision, 1)
        for revision, one in zip(revisions, won, strict=True)
        if one.exclusion_id is None
    )
    return rows


def _claim_ids(
    programme_id: int, carrier: Carrier, arrivals: Sequence[Arrival]
) -> dict[uuid.UUID, int]:
    field_of = Observation._meta.get_field("uuid").get_db_prep_value
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values: list[Any] = []
    for one in sorted(arrivals, key=lambda arrival: arrival.submission.id):
        sent = one.submission
        values += [programme_id, field_of(sent.id, connection), sent.guide.journey_id, now]
        values += [carrier.user_id, carrier.device_id, one.exclusion_id]
    places = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(arrivals))
    sql = (
        "INSERT INTO observations_observation"
        " (programme_id, uuid, journey_id, received_at, uploaded_by_id, device_id, exclusion_id)"
        f" VALUES {places} ON CONFLICT (programme_id, uuid) DO NOTHING RETURNING id, uuid"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {uuid.UUID(str(one)): pk for pk, one in cursor.fetchall()}


def forget_drafts(programme_id: int, ids: Iterable[uuid.UUID]) -> None:
    """What has arrived needs no copy of how it was begun."""
    Draft.objects.filter(programme_id=programme_id, uuid__in=list(ids)).delete()


def store_revision(
    *, observation_id: int, number: int, submission: Submission, carrier: Carrier, counts: bool
) -> None:
    """New content of an observation that is already there; its sums, manifest and outbox row."""
    revision = _revision(observation_id, number, submission, carrier)
    _create_revisions([revision], [submission])
    _expect_media([(observation_id, submission)])
    if counts:
        queue_folds([(revision, 1)])


def _revision(
    observation_id: int, number: int, submission: Submission, carrier: Carrier
) -> Revision:
    return Revision(
        observation_id=observation_id,
        number=number,
        created_by_id=carrier.user_id,
        device_id=carrier.device_id,
        clock_skew=carrier.clock_skew,
        **{name: getattr(submission, name) for name in _SENT},
    )


def _create_revisions(
    revisions: list[Revision], submissions: Sequence[Submission]
) -> list[Revision]:
    made: list[Revision] = Revision.objects.bulk_create(revisions)
    insert_results(
        [
            (revision.pk, *row)
            for revision, submission in zip(made, submissions, strict=True)
            for row in result_rows(submission)
        ]
    )
    return made


def _expect_media(stored: Iterable[tuple[int, Submission]]) -> None:
    media = [
        Media(
            observation_id=observation_id,
            uuid=uuid.UUID(item["id"]),
            interaction=item.get("interaction") or "",
            sha256=item["sha256"],
            size=item["size"],
            type=item["type"],
        )
        for observation_id, submission in stored
        for item in submission.media
    ]
    if media:
        Media.objects.bulk_create(media, ignore_conflicts=True)


def queue_folds(signed: Iterable[tuple[Revision, int]]) -> None:
    """Outbox rows in the caller's transaction; a task folds them once it has committed."""
    _queue(signed)
    announce_after_commit()


def _queue(signed: Iterable[tuple[Revision, int]]) -> None:
    PendingFold.objects.bulk_create(
        PendingFold(revision=revision, framework_id=revision.framework_id, sign=sign)
        for revision, sign in signed
    )
