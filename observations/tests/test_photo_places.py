"""By whichever way a photo comes in, where it was taken is not kept."""

from __future__ import annotations

import hashlib
import io
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import Base

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import Media
from observations.tests.factories import make_document
from observations.tests.odk_answers import as_central, filled, form_of
from observations.tests.tablets import at, make_tablet, put
from observations.tests.test_odk_import import stored
from observations.tests.test_odk_photos import zipped
from observations.tests.test_photo_metadata import TURNED, photographed, place_in, shown
from observations.tests.test_queue_files import bring, carried, make_file
from scoring.models import Framework

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

PHOTO = photographed()


@pytest.fixture(autouse=True)
def _photos_apart(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def announced() -> dict[str, Any]:
    digest = hashlib.sha256(PHOTO).hexdigest()
    named = {"id": str(uuid.uuid4()), "interaction": "S1-b", "type": "image/jpeg"}
    return named | {"sha256": digest, "size": len(PHOTO)}


def assert_bare(content: bytes) -> None:
    assert place_in(PHOTO), "the photo sent tells its place"
    assert not place_in(content)
    assert Image.open(io.BytesIO(content)).getexif()[Base.Orientation] == TURNED
    assert shown(content) == shown(PHOTO)


def assert_kept_without_place(settings: Settings) -> None:
    """In the row, and in every file that lies on the disk."""
    assert Media.objects.get().file
    for path in (Path(settings.MEDIA_ROOT) / "observations").iterdir():
        assert_bare(path.read_bytes())


@pytest.mark.usefixtures("framework")
def test_from_a_tablet_and_sent_twice(
    programme: Programme, settings: Settings, consultant: User, client_of: ClientOf
) -> None:
    _device, tablet = make_tablet(programme)
    photo = announced()
    document = make_document(media=[photo])
    assert put(tablet, programme, document).json()["missing_media"] == [photo["id"]]
    place = at(programme, f"observations/{document['id']}/media/{photo['id']}/")
    for _ in range(2):
        answer = tablet.put(place, PHOTO, content_type="image/jpeg")
        assert (answer.status_code, answer.json()["missing_media"]) == (200, [])
    assert_kept_without_place(settings)
    names = [programme.slug, document["id"], photo["id"]]
    looked_at = client_of(consultant).get(reverse("observations:observation-photo", args=names))
    assert_bare(looked_at.getvalue())


@pytest.mark.usefixtures("framework")
def test_in_the_file_of_a_queue(programme: Programme, settings: Settings, lead: User) -> None:
    photo = announced()
    document = make_document(media=[photo])
    content = make_file(document, media=[carried(document, photo, PHOTO)])
    for status in ("stored", "unchanged"):
        assert [one.status for one in bring(programme, lead, content).photos] == [status]
    assert_kept_without_place(settings)


def test_in_a_zip_of_odk(
    programme: Programme,
    framework: Framework,
    settings: Settings,
    consultant: User,
    client_of: ClientOf,
) -> None:
    visit = filled(form_of(framework), **{"s_S1/p_S1_hb": "17001.jpg"})
    for _ in range(2):
        archive = zipped(as_central([visit]), {"media/17001.jpg": PHOTO})
        stored(client_of(consultant), programme, archive)
    assert_kept_without_place(settings)
