"""Photos of several visits at once, in the engine by itself: what one lane meets ends the drain for all."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.conftest import NewPage
from e2e.field.test_engine import WORLD, run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each visit is on the server, its one photo is not.
OWING = """
world.engine.world.photo = async (id) => ({ id, type: "image/jpeg", bytes: new ArrayBuffer(4) });
for (const [id, one] of world.records) world.records.set(id, { ...one, state: "received", missing: ["photo"],
    media: [{ id: "photo" }], receipt: { sha256: "s", revision: 1, at: 0, edits: 1 } });
"""
OWNER = "world.ids.findIndex((id) => path.includes(id))"
TAKEN = "{ body: { id: world.ids.find((id) => path.includes(id)), missing_media: [] } }"
MISSING = "[...world.records.values()].map((one) => one.missing.length)"


@pytest.fixture
def page(new_page: NewPage, transactional_db: None) -> Page:
    page = new_page()
    page.set_default_timeout(30_000)
    page.goto("/field/")
    page.evaluate(WORLD)
    return page


def owing(page: Page, count: int, serve: str, then: str) -> Any:
    return run(page, count, f"async (world, path) => ({serve})", OWING + then)


def test_photos_that_break_the_server_let_all_others_go(page: Page) -> None:
    """More of them than there are lanes, and begun before every other visit."""
    missing = owing(
        page,
        9,
        f"{OWNER} < 4 ? {{ status: 500, body: 'oops' }} : {TAKEN}",
        f"for (let turn = 0; turn < 5; turn += 1) await world.engine.drain(); return {MISSING};",
    )
    assert missing == [1] * 4 + [0] * 5


def test_the_longest_wait_that_a_lane_was_asked_for_is_kept(page: Page) -> None:
    waits = owing(
        page,
        3,
        f"""({{ 0: "cut", 1: {{ status: 503, body: {{}}, headers: {{ "Retry-After": "90" }} }},
            2: {{ status: 429, body: {{}}, headers: {{ "Retry-After": "600" }} }} }})[{OWNER}]""",
        "await world.engine.drain(); return world.waits;",
    )
    assert waits == [600_000]


def test_a_lane_that_is_refused_pauses_and_no_lane_begins_another_visit(page: Page) -> None:
    found = owing(
        page,
        9,
        f"{OWNER} === 1 ? {{ status: 403, body: {{ title: 'No' }} }} : 'cut'",
        f"""await world.engine.drain();
            return {{ paused: world.paused, calls: world.calls.length, waits: world.waits.length,
                sending: world.engine.sending.size, missing: {MISSING} }};""",
    )
    assert found == {"paused": 403, "calls": 3, "waits": 0, "sending": 0, "missing": [1] * 9}


@pytest.mark.parametrize("fails", ["photo", "append"])
def test_storage_that_fails_in_one_lane_ends_the_drain(page: Page, fails: str) -> None:
    """Told as the tablet's own failure; nothing stays marked, and the next drain goes on."""
    found = owing(
        page,
        6,
        TAKEN,
        f"""const whole = world.engine.world.{fails};
            world.engine.world.{fails} = async (id, ...more) => {{
                if (id === world.ids[1] || world.engine.failures === 0) throw new Error("broken");
                return whole(id, ...more);
            }};
            await world.engine.drain();
            const told = {{ error: world.engine.lastError, sending: world.engine.sending.size,
                waits: world.waits.length, running: world.engine.running }};
            world.engine.world.{fails} = whole;
            await world.engine.drain();
            return {{ ...told, missing: {MISSING} }};""",
    )
    expected = {"error": "here: broken", "sending": 0, "waits": 1, "running": None}
    assert found == {**expected, "missing": [0] * 6}
