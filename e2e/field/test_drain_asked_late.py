"""A sending asked for in the last moment of another: it gets one of its own, whichever moment that is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from e2e.conftest import NewPage
from e2e.field.test_engine import WORLD, run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who finishes a visit `moments` turns of the microtask queue after all that there was has been sent.
FINISHED_LATE = """
const left = [];
const finished = [...world.records.values()];
for (const [moments, late] of finished.entries()) {
    world.records.clear();
    let isFirst = true;
    world.engine.world.alone = async (work) => {
        await work();
        if (isFirst) {
            isFirst = false;
            void (async () => {
                for (let turn = 0; turn < moments; turn += 1) await null;
                world.records.set(late.id, late);
                void world.engine.drain();
            })();
        }
        return true;
    };
    await world.engine.drain();
    // Whatever was asked for has been sent once the page has nothing left to do at once.
    for (let turn = 0; turn < 200 && world.records.get(late.id)?.state !== "received"; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    if (world.records.get(late.id)?.state !== "received") left.push(moments);
}
return { left, waits: world.waits };
"""


@pytest.fixture
def page(new_page: NewPage, transactional_db: None) -> Page:
    page = new_page()
    page.set_default_timeout(30_000)
    page.goto("/field/")
    page.evaluate(WORLD)
    return page


def test_what_is_finished_at_the_end_of_a_sending_is_sent_at_once(page: Page) -> None:
    found = run(
        page,
        24,
        "async (world, path, documents) => ({ body: { results: await world.stored(documents) } })",
        FINISHED_LATE,
    )
    # No timer has helped: nothing is left, and none was set.
    assert found == {"left": [], "waits": []}
