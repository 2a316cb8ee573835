"""What a person decides about a held copy: each decision is one transaction, and each is kept.

A copy waits until one person decides; whoever comes second is told (AlreadyDecided). Accepting goes
through the one door like everything else; what the door refuses changes nothing (NotAcceptable).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from accounts.models import User
from journeys.audit import record
from observations.documents import FieldError
from observations.excluding import standing_exclusions
from observations.intake import Outcome, Status, submit_observation
from observations.models import HeldCopy, Media, Observation

Decision = HeldCopy.Decision


class AlreadyDecided(Exception):
    """Another person, or the sender, was first; `copy` is how it stands now."""

    def __init__(self, copy: HeldCopy) -> None:
        super().__init__(copy.pk)
        self.copy = copy


class NotAcceptable(Exception):
    """The door refused it; nothing has changed."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


def document_of(copy: HeldCopy) -> dict[str, Any]:
    """The copy as it came."""
    document: dict[str, Any] = json.loads(copy.document)
    return document


@transaction.atomic
def accept_as_correction(*, copy: HeldCopy, base_revision: int, user: User) -> Observation:
    """The copy becomes the next revision of the observation that stands under its id.

    `base_revision` is the one that the person compared it with. Raises AlreadyDecided, NotAcceptable.
    """
    held = _hold_waiting(copy)
    document = {**document_of(held), "base_revision": base_revision}
    outcome = _submit(held, document, user, ("revised", "unchanged"))
    row = _stored(held, outcome)
    _decide(held, Decision.CORRECTION, user, observation=row)
    return row


@transaction.atomic
def keep_as_another(*, copy: HeldCopy, user: User) -> Observation:
    """The copy becomes an observation of its own, which names the former id in `forked_from`.

    Who sent it stays; photos that have arrived come with it. Raises AlreadyDecided, NotAcceptable.
    """
    held = _hold_waiting(copy)
    document = {**document_of(held), "id": str(uuid7()), "forked_from": str(held.uuid)}
    document.pop("base_revision", None)
    row = _stored(held, _submit(held, document, user, ("created",)))
    _credit(row, held)
    _bring_photos(held, row)
    _decide(held, Decision.ANOTHER, user, observation=row)
    return row


@transaction.atomic
def accept_after_correction(
    *, copy: HeldCopy, document: Mapping[str, Any], user: User
) -> Observation:
    """`document` is what a person made of a copy that was not acceptable, under the same id.

    Where that id holds an observation already, it becomes its next revision, and `document` names the
    revision it corrects. Raises AlreadyDecided, NotAcceptable.
    """
    held = _hold_waiting(copy)
    outcome = _submit(
        held, {**document, "id": str(held.uuid)}, user, ("created", "revised", "unchanged")
    )
    row = _stored(held, outcome)
    if outcome.status == "created":
        _credit(row, held)
    _decide(held, Decision.ACCEPTED, user, observation=row)
    return row


@transaction.atomic
def dismiss_copy(*, copy: HeldCopy, note: str, user: User) -> None:
    """Kept, and asks for nothing any more; can be reopened. Raises AlreadyDecided."""
    _decide(_hold_waiting(copy), Decision.DISMISSED, user, note=note)


@transaction.atomic
def reopen_copy(*, copy: HeldCopy, user: User) -> None:
    """A dismissed copy waits again; raises AlreadyDecided for any other."""
    held = HeldCopy.objects.select_for_update().get(pk=copy.pk)
    if held.decision != Decision.DISMISSED:
        raise AlreadyDecided(held)
    changes = {"decision": [held.decision, ""], "note": [held.note, ""]}
    held.decision, held.note, held.decided_at, held.decided_by = "", "", None, None
    held.save(update_fields=["decision", "note", "decided_at", "decided_by"])
    _record(held, user, "reopened", changes)


def _hold_waiting(copy: HeldCopy) -> HeldCopy:
    """The row, locked, if it still waits. Exclusions come first of all locks, as in `moving.py`."""
    standing_exclusions(copy.programme)
    held = HeldCopy.objects.select_for_update().get(pk=copy.pk)
    if not HeldCopy.objects.waiting().filter(pk=held.pk).exists():
        raise AlreadyDecided(held)
    return held


def _submit(
    held: HeldCopy, document: Mapping[str, Any], user: User, good: tuple[Status, ...]
) -> Outcome:
    outcome = submit_observation(programme=held.programme, document=document, user=user, hold=False)
    if outcome.status not in good:
        raise NotAcceptable(
            outcome.errors or [{"path": "/id", "detail": _("It is there already.")}]
        )
    return outcome


def _stored(held: HeldCopy, outcome: Outcome) -> Observation:
    assert outcome.id is not None, "what is stored has an id"
    return Observation.objects.select_related("programme").get(
        programme=held.programme_id, uuid=outcome.id
    )


def _credit(row: Observation, held: HeldCopy) -> None:
    """Sent by who sent the copy, and theirs; who accepted it stands in its first revision."""
    row.uploaded_by, row.device = held.uploaded_by, held.device
    row.save(update_fields=["uploaded_by", "device"])


def _bring_photos(held: HeldCopy, row: Observation) -> None:
    """The same file under both, where it is the same photo: its bytes are stored once."""
    there = Media.objects.filter(
        observation__programme=held.programme_id, observation__uuid=held.uuid
    ).exclude(file="")
    arrived = {(photo.uuid, photo.sha256): photo.file.name for photo in there}
    photos = [one for one in row.media.all() if (one.uuid, one.sha256) in arrived]
    for photo in photos:
        photo.file.name = arrived[photo.uuid, photo.sha256]
    Media.objects.bulk_update(photos, ["file"])


def _decide(
    held: HeldCopy,
    decision: HeldCopy.Decision,
    user: User,
    *,
    note: str = "",
    observation: Observation | None = None,
) -> None:
    held.decision, held.note, held.observation = decision, note, observation
    held.decided_at, held.decided_by = timezone.now(), user
    fields = ["decision", "note", "observation", "decided_at", "decided_by"]
    held.save(update_fields=fields)
    changes: dict[str, list[Any]] = {"decision": ["", str(decision)]}
    if note:
        changes["note"] = ["", note]
    if observation is not None:
        changes["observation"] = [None, str(observation.uuid)]
    _record(held, user, "decided on", changes)


def _record(held: HeldCopy, user: User, verb: str, changes: dict[str, list[Any]]) -> None:
    subject = f"{HeldCopy._meta.verbose_name} {held.uuid}"
    record(programme=held.programme, actor=user, verb=verb, subject=subject, changes=changes)
