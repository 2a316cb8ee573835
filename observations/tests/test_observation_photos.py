"""Photos are looked at by who may see their observation, and never run in a browser."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.intake import submit_observation
from observations.models import Media, Observation
from observations.tests.factories import make_document, submit
from observations.tests.tablets import make_tablet

pytestmark = pytest.mark.usefixtures("framework")
PHOTO = b"\xff\xd8\xff a photo"


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def announced(interaction: str | None = "S1-b", kind: str = "image/jpeg") -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "interaction": interaction,
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
        "size": len(PHOTO),
        "type": kind,
    }


def observed(programme: Programme, *photos: dict[str, Any], **changes: Any) -> Observation:
    """With the bytes of every photo."""
    document = make_document(media=list(photos), **changes)
    submit_observation(programme=programme, document=document, user=None)
    row: Observation = Observation.objects.get(uuid=document["id"])
    for photo in row.media.all():
        photo.file.save(photo.sha256, ContentFile(PHOTO))
    return row


def address(row: Observation, photo: dict[str, Any]) -> str:
    return reverse("observations:observation-photo", args=["casa-nord", row.uuid, photo["id"]])


def test_a_photo_is_a_picture_and_nothing_else(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    photo = announced()
    answer = client_of(consultant).get(address(observed(programme, photo), photo))
    assert answer.getvalue() == PHOTO
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private"
    assert answer["Content-Disposition"].startswith("inline")


def test_what_was_stored_as_something_else_is_a_download(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    photo = announced()
    row = observed(programme, photo)
    Media.objects.update(type="image/svg+xml")
    answer = client_of(consultant).get(address(row, photo))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.getvalue() == PHOTO


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/heic", "text/html", 7, None])
def test_other_types_are_refused_at_the_door(programme: Programme, kind: Any) -> None:
    outcome = submit(programme, media=[announced(kind=kind)])
    assert outcome.status == "quarantined"
    assert [error["path"] for error in outcome.errors] == ["/media/0/type"]


def test_who_may_not_see_the_observation_sees_no_photo(
    programme: Programme, location_manager: User, executive: User, client_of: ClientOf
) -> None:
    here, there = announced(), announced()
    own, foreign = observed(programme, here), observed(programme, there, location="LYO1")
    assert client_of(location_manager).get(address(own, here)).status_code == 200
    assert client_of(location_manager).get(address(foreign, there)).status_code == 404
    assert client_of(location_manager).get(address(own, there)).status_code == 404
    assert client_of(executive).get(address(own, here)).status_code == 404
    _device, tablet = make_tablet(programme)
    assert tablet.get(address(own, here)).status_code == 302, "a tablet opens no page"


def test_the_list_shows_those_that_have_arrived(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    photos = [announced() for _number in range(4)]
    row, late = observed(programme, *photos), observed(programme, announced())
    late.media.update(file="")
    answer = client_of(consultant).get(reverse("observations:observation-list", args=["casa-nord"]))
    found = {line.observation.pk: line.photos for line in answer.context["lines"]}
    assert set(found[row.pk]) == {photo["id"] for photo in photos}
    assert found[late.pk] == ()
    page = answer.content.decode()
    assert page.count("<img ") == 3 and "+1" in page
    assert address(row, photos[0]) in page


def test_one_that_has_not_arrived_or_is_gone_from_the_disk_is_not_there(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    photo = announced()
    row = observed(programme, photo)
    Path(Media.objects.get().file.path).unlink()
    assert client_of(consultant).get(address(row, photo)).status_code == 404
    Media.objects.update(file="")
    assert client_of(consultant).get(address(row, photo)).status_code == 404


def test_the_page_shows_them_beside_their_interaction(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    first, other, late = announced(), announced(None), announced("S1-p")
    row = observed(programme, first, other, late)
    Media.objects.filter(uuid=late["id"]).update(file="")
    page = client_of(consultant).get(row.get_absolute_url())
    text = page.content.decode()
    for photo in (first, other):
        assert f'src="{address(row, photo)}"' in text
    assert address(row, late) not in text
    assert "A photo has not arrived yet." in text
    lines = {line.interaction.key: line for part in page.context["stages"] for line in part.answers}
    assert [one.id for one in lines["S1-b"].photos] == [first["id"]]
    assert f'alt="Photo 1: {lines["S1-b"].interaction.statement}"' in text


def test_the_page_asks_as_often_for_many_photos(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    client, counts = client_of(consultant), []
    for number in (1, 8):
        row = observed(programme, *[announced() for _photo in range(number)])
        with CaptureQueriesContext(connection) as caught:
            assert client.get(row.get_absolute_url()).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_evidence_leads_to_them_in_two_clicks(
    programme: Programme, consultant: User, client_of: ClientOf
) -> None:
    photo = announced()
    row = observed(programme, photo)
    client = client_of(consultant)
    evidence = reverse("dashboards:stage-evidence", args=["casa-nord", "family-store", "S1"])
    listed = client.get(evidence).context["observations"]
    assert row.get_absolute_url() in client.get(listed).content.decode()
    assert address(row, photo) in client.get(row.get_absolute_url()).content.decode()
