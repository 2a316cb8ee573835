"""What a tablet is told, and may still do, once a person has decided on the copy that it sent."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import Programme
from observations.deciding import (
    accept_after_correction,
    accept_as_correction,
    dismiss_copy,
    document_of,
    keep_as_another,
)
from observations.models import HeldCopy, Media, Observation
from observations.tests.factories import ANSWERS, make_document, submit
from observations.tests.tablets import at, make_tablet, put
from observations.withdrawing import withdraw_observation

pytestmark = pytest.mark.usefixtures("framework")
PHOTO = b"\xff\xd8\xff a photo"
OTHER = {"answers": ANSWERS | {"S1-p": 2}}
BAD = {"answers": ANSWERS | {"S1-b": 9}}


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def announced() -> dict[str, Any]:
    digest = hashlib.sha256(PHOTO).hexdigest()
    return {"id": str(uuid.uuid4()), "sha256": digest, "size": len(PHOTO), "type": "image/jpeg"}


def send_photo(
    tablet: APIClient, programme: Programme, document: dict[str, Any], photo: dict[str, Any]
) -> Any:
    place = at(programme, f"observations/{document['id']}/media/{photo['id']}/")
    return tablet.put(place, PHOTO, content_type="image/jpeg")


def status_of(tablet: APIClient, programme: Programme, document: dict[str, Any]) -> Any:
    return tablet.get(at(programme, f"observations/{document['id']}/status/"))


def decided(copy: HeldCopy, how: str, user: User) -> Observation:
    if how == "another":
        return keep_as_another(copy=copy, user=user)
    if how == "correction":
        return accept_as_correction(copy=copy, base_revision=1, user=user)
    mended = document_of(copy) | {"answers": ANSWERS}
    return accept_after_correction(copy=copy, document=mended, user=user)


def test_what_a_lead_accepted_is_still_the_tablets(programme: Programme, consultant: User) -> None:
    device, tablet = make_tablet(programme)
    photo = announced()
    document = make_document(media=[photo], **BAD)
    assert put(tablet, programme, document).status_code == 422
    row = decided(HeldCopy.objects.get(), "accepted", consultant)
    assert row.device == device
    assert send_photo(tablet, programme, document, photo).json()["missing_media"] == []
    mended = document | {"answers": ANSWERS, "comment": "seen again", "base_revision": 1}
    assert put(tablet, programme, mended).status_code == 200
    assert HeldCopy.objects.count() == 1, "its own correction is no conflict"


@pytest.mark.parametrize("how", ["another", "correction"])
@pytest.mark.parametrize("is_own", [True, False])
def test_a_decided_conflict_is_told_as_stored(
    programme: Programme, consultant: User, how: str, is_own: bool
) -> None:
    _device, tablet = make_tablet(programme)
    photo = announced()
    first = make_document()
    if is_own:
        put(tablet, programme, first)
    else:
        submit(programme, **first)
    document = first | OTHER | {"media": [photo]}
    sha256 = put(tablet, programme, document).json()["sha256"]
    row = decided(HeldCopy.objects.get(), how, consultant)
    told = put(tablet, programme, document)
    number = 2 if how == "correction" else 1
    assert told.status_code == 200
    expected = {
        "id": document["id"],
        "sha256": sha256,
        "revision": number,
        "missing_media": [photo["id"]],
    }
    assert told.json() == expected
    assert status_of(tablet, programme, document).json() == expected
    assert send_photo(tablet, programme, document, photo).json() == expected | {"missing_media": []}
    stored = Media.objects.get(observation=row)
    assert Path(stored.file.path).read_bytes() == PHOTO
    assert status_of(tablet, programme, document).json()["missing_media"] == []
    assert Observation.objects.count() == (2 if how == "another" else 1)
    assert HeldCopy.objects.count() == 1


def test_a_mended_copy_sent_once_more_is_told_as_stored(
    programme: Programme, consultant: User
) -> None:
    _device, tablet = make_tablet(programme)
    document = make_document(**BAD)
    sha256 = put(tablet, programme, document).json()["sha256"]
    decided(HeldCopy.objects.get(), "accepted", consultant)
    told = put(tablet, programme, document)
    assert (told.status_code, told.json()["sha256"], told.json()["revision"]) == (200, sha256, 1)


def test_a_guide_closed_since_changes_nothing(programme: Programme, consultant: User) -> None:
    _device, tablet = make_tablet(programme)
    first = make_document()
    put(tablet, programme, first)
    document = first | OTHER
    put(tablet, programme, document)
    decided(HeldCopy.objects.get(), "another", consultant)
    programme.journeys.get().frameworks.update(status="closed")
    assert put(tablet, programme, document).status_code == 200
    assert HeldCopy.objects.count() == 1


def test_another_sender_is_told_nothing(programme: Programme, consultant: User) -> None:
    _device, tablet = make_tablet(programme)
    _other, stranger = make_tablet(programme, name="Tablet 2")
    photo = announced()
    first = make_document()
    submit(programme, **first)
    document = first | OTHER | {"media": [photo]}
    put(tablet, programme, document)
    decided(HeldCopy.objects.get(), "another", consultant)
    assert put(stranger, programme, document).status_code == 409
    assert status_of(stranger, programme, document).status_code == 404
    assert send_photo(stranger, programme, document, photo).status_code == 404


def test_dismissed_or_withdrawn_is_not_told_as_stored(
    programme: Programme, consultant: User
) -> None:
    _device, tablet = make_tablet(programme)
    first = make_document()
    put(tablet, programme, first)
    put(tablet, programme, first | OTHER)
    dismiss_copy(copy=HeldCopy.objects.get(), note="Twice", user=consultant)
    assert put(tablet, programme, first | OTHER).status_code == 409
    put(tablet, programme, first | {"comment": "third"})
    row = decided(HeldCopy.objects.waiting().get(), "another", consultant)
    withdraw_observation(observation=row)
    assert put(tablet, programme, first | {"comment": "third"}).status_code == 410


@pytest.mark.parametrize("is_own", [True, False])
def test_what_was_kept_as_another_is_corrected_there(
    programme: Programme, consultant: User, is_own: bool
) -> None:
    _device, tablet = make_tablet(programme)
    first = make_document()
    if is_own:
        put(tablet, programme, first)
    else:
        submit(programme, **first)
    document = first | OTHER
    put(tablet, programme, document)
    row = decided(HeldCopy.objects.get(), "another", consultant)
    late = put(tablet, programme, document | {"base_revision": 1})
    assert (late.status_code, late.json()["revision"]) == (200, 1), "it is there already"
    told = put(tablet, programme, document | {"base_revision": 1, "comment": "mended"})
    assert told.status_code == 200
    assert (told.json()["id"], told.json()["revision"]) == (first["id"], 2)
    assert row.revisions.get(is_current=True).details["comment"] == "mended"
    assert Observation.objects.get(uuid=first["id"]).revisions.count() == 1
    assert HeldCopy.objects.count() == 1
