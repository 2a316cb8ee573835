"""What stands between the tablet and the server speaks in pages: its refusals park nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from e2e.conftest import NewPage
from e2e.field.test_engine import WORLD, run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STATES = "[...world.records.values()].map((one) => one.state)"


@pytest.fixture
def page(new_page: NewPage, transactional_db: None) -> Page:
    page = new_page()
    page.set_default_timeout(30_000)
    page.goto("/field/")
    page.evaluate(WORLD)
    return page


@pytest.mark.parametrize("body", ["'<h1>No</h1>'", "{ message: 'No' }"], ids=["page", "json"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_a_refusal_that_is_not_the_servers_is_tried_again(
    page: Page, status: int, body: str
) -> None:
    found = run(
        page,
        3,
        f"""async (world, path, documents) => world.open
            ? {{ body: {{ results: await world.stored(documents) }} }}
            : {{ status: {status}, body: {body} }}""",
        f"""await world.engine.drain();
            const refused = {{ states: {STATES}, paused: world.paused, waits: world.waits.length }};
            world.open = true;
            await world.engine.drain();
            return {{ refused, then: {STATES} }};""",
    )
    assert found["refused"]["states"] == ["ready"] * 3
    assert found["refused"]["paused"] is None
    assert found["refused"]["waits"] >= 1
    assert found["then"] == ["received"] * 3


def test_one_that_a_filter_refuses_holds_up_nobody(page: Page) -> None:
    states = run(
        page,
        9,
        """async (world, path, documents) => documents.some((one) => one.id === world.ids[4])
            ? { status: 403, body: '<h1>Blocked</h1>' }
            : { body: { results: await world.stored(documents) } }""",
        f"""for (let turn = 0; turn < 3; turn += 1) await world.engine.drain();
            return {STATES};""",
    )
    assert states == ["received"] * 4 + ["ready"] + ["received"] * 4


def test_too_large_in_any_words_is_halved_and_one_alone_is_parked(page: Page) -> None:
    states = run(
        page,
        4,
        """async (world, path, documents) => documents.some((one) => one.id === world.ids[1])
            ? { status: 413, body: '<h1>413</h1>' }
            : { body: { results: await world.stored(documents) } }""",
        f"await world.engine.drain(); return {STATES};",
    )
    assert states == ["received", "parked", "received", "received"]
