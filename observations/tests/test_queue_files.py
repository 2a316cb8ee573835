"""A queue as a file: every item gets an answer, and sending it again changes nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Programme
from observations.models import HeldCopy, Media, Observation, Revision
from observations.queue_files import BadFile, Brought, bring_queue, read_queue_file
from observations.tests.factories import make_document
from observations.tests.tablets import make_tablet, put

pytestmark = pytest.mark.usefixtures("framework")
PHOTO = b"\xff\xd8 a photo"
OTHER = b"\xff\xd8 another"


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def announced(content: bytes = PHOTO) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    one = str(uuid.uuid4())
    return {"id": one, "sha256": digest, "size": len(content), "type": "image/jpeg"}


def carried(document: dict[str, Any], item: dict[str, Any], content: bytes) -> dict[str, Any]:
    return {
        "id": item["id"],
        "observation": document["id"],
        "type": item["type"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "data": base64.b64encode(content).decode(),
    }


def make_file(*documents: Any, media: Any = (), **changes: Any) -> dict[str, Any]:
    return {
        "format": "cxplan.queue",
        "version": 1,
        "device": None,
        "programme": "casa-nord",
        "exported_at": "2026-11-28T10:00:00+01:00",
        "observations": list(documents),
        "media": list(media),
    } | changes


def bring(programme: Programme, lead: User, content: dict[str, Any]) -> Brought:
    queue = read_queue_file(json.dumps(content).encode(), programme=programme)
    return bring_queue(queue=queue, access=enter_as(lead, programme.slug), user=lead)


def test_each_observation_has_its_own_outcome(programme: Programme, lead: User) -> None:
    device, tablet = make_tablet(programme)
    there, changed, good = make_document(), make_document(), make_document(observer="OBS-7")
    for document in (there, changed):
        put(tablet, programme, document)
    bad = make_document(answers={"S1-b": 9})
    named = {"id": str(device.uuid), "name": "Tablet 1"}
    content = make_file(
        good, there, changed | {"comment": "other"}, bad, "what is this", device=named
    )
    first = bring(programme, lead, content)
    assert [one.status for one in first.outcomes] == [
        "created",
        "unchanged",
        "conflict",
        "quarantined",
        "quarantined",
    ]
    assert first.outcomes[3].errors[0]["path"] == "/answers/S1-b"
    row = Observation.objects.get(uuid=good["id"])
    assert (row.uploaded_by, row.device) == (lead, device)
    assert row.revisions.get().observer == "OBS-7", "who observed stays as sealed"
    assert set(HeldCopy.objects.values_list("device", flat=True)) == {device.pk}
    assert put(tablet, programme, good).status_code == 200, "the tablet finds it there"
    counts = Revision.objects.count(), HeldCopy.objects.count()
    again = bring(programme, lead, content)
    assert [one.status for one in again.outcomes] == [
        "unchanged",
        "unchanged",
        "conflict",
        "quarantined",
        "quarantined",
    ]
    assert (Revision.objects.count(), HeldCopy.objects.count()) == counts


def test_photos_come_after_their_observations_and_twice_is_once(
    programme: Programme, lead: User
) -> None:
    item, same = announced(), announced()
    document = make_document(media=[item, same])
    media = [carried(document, one, PHOTO) for one in (item, same)]
    content = make_file(document, media=media)
    assert [one.status for one in bring(programme, lead, content).photos] == ["stored", "stored"]
    assert [one.status for one in bring(programme, lead, content).photos] == ["unchanged"] * 2
    assert [Path(one.file.path).read_bytes() for one in Media.objects.all()] == [PHOTO, PHOTO]


def test_a_bad_photo_has_its_reason_and_spoils_no_other(programme: Programme, lead: User) -> None:
    item, other = announced(), announced()
    document = make_document(media=[item, other])
    good = carried(document, item, PHOTO)
    wrong = carried(document, other, OTHER)
    content = make_file(
        document,
        media=[
            good | {"data": "*not base64*"},
            good | {"data": None},
            good | {"sha256": "0" * 64},
            wrong,
            good | {"observation": str(uuid.uuid4())},
            good | {"observation": "?"},
            good | {"id": str(uuid.uuid4())},
            {"id": 7},
            [],
            good,
        ],
    )
    photos = bring(programme, lead, content).photos
    assert [one.errors[0]["path"] for one in photos[:9]] == [
        "/media/0/data",
        "/media/1/data",
        "/media/2/sha256",
        "/media/3/sha256",
        "/media/4/observation",
        "/media/5/observation",
        "/media/6/id",
        "/media/7",
        "/media/8",
    ]
    assert all(one.errors[0]["detail"] for one in photos[:9])
    assert [one.status for one in photos] == ["refused"] * 9 + ["stored"]
    assert Media.objects.exclude(file="").count() == 1


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"<html>a portal</html>", "/"),
        (b"\xff\xfe\x00", "/"),
        (b'{"format": ', "/"),
        (b"[" * 100_000, "/"),
        (b"[" * 50 + b"]" * 50, "/"),
        (b"[]", "/format"),
        (b'{"format": "cxplan.programme"}', "/format"),
        (b'{"format": "cxplan.queue", "version": 2}', "/version"),
        (json.dumps(make_file(programme="elsewhere")).encode(), "/programme"),
        (json.dumps(make_file(observations={})).encode(), "/observations"),
        (json.dumps(make_file() | {"media": {}}).encode(), "/media"),
        (json.dumps(make_file(observations=[1] * 5001)).encode(), "/observations"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(
    programme: Programme, raw: bytes, path: str
) -> None:
    with pytest.raises(BadFile) as caught:
        read_queue_file(raw, programme=programme)
    assert [error["path"] for error in caught.value.errors] == [path]
    assert not Observation.objects.exists()


def test_a_device_that_is_not_known_here_is_nobody(programme: Programme, lead: User) -> None:
    document = make_document()
    for named in ({"id": str(uuid.uuid4())}, {"id": "?"}, "tablet", None):
        bring(programme, lead, make_file(document, device=named))
    assert Observation.objects.get().device is None
