"""A large table: asked for on its page, applied by a worker, its progress on the same page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Programme
from observations.indicator_imports import hold_table
from observations.models import ImportRun
from observations.tests.indicator_factories import make_indicator

ClientOf = Callable[[User], Client]
TABLE = "month;promoters;passives;detractors\n2026-03;1;1;1\n2026-04;1;1;1\n2026-05;1;1;1\n"


@pytest.fixture
def run(programme: Programme, lead: User, monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    monkeypatch.setattr("observations.indicator_applying.LARGE", 2)
    return hold_table(
        definition=make_indicator(programme), text=TABLE, source="large.csv", actor=lead
    )


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
