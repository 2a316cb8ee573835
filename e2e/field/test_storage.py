"""The device's storage at its worst: full, closed under the app's feet, or not there at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import NewPage
from e2e.field.tablet import RECORDS, Tablet, noise
from observations.models import Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Every connection that the page has opened, so that a test can do to it what the system does.
WATCH = """
    window.connections = [];
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (...args) => {
        const request = open(...args);
        request.addEventListener("success", () => window.connections.push(request.result));
        return request;
    };
"""
FAILING = """
    window.failing = false;
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
        if (window.failing && mode === "readwrite") throw new DOMException("disk", "DataError");
        return begin.call(this, stores, mode, options);
    };
"""


def restart_with_room(tablet: Tablet, more: int) -> None:
    """The browser gives this site what it uses now and `more` bytes, from its start on."""
    session = tablet.context.new_cdp_session(tablet.page)
    used = session.send("Storage.getUsageAndQuota", {"origin": tablet.url})["usage"]
    tablet.restart()
    # In a page of its own: the override lasts as long as the session.
    session = tablet.context.new_cdp_session(tablet.context.new_page())
    quota = {"origin": tablet.url, "quotaSize": used + more}
    session.send("Storage.overrideQuotaForOrigin", quota)


def test_without_room_the_answers_are_kept_and_the_photo_is_told_to_be_lost(
    tablet: Tablet, code: str
) -> None:
    tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    restart_with_room(tablet, 120_000)
    page = tablet.page
    page.goto(f"/field/#/visit/{one}")
    page.locator('input[data-photo="S1-b"]').set_input_files(noise())  # type: ignore[arg-type]
    expect(page.locator(".news")).to_contain_text("it is not kept. The answers are.")
    tablet.answer("S1-p", 2)
    tablet.saved()
    page.reload()
    expect(page.locator('[data-question="S1-p"] [data-answer="2"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    [record] = tablet.records()
    assert record["answers"] == {"S1-b": 0, "S1-p": 2}
    assert record["media"] == []


def test_a_full_tablet_says_so_before_the_camera_opens(tablet: Tablet, code: str) -> None:
    # Chromium tells pages a quota of 10 GB whatever the disk; other browsers tell the true one.
    tablet.context.add_init_script(
        "navigator.storage.estimate = async () => ({ quota: 4000000, usage: 100000 });"
    )
    page = tablet.ready(code)
    tablet.begin()
    page.locator('label:has(input[data-photo="S1-b"])').click()
    expect(page.locator(".news")).to_contain_text("no room for photos")
    tablet.answer("S1-b", 0)
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-b": 0}


@pytest.mark.parametrize(
    "event", ["close", "versionchange"], ids=["closed by the system", "another page upgrades"]
)
def test_a_connection_that_goes_is_opened_again_and_the_write_repeated(
    tablet: Tablet, code: str, event: str
) -> None:
    tablet.context.add_init_script(WATCH)
    page = tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", -2)
    tablet.saved()
    page.evaluate(
        """(event) => { for (const one of window.connections) {
            one.close();
            one.dispatchEvent(event === "close" ? new Event("close") : new IDBVersionChangeEvent(event));
        } }""",
        event,
    )
    tablet.answer("S1-b", 0)
    tablet.answer("S1-p", 1)
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-b": 0, "S1-p": 1}


def test_a_connection_that_goes_without_a_word_is_opened_again(tablet: Tablet, code: str) -> None:
    tablet.context.add_init_script(WATCH)
    page = tablet.ready(code)
    tablet.begin()
    page.evaluate("() => window.connections.forEach((one) => one.close())")
    tablet.answer("S1-b", 0)
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-b": 0}


def test_what_could_not_be_written_says_so_and_is_written_on_the_next_try(
    tablet: Tablet, code: str
) -> None:
    tablet.context.add_init_script(FAILING)
    page = tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    page.evaluate("window.failing = true")
    tablet.answer("S1-p", 2)
    saved = page.locator("[data-saved]")
    expect(saved.get_by_role("alert")).to_contain_text("NOT saved")
    expect(page.locator('[data-question="S1-p"] [data-answer="2"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    # It is in this page only: the page is not left for another screen.
    page.locator('.bottom a[href="#/"]').click()
    expect(page.locator('[data-question="S1-p"]')).to_be_visible()
    expect(saved.get_by_role("alert")).to_contain_text("NOT saved")
    page.evaluate("window.failing = false")
    saved.get_by_role("button", name="Try again").click()
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-b": 0, "S1-p": 2}


def test_a_window_that_keeps_nothing_says_so(new_page: NewPage, transactional_db: None) -> None:
    page = new_page()
    page.add_init_script(
        "indexedDB.open = () => { throw new DOMException('private', 'SecurityError'); };"
    )
    page.goto("/field/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This window keeps nothing")
    expect(page.get_by_role("alert")).to_contain_text("Nothing can be observed offline here")


def test_history_goes_after_a_month_and_nothing_else_does(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.finish_one()
    tablet.until_received(1)
    tablet.network(on=False)
    tablet.finish_one()
    page.evaluate(f'import("{RECORDS}").then(({{ purge }}) => purge(Date.now() + 31 * 86400000))')
    assert [record["state"] for record in tablet.records()] == ["ready"]
    assert Observation.objects.count() == 1
