"""Decisions about held copies, as use cases: each is one transaction, and one person's."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from accounts.models import User
from journeys.models import AuditEntry, Programme
from observations.deciding import (
    AlreadyDecided,
    NotAcceptable,
    accept_after_correction,
    accept_as_correction,
    dismiss_copy,
    document_of,
    keep_as_another,
    reopen_copy,
)
from observations.folding import differing_cells, fold_pending
from observations.models import HeldCopy, Media, Observation, Revision
from observations.tests.factories import ANSWERS, hold, hold_conflict, submit
from observations.withdrawing import withdraw_observation
from scoring.models import Framework, StageCell

pytestmark = pytest.mark.usefixtures("framework")

OTHER = {"answers": ANSWERS | {"S1-p": 2}}


def counted() -> int:
    fold_pending()
    assert not differing_cells(Framework.objects.get())
    return int(StageCell.objects.filter(stage=None).values_list("n", flat=True).first() or 0)


def test_a_conflict_becomes_the_next_revision(programme: Programme, consultant: User) -> None:
    copy = hold_conflict(programme, **OTHER)
    row = accept_as_correction(copy=copy, base_revision=1, user=consultant)
    first, second = row.revisions.all()
    assert (first.answers["S1-p"], second.answers["S1-p"]) == (1, 2)
    assert (second.created_by, second.sha256) == (consultant, copy.sha256)
    copy.refresh_from_db()
    assert (copy.decision, copy.decided_by, copy.observation) == ("correction", consultant, row)
    entry = AuditEntry.objects.get(verb="decided on")
    assert (entry.actor, entry.changes["decision"]) == (consultant, ["", "correction"])
    assert counted() == 1


def test_a_correction_names_what_it_was_compared_with(
    programme: Programme, consultant: User
) -> None:
    copy = hold_conflict(programme, **OTHER)
    submit(programme, id=str(copy.uuid), base_revision=1, comment="meanwhile")
    with pytest.raises(NotAcceptable) as refused:
        accept_as_correction(copy=copy, base_revision=1, user=consultant)
    assert refused.value.errors[0]["path"] == "/base_revision"
    copy.refresh_from_db()
    assert not copy.decision
    assert Revision.objects.get(is_current=True).details["comment"] == "meanwhile"
    assert not AuditEntry.objects.filter(verb="decided on").exists()


def test_a_withdrawn_observation_takes_no_correction(
    programme: Programme, consultant: User
) -> None:
    copy = hold_conflict(programme, **OTHER)
    withdraw_observation(observation=Observation.objects.get())
    with pytest.raises(NotAcceptable):
        accept_as_correction(copy=copy, base_revision=1, user=consultant)
    assert Revision.objects.count() == 1


def test_a_conflict_becomes_an_observation_of_its_own(
    programme: Programme, consultant: User, observer: User
) -> None:
    photo: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "sha256": hashlib.sha256(b"photo").hexdigest(),
        "size": 5,
        "type": "image/jpeg",
    }
    other = photo | {"sha256": "0" * 64, "id": str(uuid.uuid4())}
    copy = hold_conflict(programme, **OTHER, media=[photo, other])
    HeldCopy.objects.update(uploaded_by=observer)
    former = Observation.objects.get()
    for item in (photo, other):
        Media.objects.create(
            observation=former,
            uuid=item["id"],
            sha256=photo["sha256"],
            size=5,
            type="image/jpeg",
            file=ContentFile(b"photo", "photo.jpg"),
        )
    row = keep_as_another(copy=copy, user=consultant)
    revision = row.revisions.get()
    assert row.uuid != former.uuid
    assert revision.details["forked_from"] == str(former.uuid)
    assert (row.uploaded_by, revision.created_by) == (observer, consultant)
    arrived = {str(one.uuid): bool(one.file) for one in row.media.all()}
    assert arrived == {photo["id"]: True, other["id"]: False}, "only the same photo comes along"
    assert counted() == 2


def test_a_quarantined_copy_is_accepted_after_correction(
    programme: Programme, consultant: User, observer: User
) -> None:
    copy = hold(programme)
    HeldCopy.objects.update(uploaded_by=observer)
    mended = document_of(copy) | {"answers": ANSWERS}
    with pytest.raises(NotAcceptable) as refused:
        accept_after_correction(copy=copy, document=document_of(copy), user=consultant)
    assert [error["path"] for error in refused.value.errors] == ["/answers/S1-b"]
    row = accept_after_correction(
        copy=copy, document=mended | {"id": str(uuid.uuid4())}, user=consultant
    )
    assert row.uuid == copy.uuid, "the identifier is the copy's, whatever was posted"
    assert (row.uploaded_by, row.revisions.get().created_by) == (observer, consultant)
    copy.refresh_from_db()
    assert (copy.decision, copy.observation) == ("accepted", row)
    assert HeldCopy.objects.count() == 1, "a refusal on the way is not held as another copy"


def test_dismissed_and_reopened(programme: Programme, consultant: User, lead: User) -> None:
    copy = hold(programme)
    dismiss_copy(copy=copy, note="A test", user=consultant)
    copy.refresh_from_db()
    assert (copy.decision, copy.note, copy.decided_by) == ("dismissed", "A test", consultant)
    assert not HeldCopy.objects.waiting().exists()
    assert submit(programme, **document_of(copy)).status == "quarantined"
    assert not HeldCopy.objects.waiting().exists(), "the same copy again is the same copy"
    reopen_copy(copy=copy, user=lead)
    assert HeldCopy.objects.waiting().get() == copy
    with pytest.raises(AlreadyDecided):
        reopen_copy(copy=copy, user=lead)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["decided on", "reopened"]
    assert AuditEntry.objects.get(verb="reopened").changes["note"] == ["A test", ""]


@pytest.mark.parametrize("name", ["correction", "another", "accepted", "dismissed"])
def test_who_comes_second_is_told_and_changes_nothing(
    programme: Programme, consultant: User, lead: User, name: str
) -> None:
    copy = hold_conflict(programme, **OTHER)
    dismiss_copy(copy=copy, note="First", user=lead)
    acts: dict[str, Callable[[], Any]] = {
        "correction": lambda: accept_as_correction(copy=copy, base_revision=1, user=consultant),
        "another": lambda: keep_as_another(copy=copy, user=consultant),
        "accepted": lambda: accept_after_correction(
            copy=copy, document=document_of(copy) | {"base_revision": 1}, user=consultant
        ),
        "dismissed": lambda: dismiss_copy(copy=copy, note="Second", user=consultant),
    }
    with pytest.raises(AlreadyDecided) as late:
        acts[name]()
    assert (late.value.copy.decided_by, late.value.copy.note) == (lead, "First")
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins(
    programme: Programme, consultant: User, lead: User, framework: Framework
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    copy, start = hold_conflict(programme, **OTHER), threading.Barrier(2)
    told: list[object] = []

    def act(user: User) -> None:
        start.wait(10)
        try:
            told.append(keep_as_another(copy=copy, user=user))
        except AlreadyDecided:
            told.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[user]) for user in (consultant, lead)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(one is None for one in told) == 1 and len(told) == 2
    assert Observation.objects.count() == 2
