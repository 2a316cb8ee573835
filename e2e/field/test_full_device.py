"""A device without room: it is no private window, and what the server has makes room for what it has not."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import NewPage
from e2e.field.tablet import Tablet
from e2e.field.test_queue_file import finished
from observations.models import Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# While `full` nothing is put into `stores` until so many records have been deleted.
FULL = """
    window.full = { stores: %s, deletions: %s };
    const [put, remove] = [IDBObjectStore.prototype.put, IDBObjectStore.prototype.delete];
    IDBObjectStore.prototype.put = function (...args) {
        if (window.full?.stores.includes(this.name) && window.full.deletions > 0) {
            throw new DOMException("no room", "QuotaExceededError");
        }
        return put.apply(this, args);
    };
    IDBObjectStore.prototype.delete = function (key) {
        if (window.full && this.name === "records") window.full.deletions -= 1;
        return remove.call(this, key);
    };
"""


def test_a_full_device_is_no_window_that_keeps_nothing(
    new_page: NewPage, transactional_db: None
) -> None:
    page = new_page()
    page.add_init_script(FULL % ("['settings']", 1))
    page.goto("/field/")
    expect(page.locator("#app")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("This window keeps nothing")
    expect(page.get_by_label("Code")).to_be_visible()


@pytest.mark.parametrize("deletions", [2, 4], ids=["enough history", "too little history"])
def test_history_makes_room_for_what_is_not_sent(tablet: Tablet, code: str, deletions: int) -> None:
    page = tablet.ready(code)
    finished(tablet, 3)
    tablet.until_received(3)
    sent = [record["id"] for record in tablet.records()]
    tablet.network(on=False)
    draft = tablet.begin()
    page.goto("/field/#/")
    finished(tablet, 1)
    waiting = next(record["id"] for record in tablet.records() if record["state"] == "ready")
    page.evaluate("() => {" + FULL % ("['records']", deletions) + "}")
    tablet.network(on=True)
    tablet.drain()
    kept = [record["id"] for record in tablet.records()]
    assert kept == [*sent[deletions:], draft, waiting]
    if deletions > len(sent):
        page.evaluate("() => { window.full = null; }")
    tablet.until_received(len(kept) - 1)
    assert Observation.objects.count() == 4
    journal = page.evaluate(
        """() => import("/static/js/field/store.js").then(({ read }) => read(["journal"], async (tx) =>
            [...new Set((await tx.objectStore("journal").getAll()).map((one) => one.record))]))"""
    )
    assert set(journal) == set(kept)
