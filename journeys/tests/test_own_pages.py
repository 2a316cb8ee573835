"""One person, two open pages of one map: each hears what the other changes, and nothing of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Journey, MapEdit, Stage
from journeys.tests.test_map_pulse import OpenMap

ClientOf = Callable[[User], Client]
UNDO = re.compile(r'data-walk="undo"[^>]*title="')


@pytest.fixture(autouse=True)
def _nobody_here() -> None:
    cache.clear()


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


@pytest.fixture
def pages(consultant: User, client_of: ClientOf, journey: Journey) -> list[OpenMap]:
    return [OpenMap(client_of(consultant), journey, tab) for tab in ("one", "two")]


def order(page: OpenMap, journey: Journey, name: str, *args: object, **data: Any) -> None:
    address = reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, *args])
    assert page.client.post(address, data, headers=page.headers).status_code == 200


def test_the_other_page_hears_of_steps_undone_and_done_again(
    pages: list[OpenMap], journey: Journey, stage: Stage
) -> None:
    first, second = pages
    first.pulse()
    second.pulse()
    cell = f'id="map-cell-needs-{stage.pk}"'
    lines = {"lines": "be heard", "level": "explicit"}
    order(first, journey, "part-lines", "needs", stage.pk, **lines)
    page = second.pulse()
    assert cell in page and "be heard" in page
    assert "Changed by you, in another tab: shown when you leave." in page
    # It can be taken back from there as well.
    assert UNDO.search(page)
    assert cell not in first.pulse() and second.pulse() == ""
    # Taken back in the other one: now the first must hear of it.
    order(second, journey, "map-walk", "undo")
    assert cell in first.pulse() and cell not in second.pulse()
    order(first, journey, "map-walk", "redo")
    assert cell in second.pulse() and cell not in first.pulse()


def test_what_was_done_on_a_page_of_its_own_arrives_in_both(
    pages: list[OpenMap], journey: Journey, stage: Stage
) -> None:
    here = [journey.programme.slug, journey.key, stage.key, "needs"]
    address = reverse("journeys:stage-part-create", args=here)
    pages[0].client.post(address, {"text": "be heard", "level": "explicit"})
    assert MapEdit.objects.get().tab == ""
    assert all("be heard" in page.pulse() for page in pages)


def test_the_own_other_page_is_here_until_it_is_silent(
    pages: list[OpenMap], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pages
    # Loaded and not heard of yet, or loaded again under its name: nobody else is here.
    assert first.pulse() == "" and first.pulse() == ""
    assert "you, in another tab" in second.pulse()
    assert "you, in another tab" in first.pulse()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31)
    assert "you, in another tab" not in first.pulse() and first.who == ""


def test_others_see_one_person_once(
    pages: list[OpenMap], lead: User, client_of: ClientOf, journey: Journey
) -> None:
    for page in pages:
        page.pulse()
    hers = OpenMap(client_of(lead), journey, "hers")
    assert hers.who == str(User.objects.get(memberships__role="consultant").pk)
    assert "you, in another tab" not in hers.pulse()
