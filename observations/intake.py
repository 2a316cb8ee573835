"""The only door through which an observation enters: from a tablet, a page, an import, the API.

One transaction checks access and framework version, keeps the content as a revision, scores each
stage, and leaves one row in the outbox. The same content again changes nothing; other content is a
revision or a visible conflict; what can't be accepted waits in quarantine. Nothing is dropped.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.documents import (
    FieldError,
    Refused,
    Submission,
    canonical_sha256,
    read_document,
    uuid_of,
)
from observations.guides import GuideBook
from observations.models import (
    HeldCopy,
    Media,
    Observation,
    PendingFold,
    Revision,
)
from observations.results import Row, insert_results, result_rows
from observations.tasks import fold_pending_observations
from scoring.scale import score_observation

Status = Literal[
    "created", "unchanged", "revised", "conflict", "withdrawn", "quarantined", "forbidden"
]


@dataclass(slots=True)
class Outcome:
    """What became of one document; `revision` is the number under which its content stands."""

    id: str | None
    status: Status
    sha256: str
    revision: int | None = None
    missing_media: list[str] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


@dataclass(slots=True)
class _Delivery:
    """One call at the door: who brings, to which programme, and whether refusals are kept."""

    programme: Programme
    user: User | None
    access: Access | None
    hold: bool
    book: GuideBook


def submit_observation(
    *,
    programme: Programme,
    document: Mapping[str, Any],
    user: User | None,
    access: Access | None = None,
    hold: bool = True,
) -> Outcome:
    """`submit_observations` for one document."""
    (outcome,) = submit_observations(
        programme=programme, documents=[document], user=user, access=access, hold=hold
    )
    return outcome


@transaction.atomic
def submit_observations(
    *,
    programme: Programme,
    documents: Sequence[Any],
    user: User | None,
    access: Access | None = None,
    hold: bool = True,
) -> list[Outcome]:
    """Each document's outcome, in order: one bad item never spoils the others.

    `access` None is the programme itself (a bundle, a generator): every location is open to it.
    With `hold` False refused documents and conflicts are reported but not kept.
    """
    delivery = _Delivery(programme, user, access, hold, GuideBook.of(programme))
    outcomes: dict[int, Outcome] = {}
    # The same id twice in one call: the second comes when the first has been stored.
    rest = list(enumerate(documents))
    while rest:
        first: dict[uuid.UUID | int, tuple[int, Any]] = {}
        later: list[tuple[int, Any]] = []
        for index, document in rest:
            key = uuid_of(document) or index
            if key in first:
                later.append((index, document))
            else:
                first[key] = (index, document)
        outcomes |= _submit_distinct(delivery, list(first.values()))
        rest = later
    return [outcomes[index] for index in range(len(documents))]


def _submit_distinct(delivery: _Delivery, documents: list[tuple[int, Any]]) -> dict[int, Outcome]:
    """Documents with different ids: read all, insert the new ones together, settle the known ones."""
    outcomes: dict[int, Outcome] = {}
    readable: dict[uuid.UUID, tuple[int, Any, Submission]] = {}
    for index, document in documents:
        answer = _read(delivery, document)
        if isinstance(answer, Outcome):
            outcomes[index] = answer
        else:
            readable[answer.id] = (index, document, answer)
    created = _insert_new(delivery, [submission for _i, _d, submission in readable.values()])
    known_ids = [one for one in readable if one not in created]
    known = _lock_known(delivery.programme, known_ids)
    for one, (index, document, submission) in readable.items():
        if one in created:
            outcomes[index] = Outcome(
                str(one), "created", submission.sha256, 1, _manifest(submission)
            )
        else:
            outcomes[index] = _settle_known(delivery, known[one], document, submission)
    return outcomes


def _read(delivery: _Delivery, document: Any) -> Submission | Outcome:
    """The submission, or the outcome of a document that is forbidden or not acceptable."""
    if not isinstance(document, Mapping):
        error = {"path": "/", "detail": _("An observation is a JSON object.")}
        return Outcome(None, "quarantined", "", errors=[error])
    try:
        submission = read_document(document, delivery.book)
    except Refused as refused:
        return _hold(delivery, document, HeldCopy.Reason.QUARANTINE, refused.errors)
    held_to = delivery.access.observing_location_ids if delivery.access else None
    if held_to is not None and submission.location_id not in held_to:
        error = {"path": "/location", "detail": _("You don't observe at this location.")}
        return Outcome(str(submission.id), "forbidden", submission.sha256, errors=[error])
    return submission


def _hold(
    delivery: _Delivery,
    document: Mapping[str, Any],
    reason: HeldCopy.Reason,
    errors: list[FieldError],
) -> Outcome:
    """Keeps a copy word for word (once), if it has an id to find it by."""
    one, sha256 = uuid_of(document), canonical_sha256(document)
    if one is not None and delivery.hold:
        HeldCopy.objects.get_or_create(
            programme=delivery.programme,
            uuid=one,
            sha256=sha256,
            reason=reason,
            defaults={
                "document": json.dumps(document),
                "errors": errors,
                "uploaded_by": delivery.user,
            },
        )
    status: Status = "conflict" if reason == HeldCopy.Reason.CONFLICT else "quarantined"
    return Outcome(str(one) if one else None, status, sha256, errors=errors)


def refuse_document(
    *,
    programme: Programme,
    document: Mapping[str, Any],
    user: User | None,
    errors: list[FieldError],
) -> Outcome:
    """Quarantine for a reason that the caller found, such as an address that names another id."""
    delivery = _Delivery(programme, user, None, True, GuideBook.of(programme))
    return _hold(delivery, document, HeldCopy.Reason.QUARANTINE, errors)


def _insert_new(delivery: _Delivery, submissions: list[Submission]) -> dict[uuid.UUID, int]:
    """Inserts those whose id is free, with revision 1; {uuid: row} of those that won their id.

    Never "does it exist? then create": of eight at once, one inserts and seven re-read.
    """
    rows = _claim_ids(delivery, submissions)
    won = [submission for submission in submissions if submission.id in rows]
    _store_revisions(delivery, [(rows[one.id], 1, one) for one in won])
    return rows


def _claim_ids(delivery: _Delivery, submissions: list[Submission]) -> dict[uuid.UUID, int]:
    if not submissions:
        return {}
    # One order for everybody: two calls with the same ids wait for each other, never in a circle.
    submissions = sorted(submissions, key=lambda one: one.id)
    field_of = Observation._meta.get_field("uuid").get_db_prep_value
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    values: list[Any] = []
    for one in submissions:
        values += [delivery.programme.pk, field_of(one.id, connection), one.guide.journey_id, now]
        values.append(delivery.user.pk if delivery.user else None)
    places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(submissions))
    sql = (
        "INSERT INTO observations_observation"
        " (programme_id, uuid, journey_id, received_at, uploaded_by_id)"
        f" VALUES {places} ON CONFLICT (programme_id, uuid) DO NOTHING RETURNING id, uuid"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {uuid.UUID(str(one)): pk for pk, one in cursor.fetchall()}


def _store_revisions(delivery: _Delivery, new: Iterable[tuple[int, int, Submission]]) -> None:
    """Revisions with their stage results, manifest and outbox row: one statement a table."""
    pairs = [
        (submission, _revision(delivery, observation_id, number, submission))
        for observation_id, number, submission in new
    ]
    if not pairs:
        return
    Revision.objects.bulk_create([revision for _s, revision in pairs])
    insert_results(
        [row for submission, revision in pairs for row in _results(submission, revision)]
    )
    media = [row for submission, revision in pairs for row in _media(submission, revision)]
    if media:
        Media.objects.bulk_create(media, ignore_conflicts=True)
    queue_folds((revision, 1) for _s, revision in pairs)


def _revision(
    delivery: _Delivery, observation_id: int, number: int, submission: Submission
) -> Revision:
    return Revision(
        observation_id=observation_id,
        number=number,
        framework_id=submission.guide.framework_id,
        method=submission.method,
        location_id=submission.location_id,
        channel_id=submission.channel_id,
        observed_at=submission.observed_at,
        utc_offset=submission.utc_offset,
        month=submission.month,
        observer=submission.observer,
        customer=submission.customer,
        answers=submission.answers,
        details=submission.details,
        sha256=submission.sha256,
        created_by=delivery.user,
    )


def _results(submission: Submission, revision: Revision) -> Iterable[Row]:
    """What the revision scored, by the framework version it was made with."""
    guide = submission.guide
    sums = score_observation(
        guide.scored, submission.answers, method=submission.method, thresholds=guide.thresholds
    )
    return result_rows(revision.pk, guide, sums)


def _manifest(submission: Submission) -> list[str]:
    return [item["id"] for item in submission.details.get("media") or []]


def _media(submission: Submission, revision: Revision) -> Iterable[Media]:
    for item in submission.details.get("media") or []:
        yield Media(
            observation_id=revision.observation_id,
            uuid=uuid.UUID(item["id"]),
            interaction=item.get("interaction") or "",
            sha256=item["sha256"],
            size=item["size"],
            type=item["type"],
        )


def queue_folds(signed: Iterable[tuple[Revision, int]]) -> None:
    """Outbox rows in the caller's transaction; a task folds them once it has committed."""
    PendingFold.objects.bulk_create(
        PendingFold(revision=revision, framework_id=revision.framework_id, sign=sign)
        for revision, sign in signed
    )
    # A broker that is down delays the fold until the next sweep; what was accepted stays accepted.
    transaction.on_commit(fold_pending_observations.delay, robust=True)


