"""An export with its photos: each at its observation, once, and what does not fit is told by its name."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import HeldCopy, Media, Observation, Revision
from observations.odk import archive as archives
from observations.odk import stash
from observations.tests.odk_answers import Fields, as_central, as_kobo_csv, filled, form_of
from observations.tests.test_odk_import import OTHER, address, sent, stored, words
from scoring.models import Framework

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def _photos_apart(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def visit(framework: Framework) -> Fields:
    """A submission with two photos, of one question each."""
    photos = {"s_S1/p_S1_hb": "17001.jpg", "s_S2/p_S2_hp": "17002.jpg"}
    return filled(form_of(framework), **photos)


def jpeg(color: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, "JPEG")
    return out.getvalue()


def zipped(table: bytes, photos: dict[str, bytes], name: str = "visit.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, table)
        for path, content in photos.items():
            made.writestr(path, content)
    return out.getvalue()


BOTH = {"media/17001.jpg": jpeg("red"), "media/17002.jpg": jpeg("blue")}


def kept() -> list[str]:
    return default_storage.listdir(stash.FOLDER)[1] if default_storage.exists(stash.FOLDER) else []


def test_photos_come_with_their_answers_and_are_stored_once(
    programme: Programme, client: Client, visit: Fields
) -> None:
    preview = sent(client, programme, zipped(as_central([visit]), BOTH))
    assert "2 photos of the ZIP, stored with their observations" in words(preview)
    assert (Observation.objects.count(), Media.objects.count(), len(kept())) == (0, 0, 1)
    for count in (2, 0):
        done = stored(client, programme, zipped(as_central([visit]), BOTH))
        assert f"{count} photos stored." in words(done)
    assert (Observation.objects.count(), Revision.objects.count()) == (1, 1)
    found = {}
    for photo in Media.objects.all():
        with photo.file.open() as content:
            found[photo.interaction] = content.read()
    assert found == {"S1-b": BOTH["media/17001.jpg"], "S2-p": BOTH["media/17002.jpg"]}
    assert not HeldCopy.objects.exists()
    # The first preview was never confirmed; those that were have gone.
    assert len(kept()) == 1


def test_the_table_again_without_its_photos_takes_none_away(
    programme: Programme, client: Client, visit: Fields
) -> None:
    stored(client, programme, zipped(as_central([visit]), BOTH))
    preview = sent(client, programme, as_kobo_csv([visit]))
    assert "1 is there already and does not change" in words(preview)
    assert "send a ZIP of the table with its media" in words(preview)
    stored(client, programme, as_kobo_csv([visit]))
    assert (Revision.objects.count(), HeldCopy.objects.count()) == (1, 0)
    assert Media.objects.exclude(file="").count() == 2


def test_attachments_in_folders_of_their_submissions_are_told_apart(
    programme: Programme, client: Client, visit: Fields
) -> None:
    other = visit | OTHER
    photos = {}
    for row, first, second in ((visit, "red", "blue"), (other, "green", "black")):
        folder = f"me/attachments/{row['meta/instanceID'].removeprefix('uuid:')}"
        photos[f"{folder}/17001.jpg"] = jpeg(first)
        photos[f"{folder}/17002.jpg"] = jpeg(second)
    stored(client, programme, zipped(as_kobo_csv([visit, other]), photos))
    assert Media.objects.exclude(file="").count() == 4
    assert len(set(Media.objects.values_list("sha256", flat=True))) == 4


def test_what_is_missing_and_what_is_too_much_is_named(
    programme: Programme, client: Client, visit: Fields
) -> None:
    whole = visit | OTHER | {"s_S1/p_S1_hb": "other.jpg", "s_S2/p_S2_hp": ""}
    photos = {
        "media/17001.jpg": jpeg(),
        "media/other.jpg": jpeg(),
        "media/stray.jpg": jpeg(),
        "__MACOSX/._x": b"",
    }
    preview = sent(client, programme, zipped(as_central([visit, whole]), photos))
    assert "The photo “17002.jpg” is not in the ZIP." in words(preview)
    assert "1 file of the ZIP is named by no row and stays out: media/stray.jpg" in words(preview)
    confirmed = {"confirmed": preview.context["confirmed"]}
    client.post(address(programme), confirmed, follow=True)
    assert Observation.objects.count() == Media.objects.exclude(file="").count() == 1


@pytest.mark.parametrize("content", [b"GIF89a", b"<svg/>", b""], ids=["gif", "svg", "empty"])
def test_what_is_no_photo_is_not_taken(
    programme: Programme, client: Client, visit: Fields, content: bytes
) -> None:
    preview = sent(
        client, programme, zipped(as_central([visit]), BOTH | {"media/17002.jpg": content})
    )
    assert "“17002.jpg” is no JPEG, PNG or WebP picture." in words(preview)
    assert not preview.context["confirmed"]
    assert kept() == []


def test_sizes_have_their_limits(
    programme: Programme, client: Client, visit: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = zipped(as_central([visit]), BOTH)
    for name, said in (
        ("MAX_UNPACKED_BYTES", "The ZIP holds more than 300 MB"),
        ("MAX_FILES", "files: split the ZIP"),
        ("MAX_TABLE_BYTES", "The table in the ZIP is larger than 5 MB"),
        ("MAX_MEDIA_BYTES", "is larger than 20 MB"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(archives, name, 1)
            assert said in words(sent(client, programme, whole))
    monkeypatch.setattr("observations.views.odk.MAX_ARCHIVE_BYTES", 100)
    assert "The ZIP is larger than 100 MB" in words(sent(client, programme, whole))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and no more", "The ZIP is damaged."),
        (zipped(b"KEY\n", {"two.csv": b"KEY\n"}), "The ZIP holds 2 tables"),
        (zipped(b"", BOTH, "readme.txt"), "The ZIP holds 0 tables"),
    ],
)
def test_a_zip_that_is_no_export_is_refused(
    programme: Programme, client: Client, content: bytes, said: str
) -> None:
    answer = sent(client, programme, content)
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_preview_whose_photos_have_gone_is_out_of_date(
    programme: Programme, client: Client, visit: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = zipped(as_central([visit]), BOTH)
    preview = sent(client, programme, whole)
    monkeypatch.setattr(stash, "KEPT", timedelta(0))
    stash._sweep()
    assert kept() == []
    confirmed: Any = {"confirmed": preview.context["confirmed"]}
    answer = client.post(address(programme), confirmed)
    assert answer.status_code == 422
    assert "out of date" in words(answer)
    assert not Observation.objects.exists()
