"""Files of an action: which are taken, how they are called, how they are served and let go."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from actionplans import action_files
from actionplans.action_files import clean_name, sweep_files
from actionplans.models import Action
from actionplans.tests.factories import make_action
from journeys.models import Journey

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def action(journey: Journey, contributor: User) -> Action:
    return make_action(journey.stages.get(key="S1"), contributor)


def url_of(action: Action, page: str = "") -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/files/{page}"


def send(client: Client, action: Action, name: str, content: bytes = b"bytes", **kw: Any) -> Any:
    return client.post(url_of(action, "new/"), {"file": SimpleUploadedFile(name, content, **kw)})


def test_a_file_comes_back_as_a_download(
    action: Action, contributor: User, client_of: ClientOf
) -> None:
    client = client_of(contributor)
    html = b"<script>alert(1)</script>"
    assert send(client, action, "plan é.pdf", html, content_type="text/html").status_code == 302
    file = action.files.get()
    assert (file.name, file.content_type, file.size) == ("plan é.pdf", "application/pdf", 25)
    assert file.file.name == f"action-files/{file.pk}"
    answer = client.get(url_of(action, f"{file.pk}/"))
    assert answer.content == html
    assert answer["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''plan%20%C3%A9.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_who_may_not_see_the_action_gets_no_file(
    action: Action, contributor: User, observer: User, outsider: User, client_of: ClientOf
) -> None:
    send(client_of(contributor), action, "a.pdf")
    url = url_of(action, f"{action.files.get().pk}/")
    assert client_of(observer).get(url).status_code == 404
    assert client_of(outsider).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    other = make_action(action.stage, contributor)
    wrong = url_of(other, f"{action.files.get().pk}/")
    assert client_of(contributor).get(wrong).status_code == 404


@pytest.mark.parametrize("name", ["page.html", "run.exe", "picture.svg", "nothing", "a.pdf.js"])
def test_kinds_that_are_not_taken(
    action: Action, contributor: User, client_of: ClientOf, name: str
) -> None:
    answer = send(client_of(contributor), action, name)
    assert answer.status_code == 422
    assert "can't be attached" in answer.context["file_form"].errors["file"][0]
    assert not action.files.exists()


def test_too_large_empty_and_too_many(
    action: Action, contributor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(contributor)
    assert send(client, action, "a.txt", b"").status_code == 422
    monkeypatch.setattr(action_files, "MOST_BYTES", 5)
    assert send(client, action, "a.txt", b"123456").status_code == 422
    monkeypatch.setattr(action_files, "MOST_FILES", 1)
    assert send(client, action, "a.txt", b"12345").status_code == 302
    assert send(client, action, "b.txt", b"12345").status_code == 422


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("\u202egnp.pdf", "gnp.pdf"),
        ("", "file"),
    ],
)
def test_names_are_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_bytes_go_with_the_file_and_with_the_action(
    action: Action,
    contributor: User,
    facilitator: User,
    client_of: ClientOf,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    send(client_of(contributor), action, "a.pdf")
    send(client_of(contributor), action, "b.pdf")
    folder = media / "action-files"
    assert len(list(folder.iterdir())) == 2
    first = action.files.first()
    assert first is not None
    with django_capture_on_commit_callbacks(execute=True):
        client_of(contributor).post(url_of(action, f"{first.pk}/drop/"))
    assert len(list(folder.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client_of(facilitator).post(f"/programmes/casa-nord/actions/{action.pk}/delete/")
    assert list(folder.iterdir()) == []


def test_the_sweep_takes_old_bytes_without_a_row(
    action: Action, contributor: User, client_of: ClientOf, media: Path
) -> None:
    send(client_of(contributor), action, "a.pdf")
    kept = media / "action-files" / str(action.files.get().pk)
    left, fresh = kept.with_name("left"), kept.with_name("fresh")
    for path in (left, fresh):
        path.write_bytes(b"x")
    old = time.time() - 2 * 86_400
    for path in (kept, left):
        os.utime(path, (old, old))
    assert sweep_files() == 1
    assert kept.exists() and fresh.exists() and not left.exists()
