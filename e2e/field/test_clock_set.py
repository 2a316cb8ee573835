"""Somebody sets the tablet's clock: no wait grows, and the copy on the server goes on being renewed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from e2e.conftest import NewPage
from e2e.field.tablet import Tablet
from e2e.field.test_engine import WORLD, run
from journeys.models import Programme
from observations.models import Draft
from observations.tests.tablets import enrolled, make_device
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLOWER = "async () => ({ status: 429, body: { title: 'Slower' }, headers: %s })"


@pytest.fixture
def page(new_page: NewPage, transactional_db: None) -> Page:
    page = new_page()
    page.set_default_timeout(30_000)
    page.goto("/field/")
    page.evaluate(WORLD)
    return page


@pytest.mark.parametrize("off", [-86_400_000, 86_400_000], ids=["back", "ahead"])
def test_a_wait_is_as_long_as_it_was_whoever_sets_the_clock(page: Page, off: int) -> None:
    calls = run(
        page,
        1,
        SLOWER % "{ 'Retry-After': '90' }",
        f"""let ticks = 0; const calls = [];
            world.engine.world.clock = () => ticks;
            await world.engine.drain(); world.now = {off};
            for (ticks of [89_999, 90_000]) {{ await world.engine.drain(); calls.push(world.calls.length); }}
            return calls;""",
    )
    assert calls == [1, 2]


def test_a_date_to_wait_for_is_read_by_the_servers_clock(page: Page) -> None:
    """This tablet's clock stands in 1970."""
    headers = """{ 'Retry-After': 'Sat, 28 Nov 2026 10:02:00 GMT', Date: 'Sat, 28 Nov 2026 10:00:00 GMT' }"""
    waits = run(page, 1, SLOWER % headers, "await world.engine.drain(); return world.waits;")
    assert waits == [120_000]


def test_no_answer_makes_it_wait_longer_than_a_quarter_of_an_hour(page: Page) -> None:
    found = run(
        page,
        1,
        SLOWER % "{ 'Retry-After': '86400' }",
        """await world.engine.drain(); world.now = 900_000; await world.engine.drain();
           return { waits: world.waits, calls: world.calls.length };""",
    )
    assert found == {"waits": [900_000, 900_000], "calls": 2}


def test_a_clock_set_back_hides_no_edit_from_the_copy(
    tablet: Tablet, programme: Programme, framework: Framework
) -> None:
    token = enrolled(make_device(programme))
    tablet.page.clock.set_system_time(datetime.now(UTC) + timedelta(days=2))
    page = tablet.hold(token)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    tablet.drain()
    page.clock.set_system_time(datetime.now(UTC))
    tablet.answer("S1-p", 2)
    tablet.saved()
    tablet.drain()
    answers = json.loads(Draft.objects.get().body)["document"]["answers"]
    assert answers == {"S1-b": 0, "S1-p": 2}


def test_only_the_own_copy_is_called_mirrored(tablet: Tablet, code: str) -> None:
    """The server holds one from a clock that was ahead, and says so."""
    ahead = "2030-01-01T00:00:00+00:00"
    sent: list[dict[str, Any]] = []

    def drafts(route: Route) -> None:
        if route.request.method != "PUT":
            route.fulfill(status=200, json={"drafts": []})
            return
        sent.append(json.loads(route.request.post_data or ""))
        newest = max((ahead, sent[-1]["saved_at"]), key=datetime.fromisoformat)
        route.fulfill(status=200, json={"id": sent[-1]["id"], "saved_at": newest})

    tablet.context.route("**/drafts/**", drafts)
    tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    tablet.drain()
    tablet.drain()
    assert datetime.fromisoformat(sent[-1]["saved_at"]) > datetime.fromisoformat(ahead)
    before = len(sent)
    tablet.drain()
    assert len(sent) == before
