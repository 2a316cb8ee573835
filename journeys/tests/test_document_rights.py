"""What a document holds is read as long as the rights last; of a link nothing secret is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from journeys import documents
from journeys.documents import DocumentKind, MadeFile, ask_for_document, make
from journeys.models import Document, Journey, Membership
from journeys.sharing import share_maps
from journeys.tests.factories import make_stage

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    kind = DocumentKind("words", lambda *_: MadeFile(b"words", "words.txt", "text/plain"))
    monkeypatch.setitem(documents._registry, "words", kind)


def status(client: Client, page: str) -> int:
    """A file is read to its end, which closes it."""
    answer = client.get(page)
    if answer.streaming:
        assert b"".join(answer) == b"words"
    code: int = answer.status_code
    return code


@pytest.mark.parametrize(
    ("role", "expected"), [("facilitator", 200), ("location_manager", 404), ("observer", 404)]
)
def test_a_document_goes_with_a_right_to_see(
    role: str, expected: int, journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    document = ask_for_document(
        programme=journey.programme, kind="words", parameters={}, origin="/", asked_by=consultant
    )
    assert make(document.pk)
    client = client_of(consultant)
    pages = [
        reverse(f"journeys:document-{page}", args=[journey.programme.slug, document.pk])
        for page in ("detail", "file")
    ]
    assert [status(client, page) for page in pages] == [200, 200]
    # Of the lost rights only those to see count.
    Membership.objects.filter(user=consultant).update(role=role)
    assert [status(client, page) for page in pages] == [expected, expected]


def test_a_document_of_own_locations_goes_with_them(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    store = journey.programme.locations.create(code="L1", name="Lyon")
    Membership.objects.filter(user=consultant).update(role="location_manager")
    member = Membership.objects.get(user=consultant)
    member.locations.add(store)
    document = ask_for_document(
        programme=journey.programme, kind="words", parameters={}, origin="/", asked_by=consultant
    )
    assert make(document.pk)
    page = reverse("journeys:document-file", args=[journey.programme.slug, document.pk])
    assert status(client_of(consultant), page) == 200
    member.locations.remove(store)
    assert status(client_of(consultant), page) == 404


@pytest.fixture
def shared(journey: Journey, lead: User) -> str:
    token = share_maps(
        programme=journey.programme,
        name="The board",
        journeys=[journey],
        lanes=["touchpoints"],
        password="",
        last_day=None,
        actor=lead,
    )
    return reverse("journeys:shared-map", args=[token, journey.key])


def test_the_token_is_not_kept_and_any_query_is_taken(journey: Journey, shared: str) -> None:
    for number in range(13):
        make_stage(journey, f"B{number}")
    client = Client()
    answer = client.get(f"{shared}map.pdf", {"language": "fr", "noise": "x" * 2000})
    assert answer.status_code == 302
    origin = Document.objects.get().origin
    assert origin == f"../../{journey.key}/?language=fr"
    path = reverse(
        "journeys:shared-document", args=[shared.split("/")[2], Document.objects.get().pk]
    )
    assert urljoin(path, origin) == f"{shared}?language=fr"
    assert f'href="{origin}"' in client.get(path).content.decode()


def test_small_maps_count_among_those_of_an_hour(
    journey: Journey, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MOST_OF_A_LINK", 2)
    monkeypatch.setattr(
        "journeys.map_documents.PRINTS",
        {kind: (lambda *_: b"drawn", "text/plain") for kind in ("pdf", "png")},
    )
    client = Client()
    assert client.get(f"{shared}map.pdf").status_code == 200
    assert client.get(f"{shared}map.png").status_code == 200
    assert client.get(f"{shared}map.pdf").status_code == 429
    for number in range(13):
        make_stage(journey, f"B{number}")
    assert client.get(f"{shared}map.pdf").status_code == 429