def _lock_known(programme: Programme, ids: list[uuid.UUID]) -> dict[uuid.UUID, Observation]:
    """Observations already there, locked in id order, with their revisions."""
    if not ids:
        return {}
    rows = (
        Observation.objects.select_for_update()
        .filter(programme=programme, uuid__in=ids)
        .order_by("pk")
        .prefetch_related("revisions", "media")
    )
    return {row.uuid: row for row in rows}


def _settle_known(
    delivery: _Delivery, row: Observation, document: Mapping[str, Any], submission: Submission
) -> Outcome:
    """A known id: unchanged, revised, a conflict, withdrawn, or not this person's."""
    revisions = list(row.revisions.all())
    current = next(revision for revision in revisions if revision.is_current)
    if not may_change(delivery.access, row):
        return _settle_foreign(delivery, row, document, submission)
    replay = current if current.sha256 == submission.sha256 else None
    if replay is None and submission.base_revision != current.number:
        # A late retry of what has been corrected since.
        replay = next((r for r in revisions if r.sha256 == submission.sha256), None)
    if row.is_withdrawn:
        return _withdrawn(delivery, row, document, current, known=replay is not None)
    if replay is not None:
        return Outcome(str(row.uuid), "unchanged", replay.sha256, replay.number, missing_media(row))
    if submission.base_revision != current.number or submission.guide.journey_id != row.journey_id:
        return _conflict(delivery, row, document, current, submission)
    return _revise(delivery, row, current, submission)


