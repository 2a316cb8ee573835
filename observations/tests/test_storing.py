"""The one statement that stores a new observation writes what the models write for a revision."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Programme
from observations.intake import submit_observation
from observations.models import Media, Observation, PendingFold, Revision
from observations.tests.factories import make_document

pytestmark = pytest.mark.usefixtures("framework")

OWN = {"id", "observation_id", "number", "is_current", "created_at", "sha256"}


def values(revision: Revision) -> dict[str, Any]:
    row = {field.attname: getattr(revision, field.attname) for field in revision._meta.fields}
    return {name: value for name, value in row.items() if name not in OWN}


def full_document() -> dict[str, Any]:
    photo = {"id": "0199a4f0-0000-7000-8000-000000000001", "sha256": "a" * 64, "size": 5}
    return make_document(
        observed_at="2026-01-01T00:30:00.25+13:45",
        customer='C "1" \\ {é, 😀}',
        comment="two\nlines\t\x01",
        notes={"S1-b": 'it\'s, {a} "note" 100 %s'},
        media=[photo | {"interaction": "S1-b", "type": "image/jpeg"}],
        answers={"S1-b": -2, "S1-p": "NA", "S2-b": "NO", "S3-p": 2},
        duration_s=90,
    )


def test_a_new_observation_is_stored_as_a_revision_of_the_same_content(
    programme: Programme, lead: User
) -> None:
    common: dict[str, Any] = {"programme": programme, "user": lead}
    new, other = full_document(), make_document()
    assert submit_observation(document=new, **common).missing_media == [new["media"][0]["id"]]
    submit_observation(document=other, **common)
    revised = new | {"id": other["id"], "base_revision": 1}
    assert submit_observation(document=revised, **common).status == "revised"
    first = Revision.objects.get(observation__uuid=new["id"])
    second = Revision.objects.get(observation__uuid=other["id"], is_current=True)
    assert values(first) == values(second)
    assert first.details["comment"] == "two\nlines\t\x01"
    assert (first.number, first.is_current, first.month) == (1, True, "2026-01")
    scored = [
        list(revision.results.order_by("pk").values_list("stage", "channel", "S", "P", "Q"))
        for revision in (first, second)
    ]
    assert scored[0] == scored[1] != []
    assert Media.objects.get(observation=first.observation).sha256 == "a" * 64
    assert PendingFold.objects.get(revision=first).framework_id == first.framework_id
    observation = Observation.objects.get(uuid=new["id"])
    assert (observation.uploaded_by, observation.journey) == (lead, first.framework.journey)


def test_the_same_again_takes_no_lock_and_writes_nothing(
    programme: Programme, observer: User
) -> None:
    document = full_document()
    access = enter_as(observer, programme.slug)
    sent: dict[str, Any] = {"programme": programme, "user": observer, "access": access}
    first = submit_observation(document=document, **sent)
    with CaptureQueriesContext(connection) as caught:
        again = submit_observation(document=dict(document), **sent)
    assert (again.status, again.sha256, again.revision) == ("unchanged", first.sha256, 1)
    assert again.missing_media == first.missing_media
    assert not [one for one in caught.captured_queries if "FOR UPDATE" in one["sql"]]
    assert Revision.objects.count() == PendingFold.objects.count() == 1
