"""Files that take a while: asked for once, made once, fetched by one reader, gone after a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from kombu.exceptions import OperationalError as BrokerDown
from pytest_django import DjangoCaptureOnCommitCallbacks
from pytest_django.fixtures import Settings

from accounts.models import User
from journeys import documents, tasks
from journeys.documents import DocumentKind, MadeFile, ReportProgress, ask_for_document, make
from journeys.models import Document, Programme
from journeys.rights import Right

ClientOf = Callable[[User], Client]
Ask = Callable[[], Document]
SEEN: list[int] = []


def write(document: Document, report: ReportProgress) -> MadeFile:
    """A text in the reader's language; `parameters` may ask it to fail."""
    report(40)
    document.refresh_from_db()
    SEEN.append(document.progress)
    if document.parameters.get("fails"):
        raise ValueError("no such thing")
    assert documents.reader_of(document).may(Right.SEE_METHOD)
    return MadeFile((translation.get_language() or "").encode(), "words.txt", "text/plain")


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setitem(documents._registry, "words", DocumentKind("words", write))
    SEEN.clear()


@pytest.fixture
def ask(programme: Programme, consultant: User) -> Ask:
    return lambda: ask_for_document(
        programme=programme, kind="words", parameters={}, origin="/back/", asked_by=consultant
    )


def address(document: Document, page: str) -> str:
    return reverse(f"journeys:{page}", args=[document.programme.slug, document.pk])


def test_it_is_made_in_the_readers_language_and_fetched(
    ask: Ask, consultant: User, client_of: ClientOf
) -> None:
    with translation.override("fr"):
        document = ask()
    client = client_of(consultant)
    page = " ".join(client.get(address(document, "document-detail")).content.decode().split())
    assert '<progress max="100" value="0"' in page and 'href="/back/"' in page
    assert client.get(address(document, "document-file")).status_code == 404
    assert make(document.pk)
    assert SEEN == [40]
    fragment = client.get(address(document, "document-detail"), headers={"HX-Request": "true"})
    words = fragment.content.decode()
    assert "<html" not in words and "every 1s" not in words and "words.txt" in words
    file = client.get(address(document, "document-file"))
    assert b"".join(file) == b"fr"
    assert file["Content-Disposition"] == 'attachment; filename="words.txt"'
    assert (file["Content-Type"], file["Cache-Control"]) == ("text/plain", "private, no-store")


def test_nobody_else_fetches_it(
    ask: Ask, lead: User, executive: User, outsider: User, client_of: ClientOf
) -> None:
    document = ask()
    make(document.pk)
    for person in (lead, executive, outsider):
        for page in ("document-detail", "document-file"):
            assert client_of(person).get(address(document, page)).status_code == 404


def test_a_double_click_asks_once_and_a_later_click_anew(ask: Ask) -> None:
    first = ask()
    assert ask() == first
    Document.objects.update(created_at=timezone.now() - timedelta(seconds=4))
    assert ask() != first


def test_a_message_that_comes_twice_makes_it_once(ask: Ask) -> None:
    document = ask()
    assert make(document.pk)
    assert not make(document.pk)
    assert SEEN == [40]


def test_what_fails_says_so(
    programme: Programme, consultant: User, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    document = ask_for_document(
        programme=programme,
        kind="words",
        parameters={"fails": True},
        origin="/back/",
        asked_by=consultant,
    )
    assert not make(document.pk)
    page = client_of(consultant).get(address(document, "document-detail")).content.decode()
    assert "It could not be made." in page and "every 1s" not in page
    assert "no such thing" in caplog.text


def test_a_role_lost_meanwhile_counts(ask: Ask, consultant: User) -> None:
    document = ask()
    consultant.memberships.all().delete()
    assert not make(document.pk)
    document.refresh_from_db()
    assert document.state == "failed" and not document.file


def test_without_a_worker_it_is_there_at_once(
    ask: Ask, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = ask()
    document.refresh_from_db()
    assert document.state == "ready"


def test_a_broker_that_is_down_leaves_it_to_the_sweep(
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def refuse(*_args: object) -> None:
        raise BrokerDown("no route")

    with monkeypatch.context() as patched:
        patched.setattr(tasks.make_document, "delay", refuse)
        with django_capture_on_commit_callbacks(execute=True):
            document = ask()
    assert tasks.sweep_documents() == 0
    Document.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert tasks.sweep_documents() == 1
    document.refresh_from_db()
    assert document.state == "ready"


def test_what_a_dead_worker_left_is_tried_once_more(ask: Ask) -> None:
    document = ask()
    long_ago = timezone.now() - timedelta(minutes=11)
    Document.objects.update(state="making", started_at=long_ago, tries=1)
    assert tasks.sweep_documents() == 1
    document.refresh_from_db()
    assert (document.state, document.tries) == ("ready", 2)
    Document.objects.update(state="making", started_at=long_ago)
    assert tasks.sweep_documents() == 1
    document.refresh_from_db()
    assert document.state == "failed"


def test_after_a_day_it_is_gone_with_its_file(ask: Ask, tmp_path: Path) -> None:
    document = ask()
    make(document.pk)
    assert tasks.sweep_documents() == 0
    assert [each.name for each in (tmp_path / "documents").iterdir()] == [str(document.pk)]
    Document.objects.update(expires_at=timezone.now())
    assert tasks.sweep_documents() == 1
    assert not Document.objects.exists()
    assert list((tmp_path / "documents").iterdir()) == []


def test_a_file_whose_programme_was_deleted_goes_too(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = ask()
    make(document.pk)
    Document.objects.all()._raw_delete(using="default")
    assert tasks.sweep_documents() == 0  # may be one whose row is just being written
    monkeypatch.setattr(documents, "LIFETIME", timedelta(0))
    assert tasks.sweep_documents() == 1
    assert list((tmp_path / "documents").iterdir()) == []


@pytest.mark.parametrize(
    "wrong",
    [{"asked_by": None}, {"progress": 101}, {"state": "ready"}],
    ids=["for nobody", "more than all", "ready without a file"],
)
def test_the_database_holds_the_rules(ask: Ask, wrong: dict[str, object]) -> None:
    ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(**wrong)
