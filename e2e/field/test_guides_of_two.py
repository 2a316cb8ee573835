"""One device in two programmes whose journeys have one name; and a database of the release before."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.field.tablet import Tablet
from observations.models import Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Another programme's book: same journey, same version, other words. Then its guide and the own one.
TWO = """async () => {
    const { refreshGuides, keptBook, guideKey, getGuide } = await import("/static/js/field/guides.js");
    const { newRecord } = await import("/static/js/field/visit.js");
    const { append } = await import("/static/js/field/records.js");
    const { book } = await keptBook();
    const own = guideKey(book.guides[0]);
    const record = newRecord({ programme: book.programme.slug, journey: "family-store", framework_version: 1,
        guide: own, method: "mystery_visit", location: "PAR1", observer: "OBS-1", visit: null });
    await append(record.id, [{ kind: "begin", record }]);
    const { programme: _own, ...guide } = { ...book.guides[0], name: "Another journey" };
    const other = { ...book, programme: { ...book.programme, slug: "elsewhere" }, guides: [guide] };
    const api = { call: async () => ({ status: 200, json: other, etag: null, retryAfter: null }) };
    const status = await refreshGuides(api, "elsewhere", Date.now());
    const theirs = guideKey((await keptBook()).book.guides[0]);
    return { status, own: (await getGuide(own)).name, theirs: (await getGuide(theirs)).name };
}"""

# What the release before has written: guides by journey and version, a draft that is pinned to one.
DOWNGRADE = """async () => {
    const { keptBook } = await import("/static/js/field/guides.js");
    const { newRecord } = await import("/static/js/field/visit.js");
    const kept = await keptBook();
    for (const guide of kept.book.guides) delete guide.programme;
    const record = { ...newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
        guide: "family-store@1", method: "mystery_visit", location: "PAR1", observer: "OBS-1",
        visit: null }), answers: { "S1-b": 0 }, edits: 1 };
    const device = await import("/static/js/field/device.js").then(({ getDevice }) => getDevice());
    await new Promise((resolve, reject) => {
        const gone = indexedDB.deleteDatabase("cxplan-field");
        gone.onsuccess = resolve; gone.onerror = reject;
    });
    const database = await new Promise((resolve, reject) => {
        const opening = indexedDB.open("cxplan-field", 2);
        opening.onupgradeneeded = () => {
            const made = opening.result;
            made.createObjectStore("settings");
            made.createObjectStore("records", { keyPath: "id" });
            made.createObjectStore("photos", { keyPath: "id" }).createIndex("record", "record");
            made.createObjectStore("guides");
            made.createObjectStore("journal", { autoIncrement: true }).createIndex("record", "record");
        };
        opening.onsuccess = () => resolve(opening.result); opening.onerror = reject;
    });
    const tx = database.transaction(["records", "settings", "guides"], "readwrite");
    tx.objectStore("records").put(record);
    tx.objectStore("settings").put(kept, "book");
    tx.objectStore("settings").put(device, "device");
    for (const guide of kept.book.guides) {
        tx.objectStore("guides").put(guide, `${guide.journey}@${guide.framework_version}`);
    }
    await new Promise((resolve) => { tx.oncomplete = resolve; });
    database.close();
    return record.id;
}"""


def test_two_programmes_do_not_share_a_guide(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    found = page.evaluate(TWO)
    assert found["status"] == 200
    assert found["theirs"] == "Another journey"
    assert found["own"] != "Another journey"


def test_a_draft_of_the_release_before_keeps_its_guide_and_a_new_one_is_begun_offline(
    tablet: Tablet, code: str
) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    one = page.evaluate(DOWNGRADE)
    page.reload()
    finish(tablet, page, one)
    other = tablet.begin()
    assert {record["guide"] for record in tablet.records()} == {
        "family-store@1",
        "family-store@1@casa-nord",
    }
    finish(tablet, page, other)
    tablet.network(on=True)
    tablet.until_received(2)
    assert Observation.objects.count() == 2


def finish(tablet: Tablet, page: Page, one: str) -> None:
    page.goto(f"/field/#/visit/{one}")
    expect(page.locator('[data-question="S1-b"]')).to_be_visible()
    tablet.answer("S1-b", -2)
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
