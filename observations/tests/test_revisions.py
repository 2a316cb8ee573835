"""Corrections, replays and other content under a known id: nothing is lost, nothing is told twice."""

from __future__ import annotations

import hashlib
import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Programme
from observations.intake import submit_observation, submit_observations
from observations.models import HeldCopy, Media, Observation, Revision
from observations.tests.factories import make_document
from observations.withdrawing import withdraw_observation

pytestmark = pytest.mark.usefixtures("framework")


def send(programme: Programme, document: dict[str, Any], **how: Any) -> Any:
    return submit_observation(programme=programme, document=document, user=None, **how)


def test_a_correction_back_to_the_first_content_is_a_revision(programme: Programme) -> None:
    first = make_document()
    send(programme, first)
    send(programme, first | {"base_revision": 1, "answers": {"S1-b": -2}})
    back = send(programme, first | {"base_revision": 2})
    assert (back.status, back.revision) == ("revised", 3)
    current = Revision.objects.get(is_current=True)
    assert current.answers == first["answers"]
    again = send(programme, first | {"base_revision": 2})
    assert (again.status, again.revision) == ("unchanged", 3)


def test_other_content_for_a_withdrawn_id_is_kept(programme: Programme) -> None:
    document = make_document()
    send(programme, document)
    withdraw_observation(observation=Observation.objects.get())
    assert send(programme, document).status == "withdrawn"
    assert not HeldCopy.objects.exists(), "this content is stored already"
    assert send(programme, document | {"comment": "seen again"}).status == "withdrawn"
    assert "seen again" in HeldCopy.objects.get().document


def medium(content: bytes, one: str = "") -> dict[str, Any]:
    return {
        "id": one or str(uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "type": "image/jpeg",
    }


def test_a_revised_manifest_is_what_is_asked_for(programme: Programme) -> None:
    kept, dropped = medium(b"kept"), medium(b"dropped")
    document = make_document(media=[kept, dropped])
    assert send(programme, document).missing_media == [kept["id"], dropped["id"]]
    retaken = medium(b"taken again", kept["id"])
    revised = send(programme, document | {"base_revision": 1, "media": [retaken]})
    assert revised.missing_media == [kept["id"]]
    assert Media.objects.get().sha256 == retaken["sha256"]


def test_nothing_is_told_of_somebody_elses_observation(
    programme: Programme, observer: User
) -> None:
    theirs = make_document(location="LYO1")
    send(programme, theirs)
    access = enter_as(observer, programme.slug)
    mine = make_document(id=theirs["id"])
    outcome = submit_observation(programme=programme, document=mine, user=observer, access=access)
    assert (outcome.status, outcome.revision) == ("conflict", None)
    withdraw_observation(observation=Observation.objects.get())
    outcome = submit_observation(programme=programme, document=mine, user=observer, access=access)
    assert (outcome.status, outcome.revision) == ("conflict", None)
    assert outcome.sha256 == HeldCopy.objects.get().sha256


@pytest.mark.django_db(transaction=True)
def test_two_calls_with_the_same_ids_in_another_order_both_succeed(programme: Programme) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    documents = [make_document() for _ in range(150)]
    errors: list[Exception] = []
    statuses: list[str] = []
    together = threading.Barrier(2)

    def deliver(batch: list[dict[str, Any]]) -> None:
        try:
            together.wait()
            outcomes = submit_observations(programme=programme, documents=batch, user=None)
            statuses.extend(outcome.status for outcome in outcomes)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test must see it
            errors.append(error)
        finally:
            connection.close()

    for _ in range(4):
        pair = [threading.Thread(target=deliver, args=(b,)) for b in (documents, documents[::-1])]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
    assert errors == []
    assert statuses.count("created") == 150
    assert statuses.count("unchanged") == 150 * 7
