"""A large table: read and applied by a worker, its progress and its preview on the same page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Programme
from observations.indicator_previewing import read_asked, take_table
from observations.models import ImportRun
from observations.tests.indicator_factories import count_nps, make_indicator

ClientOf = Callable[[User], Client]
TABLE = "month;promoters;passives;detractors\n2026-03;1;1;1\n2026-04;1;1;1\n2026-05;1;1;1\n"


@pytest.fixture
def run(programme: Programme, lead: User, monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    monkeypatch.setattr("observations.indicator_applying.LARGE", 2)
    run = take_table(
        definition=make_indicator(programme),
        text=TABLE,
        source="large.csv",
        actor=lead,
        language="en",
    )
    assert read_asked(run.pk)
    run.refresh_from_db()
    return run


def test_its_page_shows_how_far_it_is_and_then_what_it_did(
    run: ImportRun, lead: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(lead)
    url = run.get_absolute_url()
    with django_capture_on_commit_callbacks() as works:
        assert client.post(f"{url}apply/").headers["Location"] == url
    page = client.get(url).content.decode()
    assert '<progress max="100"' in page
    assert 'hx-trigger="every 2s"' in page
    assert client.post(f"{url}apply/").status_code == 409
    assert client.post(f"{url}discard/").status_code == 409
    assert run.definition.readings.count() == 0
    for work in works:
        work()
    page = client.get(url).content.decode()
    assert "<progress" not in page
    assert "Undo the whole import" in page
    assert run.definition.readings.count() == 3


def test_one_that_failed_says_so_and_can_be_tried_again(
    run: ImportRun, lead: User, client_of: ClientOf
) -> None:
    ImportRun.objects.filter(pk=run.pk).update(has_failed=True)
    page = client_of(lead).get(run.get_absolute_url()).content.decode()
    assert "nothing of it was kept" in page
    assert "Import all of it" in page


def test_an_upload_answers_before_it_is_read(
    run: ImportRun, lead: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(lead)
    text = f"{TABLE}2026-06;1;1;53 %\n"
    where = run.get_absolute_url().replace(f"imports/{run.pk}/", "figures/nps/import/")
    with django_capture_on_commit_callbacks() as works:
        url = client.post(where, {"pasted": text})["Location"]
    page = client.get(url).content.decode()
    assert "It is being read." in page
    assert 'hx-trigger="every 2s"' in page
    assert client.post(f"{url}apply/").status_code == 409
    assert ImportRun.objects.latest("pk").content.split() == text.split(), "it is kept"
    for work in works:
        work()
    seen = client.get(url)
    assert [(one.row, one.column) for one in seen.context["faults"]] == [(5, "detractors")]
    assert (seen.context["found"].new, seen.context["found"].faulty_rows) == (3, 1)
    assert "Import the good rows only" in seen.content.decode()
    rows = client.get(f"{url}faults/").content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("5;detractors;")


def test_its_page_does_not_read_it(
    run: ImportRun, lead: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise AssertionError("read in the request")

    monkeypatch.setattr("observations.indicator_previewing.preview", fail)
    client = client_of(lead)
    assert client.get(run.get_absolute_url()).context["found"].new == 3
    assert client.get(f"{run.get_absolute_url()}faults/").status_code == 200
    ImportRun.objects.update(found=None, read_at=None)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "was not read yet" in page
    ImportRun.objects.update(has_failed=True)
    assert "could not be read" in client.get(run.get_absolute_url()).content.decode()


def test_it_is_read_again_after_what_was_missing_is_there(
    run: ImportRun, lead: User, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    client = client_of(lead)
    count_nps(run.definition, 40, 20, month="2026-03")
    url = run.get_absolute_url()
    assert client.get(url).context["found"].changed == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}read/").headers["Location"] == url
    seen = client.get(url)
    assert (seen.context["found"].new, seen.context["found"].changed) == (2, 1)
    [change] = seen.context["changes"]
    assert change.after == "Promoters (9-10) 1, Passives (7-8) 1, Detractors (0-6) 1"
