"""A map too large to print within a request: by a worker, for its one reader or those of a link."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accounts.models import User
from journeys import documents
from journeys.map_documents import is_big
from journeys.models import Document, Journey, Need, ShareLink, Touchpoint
from journeys.sharing import revoke_link, share_maps
from journeys.tests.factories import make_journey, make_stage

ClientOf = Callable[[User], Client]


@pytest.fixture
def big(journey: Journey, settings: Settings, tmp_path: Path) -> Journey:
    settings.MEDIA_ROOT = tmp_path
    made = make_journey(journey.programme, "big", name="Grande carte")
    for number in range(13):
        stage = make_stage(made, f"S{number}", name=f"Stage number {number}")
        Need.objects.create(stage=stage, text="a hidden need")
    return made


def test_what_is_big(big: Journey, journey: Journey) -> None:
    assert is_big(big) and not is_big(journey)
    big.stages.get(key="S12").delete()
    assert not is_big(big)
    stage, channel = big.stages.get(key="S0"), journey.programme.channels.get()
    Touchpoint.objects.bulk_create(
        Touchpoint(stage=stage, journey=big, key=f"t{n}", name=f"T{n}", channel=channel)
        for n in range(61)
    )
    assert is_big(big)


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_it_waits_on_a_page_and_is_fetched(
    big: Journey, executive: User, client_of: ClientOf, kind: str
) -> None:
    client = client_of(executive)
    url = reverse(f"journeys:journey-map-{kind}", args=[big.programme.slug, big.key])
    answer = client.get(f"{url}?language=fr")
    document = Document.objects.get()
    page = reverse("journeys:document-detail", args=[big.programme.slug, document.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert (document.asked_by, document.language) == (executive, "fr")
    assert documents.make(document.pk)
    file = client.get(f"{page}file/")
    content = b"".join(file)
    assert file["Content-Disposition"] == f'attachment; filename="grande-carte.{kind}"'
    if kind == "png":
        assert content.startswith(b"\x89PNG")
    else:
        words = "".join(each.extract_text() for each in PdfReader(BytesIO(content)).pages)
        assert "Stage number 12" in words and "Besoins" in words


@pytest.mark.django_db(transaction=True)
def test_where_it_is_made_at_once_the_file_comes_at_once(
    big: Journey, consultant: User, client_of: ClientOf
) -> None:
    url = reverse("journeys:journey-map-pdf", args=[big.programme.slug, big.key])
    answer = client_of(consultant).get(url, follow=True)
    assert answer.redirect_chain[-1][0].endswith("/file/")
    assert b"".join(answer).startswith(b"%PDF")


class Reader:
    """Somebody who holds a link to the big map, without its needs."""

    def __init__(self, big: Journey, lead: User, password: str = "") -> None:
        self.token = share_maps(
            programme=big.programme,
            name="The board",
            journeys=[big],
            lanes=["touchpoints"],
            password=password,
            last_day=None,
            actor=lead,
        )
        self.client = Client()
        self.map = reverse("journeys:shared-map", args=[self.token, big.key])

    def document(self, page: str = "shared-document") -> str:
        return reverse(f"journeys:{page}", args=[self.token, Document.objects.get().pk])


def test_a_link_prints_what_it_shows_and_dies_with_what_it_printed(
    big: Journey, lead: User
) -> None:
    reader = Reader(big, lead)
    answer = reader.client.get(f"{reader.map}map.pdf?language=fr", follow=True)
    assert answer.redirect_chain == [
        (f"../documents/{Document.objects.get().pk}/?language=fr", 302)
    ]
    page = answer.content.decode()
    assert answer["Refresh"] == "2" and "<progress" in page and "/programmes/" not in page
    assert documents.make(Document.objects.get().pk)
    answer = reader.client.get(reader.document())
    assert "Refresh" not in answer and 'href="file/"' in answer.content.decode()
    content = b"".join(reader.client.get(reader.document("shared-document-file")))
    pages = PdfReader(BytesIO(content)).pages
    words = " ".join("".join(each.extract_text() for each in pages).split())
    assert "Stage number 12" in words and "Points de contact" in words
    assert "hidden need" not in words
    assert not reader.client.cookies
    revoke_link(link=ShareLink.objects.get(), actor=lead)
    for page in ("shared-document", "shared-document-file"):
        assert reader.client.get(reader.document(page)).status_code == 404


def test_a_link_revoked_meanwhile_prints_nothing(big: Journey, lead: User) -> None:
    reader = Reader(big, lead)
    reader.client.get(f"{reader.map}map.pdf")
    revoke_link(link=ShareLink.objects.get(), actor=lead)
    assert not documents.make(Document.objects.get().pk)


def test_a_password_guards_what_was_printed(big: Journey, lead: User) -> None:
    reader = Reader(big, lead, password="a long secret")
    reader.client.post(
        reverse("journeys:shared", args=[reader.token]), {"password": "a long secret"}
    )
    reader.client.get(f"{reader.map}map.pdf")
    assert documents.make(Document.objects.get().pk)
    assert b"".join(reader.client.get(reader.document("shared-document-file"))).startswith(b"%PDF")
    for page in ("shared-document", "shared-document-file"):
        assert Client().get(reader.document(page)).status_code == 404
    # Another link to the same map does not lead there either.
    other = Reader(big, lead)
    assert other.client.get(other.document()).status_code == 404


def test_readers_of_a_link_ask_for_so_many_an_hour(
    big: Journey, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_OF_A_LINK", 1)
    reader = Reader(big, lead)
    assert reader.client.get(f"{reader.map}map.pdf").status_code == 302
    assert reader.client.get(f"{reader.map}map.png").status_code == 429
