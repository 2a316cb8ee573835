"""The only door through which an observation enters: from a tablet, a page, an import, the API.

One transaction checks access and framework version, keeps the content as a revision, scores each
stage, and leaves one row in the outbox. The same content again changes nothing; other content is a
revision or a visible conflict; what can't be accepted waits in quarantine. Nothing is dropped.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.compiled import ask
from accounts.models import User
from journeys.access import Access
from journeys.models import Programme
from observations.documents import (
    FieldError,
    Refused,
    Submission,
    canonical_sha256,
    guide_named,
    read_document,
    uuid_of,
)
from observations.excluding import StandingExclusions, as_exclusions, exclusion_questions
from observations.guides import GuideBook
from observations.keeping import Sender, keep_copy, kept_elsewhere, taken_in
from observations.models import Device, HeldCopy, Observation, Revision
from observations.ownership import may_change
from observations.photos import drop_photos, missing_media, missing_now
from observations.repeats import Standing, lock_known, standing_contents
from observations.storing import (
    Arrival,
    Carrier,
    forget_drafts,
    queue_folds,
    store_new,
    store_revision,
)

# The guides of more journeys than that in one call are read as they come.
MAX_GUIDES_AT_ONCE = 4

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
    """One call at the door: who brings, to which programme, and whether refusals are kept.

    What `excluded` observers bring is stored like any other, and not counted.
    """

    programme: Programme
    user: User | None
    access: Access | None
    hold: bool
    book: GuideBook
    excluded: StandingExclusions = field(default_factory=StandingExclusions)
    device: Device | None = None
    clock_skew: int | None = None

    @property
    def sender(self) -> Sender:
        return Sender(self.programme, self.user, self.device)

    @property
    def carrier(self) -> Carrier:
        return Carrier(
            self.user.pk if self.user else None,
            self.device.pk if self.device else None,
            self.clock_skew,
        )


def submit_observation(
    *,
    programme: Programme,
    document: Mapping[str, Any],
    user: User | None,
    access: Access | None = None,
    hold: bool = True,
    device: Device | None = None,
    clock_skew: int | None = None,
) -> Outcome:
    """`submit_observations` for one document."""
    (outcome,) = submit_observations(
        programme=programme,
        documents=[document],
        user=user,
        access=access,
        hold=hold,
        device=device,
        clock_skew=clock_skew,
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
    device: Device | None = None,
    clock_skew: int | None = None,
) -> list[Outcome]:
    """Each document's outcome, in order: one bad item never spoils the others.

    `access` None is the programme itself (a bundle, a generator): every location is open to it.
    With `hold` False refused documents and conflicts are reported but not kept. `device` is the
    tablet they come from, `clock_skew` by how many seconds our clock is ahead of its own.
    """
    book, excluded = _read_rules(programme, documents)
    delivery = _Delivery(programme, user, access, hold, book, excluded, device, clock_skew)
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


def _read_rules(
    programme: Programme, documents: Sequence[Any]
) -> tuple[GuideBook, StandingExclusions]:
    """Everything that the documents are judged by, asked for at once."""
    exclusions = exclusion_questions(programme)
    wanted = list(dict.fromkeys(filter(None, map(guide_named, documents))))[:MAX_GUIDES_AT_ONCE]
    answers = ask(*exclusions, *GuideBook.questions(programme, wanted))
    book = GuideBook.opened(programme, wanted, answers[len(exclusions) :])
    return book, as_exclusions(*answers[: len(exclusions)])


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
    created = store_new(
        programme_id=delivery.programme.pk,
        carrier=delivery.carrier,
        arrivals=[Arrival(s, delivery.excluded.taking(s)) for _i, _d, s in readable.values()],
    )
    lost = [one for one in readable if one not in created]
    standing = standing_contents(delivery.programme.pk, lost)
    same = {one for one in lost if _is_same(delivery, standing.get(one), readable[one][2])}
    known = lock_known(delivery.programme, [one for one in lost if one not in same])
    for one, (index, document, submission) in readable.items():
        if one in created:
            manifest = [item["id"] for item in submission.media]
            outcomes[index] = Outcome(str(one), "created", submission.sha256, 1, manifest)
        elif one in same:
            now = standing[one]
            outcomes[index] = Outcome(
                str(one), "unchanged", now.sha256, now.number, now.missing_media
            )
        else:
            outcomes[index] = _settle(delivery, known[one], document, submission)
    return outcomes


def _is_same(delivery: _Delivery, standing: Standing | None, submission: Submission) -> bool:
    """The current content once more, from somebody who may change it: nothing to settle."""
    return (
        standing is not None
        and standing.sha256 == submission.sha256
        and may_change(delivery.access, standing)
    )


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
    """Keeps a copy word for word (once), if it has an id to find it by.

    One that a person has taken in since is told as stored: nothing is left to decide.
    """
    one, sha256 = uuid_of(document), canonical_sha256(document)
    if one is not None and delivery.hold:
        sender = delivery.sender
        if (row := taken_in(sender, one, sha256)) is not None:
            return _taken_in(one, sha256, row)
        keep_copy(
            sender=sender, one=one, document=document, sha256=sha256, reason=reason, errors=errors
        )
    status: Status = "conflict" if reason == HeldCopy.Reason.CONFLICT else "quarantined"
    return Outcome(str(one) if one else None, status, sha256, errors=errors)


def _taken_in(one: uuid.UUID, sha256: str, row: Observation) -> Outcome:
    """By the id and the content that the sender knows; the rest is that of what it has become."""
    current = row.revisions.get(is_current=True)
    if row.is_withdrawn:
        error = {"path": "/id", "detail": _("This observation was withdrawn.")}
        return Outcome(str(one), "withdrawn", sha256, current.number, errors=[error])
    return Outcome(str(one), "unchanged", sha256, current.number, missing_media(row))


def refuse_document(
    *,
    programme: Programme,
    document: Mapping[str, Any],
    user: User | None,
    errors: list[FieldError],
    device: Device | None = None,
) -> Outcome:
    """Quarantine for a reason that the caller found, such as an address that names another id."""
    delivery = _Delivery(programme, user, None, True, GuideBook.of(programme), device=device)
    return _hold(delivery, document, HeldCopy.Reason.QUARANTINE, errors)


def _settle(
    delivery: _Delivery, row: Observation, document: Mapping[str, Any], submission: Submission
) -> Outcome:
    """A tablet's correction of what was kept as another observation goes there."""
    one, sha256 = submission.id, submission.sha256
    if submission.base_revision is not None:
        copies = kept_elsewhere(delivery.sender, one)
        for copy in copies:
            if copy.sha256 == sha256 and copy.observation:
                return _taken_in(one, sha256, copy.observation)
        if copies and copies[0].observation:
            there = copies[0].observation.uuid
            row = lock_known(delivery.programme, [there])[there]
    outcome = _settle_known(delivery, row, document, submission)
    outcome.id = str(one)
    return outcome


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
        held = _hold(delivery, document, HeldCopy.Reason.CONFLICT, [error])
        if held.status == "unchanged":
            return held
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
    if outcome.status == "conflict":
        outcome.revision = current.number
    return outcome


def _revise(
    delivery: _Delivery, row: Observation, current: Revision, submission: Submission
) -> Outcome:
    """The new content takes the place of the old; the old one's stored sums are taken back.

    An exclusion stays on it, whoever the new content names: only readmission lifts it.
    A photo that has not arrived is asked for as the new manifest names it, or no longer.
    """
    drop_photos(row, submission)
    Revision.objects.filter(pk=current.pk).update(is_current=False)
    number = current.number + 1
    exclusion_id = row.exclusion_id or delivery.excluded.taking(submission)
    if row.is_counted:
        queue_folds([(current, -1)])
    if exclusion_id != row.exclusion_id:
        Observation.objects.filter(pk=row.pk).update(exclusion=exclusion_id)
    store_revision(
        observation_id=row.pk,
        number=number,
        submission=submission,
        carrier=delivery.carrier,
        counts=exclusion_id is None,
    )
    forget_drafts(delivery.programme.pk, [row.uuid])
    return Outcome(str(row.uuid), "revised", submission.sha256, number, missing_now(row))
