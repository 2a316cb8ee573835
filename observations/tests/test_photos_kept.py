"""A photo that was acknowledged is there: whatever comes at the same moment, or corrects it later."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from journeys.models import Programme
from observations.intake import submit_observation
from observations.models import Media, Observation
from observations.photos import receive_photo
from observations.tests.factories import make_document

pytestmark = pytest.mark.usefixtures("framework")
PHOTO = b"\xff\xd8\xff a photo"


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def announced(content: bytes = PHOTO, one: str = "") -> dict[str, Any]:
    return {
        "id": one or str(uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "type": "image/jpeg",
    }


def send(programme: Programme, document: dict[str, Any]) -> Any:
    return submit_observation(programme=programme, document=document, user=None)


def arrive(photo: dict[str, Any], content: bytes = PHOTO) -> bool:
    row = Observation.objects.get()
    return receive_photo(observation=row, medium=uuid.UUID(photo["id"]), content=content)


def files() -> list[bytes]:
    return [Path(one.file.path).read_bytes() for one in Media.objects.exclude(file="")]


@pytest.mark.django_db(transaction=True)
def test_a_correction_during_the_upload_takes_nothing_away(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    photo = announced()
    document = make_document(media=[photo])
    send(programme, document)
    told: list[Any] = []

    def correct() -> None:
        try:
            told.append(send(programme, document | {"base_revision": 1, "comment": "corrected"}))
        finally:
            connection.close()

    correction = threading.Thread(target=correct)
    with transaction.atomic():
        assert arrive(photo)
        correction.start()
        correction.join(1)  # it has read the photos as they are, or it waits for this one
        assert correction.is_alive()
    correction.join(20)
    assert told[0].status == "revised"
    assert told[0].missing_media == []
    assert files() == [PHOTO]


def test_a_corrected_manifest_keeps_what_has_arrived(programme: Programme) -> None:
    photo, dropped, late = announced(), announced(b"dropped"), announced(b"late")
    document = make_document(media=[photo, dropped, late])
    send(programme, document)
    arrive(photo)
    arrive(dropped, b"dropped")
    moved = photo | {"interaction": "S1-b"}
    revised = send(programme, document | {"base_revision": 1, "media": [moved, late]})
    assert revised.missing_media == [late["id"]]
    assert sorted(files()) == sorted([PHOTO, b"dropped"]), "the former revision names it"
    assert Media.objects.get(uuid=photo["id"]).interaction == "S1-b"


def test_a_photo_taken_again_leaves_the_former_bytes_on_the_disk(
    programme: Programme, tmp_path: Path
) -> None:
    photo = announced()
    document = make_document(media=[photo])
    send(programme, document)
    arrive(photo)
    send(programme, document | {"base_revision": 1, "media": [announced(b"again", photo["id"])]})
    arrive(photo, b"again")
    kept = {path.read_bytes() for path in (tmp_path / "observations").iterdir()}
    assert kept == {PHOTO, b"again"}


def test_the_bytes_are_on_the_disk_before_they_are_acknowledged(
    programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = announced()
    send(programme, make_document(media=[photo]))
    synced: list[tuple[int, bool]] = []

    def note(handle: int) -> None:
        found = os.fstat(handle)
        synced.append((found.st_ino, stat.S_ISDIR(found.st_mode)))

    monkeypatch.setattr(os, "fsync", note)
    assert arrive(photo)
    path = Path(Media.objects.get().file.path)
    assert synced == [(path.stat().st_ino, False), (path.parent.stat().st_ino, True)]
