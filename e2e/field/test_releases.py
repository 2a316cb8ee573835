"""A new release of the app, of its database, of the guide: what is begun or queued does not notice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import Tablet
from journeys.models import Journey
from observations import field_app
from observations.models import Observation
from scoring.models import Framework
from scoring.tests.factories import make_framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CACHES = "caches.keys().then((names) => names.filter((name) => name.startsWith('cxplan-field-')))"
UPDATE = "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)"

REFUSED = """navigator.serviceWorker.getRegistration().then((one) => one.update()).then((one) =>
    new Promise((resolve) => { one.installing.onstatechange = (event) => resolve(event.target.state); }))"""


def release(monkeypatch: pytest.MonkeyPatch, build: str, **changed: str) -> None:
    """The server has another release from now on; `changed` are digests that differ."""
    shell = field_app._read_shell()
    new: dict[str, Any] = {**shell, "build": build, "files": shell["files"] | changed}
    monkeypatch.setattr(field_app, "_read_shell", lambda: new)
    field_app._read_shell_once.cache_clear()


@pytest.fixture(autouse=True)
def _forget_release() -> Any:
    yield
    field_app._read_shell_once.cache_clear()


def test_a_release_waits_for_the_visit_and_leaves_the_queue_alone(
    tablet: Tablet, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    tablet.finish_one()
    one = tablet.begin()
    tablet.answer("S1-b", -2)
    tablet.saved()
    old = page.locator("html").get_attribute("data-build")

    release(monkeypatch, "next-release")
    tablet.context.route("**/observations/sync/", lambda route: route.abort())
    tablet.network(on=True)
    page.evaluate(UPDATE)
    tablet.until("navigator.serviceWorker.getRegistration().then((one) => Boolean(one.waiting))")
    page.reload()
    expect(page.locator('[data-question="S1-b"]')).to_be_visible()
    assert page.locator("html").get_attribute("data-build") == old

    page.goto("/field/#/")
    expect(page.locator("html")).to_have_attribute("data-build", "next-release")
    assert page.evaluate(CACHES) == ["cxplan-field-next-release"]
    assert {record["id"]: record["state"] for record in tablet.records()}[one] == "draft"
    assert tablet.states()["ready"] == 1
    tablet.context.unroute("**/observations/sync/")
    tablet.until_received(1)
    assert Observation.objects.count() == 1


def test_a_release_is_taken_whole_or_not_at_all(
    tablet: Tablet, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tablet.ready(code)
    old = page.locator("html").get_attribute("data-build")
    digest = field_app.integrity(b"a file of another release")
    release(monkeypatch, "mixed", **{"/static/js/field/store.js": digest})
    assert page.evaluate(REFUSED) == "redundant"
    tablet.network(on=False)
    page.reload()
    expect(page.get_by_role("link", name="Start a visit")).to_be_visible()
    assert page.locator("html").get_attribute("data-build") == old


def test_a_draft_keeps_the_guide_it_was_begun_with(
    tablet: Tablet, code: str, framework: Framework, journey: Journey
) -> None:
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    Framework.objects.filter(pk=framework.pk).update(status="closing")
    make_framework(journey, version=2)
    tablet.drain()
    page.reload()
    expect(page.locator("[data-newer-guide]")).to_be_visible()
    expect(page.locator('[data-question="S1-b"] [data-answer="0"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    assert Observation.objects.get(uuid=one).revisions.get().framework == framework
    # To begin with there is the new one only.
    page.goto("/field/#/start")
    assert page.locator("select[name=guide] option").evaluate_all(
        "(all) => all.map((one) => one.value)"
    ) == ["family-store@2@casa-nord"]


OLD_DATABASE = """async () => {
    const { newRecord } = await import("/static/js/field/visit.js");
    const record = { ...newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
        guide: "family-store@1", method: "mystery_visit", location: "PAR1", observer: "OBS-1", visit: null }),
        state: "ready", answers: { "S1-b": 0 }, edits: 1 };
    await new Promise((resolve, reject) => {
        const gone = indexedDB.deleteDatabase("cxplan-field");
        gone.onsuccess = resolve; gone.onerror = reject;
    });
    const database = await new Promise((resolve, reject) => {
        const opening = indexedDB.open("cxplan-field", 1);
        opening.onupgradeneeded = () => {
            opening.result.createObjectStore("settings");
            opening.result.createObjectStore("records", { keyPath: "id" });
            opening.result.createObjectStore("photos", { keyPath: "id" }).createIndex("record", "record");
            opening.result.createObjectStore("guides");
        };
        opening.onsuccess = () => resolve(opening.result); opening.onerror = reject;
    });
    const tx = database.transaction(["records"], "readwrite");
    tx.objectStore("records").put(record);
    await new Promise((resolve) => { tx.oncomplete = resolve; });
    database.close();
}"""


def test_an_upgrade_of_the_database_keeps_a_full_queue(tablet: Tablet, code: str) -> None:
    page = tablet.visit_app()
    page.evaluate(OLD_DATABASE)
    tablet.enrol(code)
    page.reload()
    tablet.until_received(1)
    assert Observation.objects.count() == 1


NEWER_DATABASE = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("cxplan-field", 99);
    opening.onupgradeneeded = () => opening.result.createObjectStore("later");
    opening.onsuccess = () => { opening.result.close(); resolve(true); };
    opening.onerror = reject;
})"""


def test_an_older_release_opens_what_a_newer_one_wrote(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    tablet.finish_one()
    # Blocks nobody: the app lets go of its connection when another page wants to change the schema.
    page.evaluate(NEWER_DATABASE)
    page.reload()
    expect(page.locator('[data-standing="tablet"]')).to_have_attribute("data-count", "1")
    tablet.finish_one()
    tablet.network(on=True)
    tablet.until_received(2)
    assert Observation.objects.count() == 2