def _settle_foreign(
    delivery: _Delivery, row: Observation, document: Mapping[str, Any], submission: Submission
) -> Outcome:
    """Somebody else's observation: nothing of it is told, and nothing of it changes."""
    same = next((r for r in row.revisions.all() if r.sha256 == submission.sha256), None)
    if same is not None and not row.is_withdrawn:
        return Outcome(str(row.uuid), "unchanged", same.sha256, same.number, missing_media(row))
    if submission.base_revision is None:
        error = {"path": "/id", "detail": _("Other content is already stored under this id.")}
        return _hold(delivery, document, HeldCopy.Reason.CONFLICT, [error])
    error = {"path": "/id", "detail": _("This observation belongs to somebody else.")}
    return Outcome(str(row.uuid), "forbidden", submission.sha256, errors=[error])


def _withdrawn(
    delivery: _Delivery,
    row: Observation,
    document: Mapping[str, Any],
    current: Revision,
    *,
    known: bool,
) -> Outcome:
    """Gone, and said so; content that was never stored is kept beside it."""
    error = {"path": "/id", "detail": _("This observation was withdrawn.")}
    if not known:
        _hold(delivery, document, HeldCopy.Reason.CONFLICT, [error])
    return Outcome(str(row.uuid), "withdrawn", current.sha256, current.number, errors=[error])


def _conflict(
    delivery: _Delivery,
    row: Observation,
    document: Mapping[str, Any],
    current: Revision,
    submission: Submission,
) -> Outcome:
    if submission.guide.journey_id != row.journey_id:
        path, detail = "/journey", _("An observation never changes its journey.")
    elif submission.base_revision is None:
        path, detail = "/id", _("Other content is already stored under this id.")
    else:
        path = "/base_revision"
        detail = _("The current revision is %(number)d.") % {"number": current.number}
    errors = [{"path": path, "detail": detail}]
    outcome = _hold(delivery, document, HeldCopy.Reason.CONFLICT, errors)
    outcome.revision = current.number
    return outcome


def may_change(access: Access | None, row: Observation) -> bool:
    """An observer changes own observations only; who sees all locations may change any."""
    if access is None or access.observing_location_ids is None:
        return True
    return row.uploaded_by_id == access.user.pk


def _revise(
    delivery: _Delivery, row: Observation, current: Revision, submission: Submission
) -> Outcome:
    """The new content takes the place of the old; the old one's stored sums are taken back.

    A photo that has not arrived is asked for as the new manifest names it, or no longer.
    """
    _drop_media(row, submission)
    Revision.objects.filter(pk=current.pk).update(is_current=False)
    number = current.number + 1
    queue_folds([(current, -1)])
    _store_revisions(delivery, [(row.pk, number, submission)])
    return Outcome(str(row.uuid), "revised", submission.sha256, number, _missing_now(row))


def _drop_media(row: Observation, submission: Submission) -> None:
    """Photos still to come, and those whose bytes the new manifest replaces."""
    wanted = {item["id"]: item["sha256"] for item in submission.details.get("media") or []}
    gone = [
        medium.pk
        for medium in row.media.all()
        if not medium.file or wanted.get(str(medium.uuid), medium.sha256) != medium.sha256
    ]
    Media.objects.filter(pk__in=gone).delete()


def _missing_now(row: Observation) -> list[str]:
    return [str(m.uuid) for m in Media.objects.filter(observation=row, file="").order_by("pk")]


def missing_media(row: Observation) -> list[str]:
    """Ids of the manifest whose bytes have not arrived."""
    return [str(medium.uuid) for medium in row.media.all() if not medium.file]


@transaction.atomic
def withdraw_observation(*, observation: Observation) -> None:
    """Kept, no longer counted; nothing happens to one that is withdrawn already."""
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    if not row.is_withdrawn:
        Observation.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
        queue_folds([(row.revisions.get(is_current=True), -1)])


@transaction.atomic
def restore_observation(*, observation: Observation) -> None:
    """Counted again, as its current revision stands."""
    row = Observation.objects.select_for_update().get(pk=observation.pk)
    if row.is_withdrawn:
        Observation.objects.filter(pk=row.pk).update(withdrawn_at=None)
        queue_folds([(row.revisions.get(is_current=True), 1)])
