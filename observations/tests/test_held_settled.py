"""A copy that its sender has mended asks for no decision any more, and intake pays nothing for it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from conftest import ClientOf
from journeys.access import access_of
from journeys.models import Programme
from observations.deciding import AlreadyDecided, dismiss_copy, document_of
from observations.intake import submit_observation
from observations.models import HeldCopy, Observation
from observations.steps import step_states
from observations.tests.factories import ANSWERS, hold, hold_conflict, make_document
from observations.tests.tablets import make_tablet, put

pytestmark = pytest.mark.usefixtures("framework")


def waiting() -> list[str]:
    return [copy.reason for copy in HeldCopy.objects.waiting()]


def send(programme: Programme, user: User | None, **changes: object) -> str:
    return submit_observation(programme=programme, document=changes, user=user).status


def test_the_corrected_document_settles_its_copy(programme: Programme, lead: User) -> None:
    copy = hold(programme)
    assert waiting() == ["quarantine"]
    assert send(programme, None, **document_of(copy) | {"answers": ANSWERS}) == "created"
    assert waiting() == []
    assert HeldCopy.objects.settled().get() == copy
    with pytest.raises(AlreadyDecided):
        dismiss_copy(copy=copy, note="Too late", user=lead)


def test_what_somebody_else_sends_settles_nothing(programme: Programme, observer: User) -> None:
    copy = hold(programme)
    HeldCopy.objects.update(uploaded_by=observer)
    assert send(programme, None, **document_of(copy) | {"answers": ANSWERS}) == "created"
    assert waiting() == ["quarantine"], "the observer's own answers are still to be judged"
    revised = document_of(copy) | {"answers": ANSWERS, "base_revision": 1, "comment": "mine"}
    assert send(programme, observer, **revised) == "revised"
    assert waiting() == []


def test_what_one_tablet_sends_settles_nothing_of_another(programme: Programme, lead: User) -> None:
    own, tablet = make_tablet(programme)
    _other, stranger = make_tablet(programme, name="Tablet 2")
    bad = make_document(answers=ANSWERS | {"S1-b": 9})
    assert put(tablet, programme, bad).status_code == 422
    assert put(stranger, programme, bad | {"answers": ANSWERS}).status_code == 201
    assert waiting() == ["quarantine"]
    Observation.objects.update(device=own)
    mended = bad | {"answers": ANSWERS, "base_revision": 1, "comment": "mine"}
    how = {"programme": programme, "user": lead, "device": own}
    assert submit_observation(document=mended, **how).status == "revised"  # type: ignore[arg-type]
    assert waiting() == [], "its own, also where a lead brings it"


def test_a_refused_correction_waits_although_its_observation_stands(programme: Programme) -> None:
    document = make_document()
    assert send(programme, None, **document) == "created"
    bad = document | {"base_revision": 1, "answers": ANSWERS | {"S1-b": 9}}
    assert send(programme, None, **bad) == "quarantined"
    assert waiting() == ["quarantine"]


def test_a_conflict_is_settled_by_its_own_content_alone(programme: Programme) -> None:
    copy = hold_conflict(programme, comment="theirs")
    sent = document_of(copy) | {"base_revision": 1}
    assert send(programme, None, **sent | {"comment": "something else"}) == "revised"
    assert waiting() == ["conflict"]
    assert send(programme, None, **sent | {"base_revision": 2}) == "revised"
    assert waiting() == []


def test_intake_asks_as_often_with_a_held_copy_of_that_id(programme: Programme) -> None:
    counts = []
    copy = hold(programme)
    for document in (make_document(), document_of(copy) | {"answers": ANSWERS}):
        with CaptureQueriesContext(connection) as caught:
            assert send(programme, None, **document) == "created"
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_the_step_counts_what_waits_for_who_decides(
    programme: Programme, consultant: User, observer: User, client_of: ClientOf
) -> None:
    first, second = hold(programme), hold(programme, 8)
    [step] = step_states(access_of(consultant, programme))
    assert step.summary == "none yet, 2 copies to decide on"
    [step] = step_states(access_of(observer, programme))
    assert step.summary == "none yet"
    dismiss_copy(copy=first, note="Twice", user=consultant)
    send(programme, None, **document_of(second) | {"answers": ANSWERS})
    [step] = step_states(access_of(consultant, programme))
    assert "to decide on" not in step.summary
