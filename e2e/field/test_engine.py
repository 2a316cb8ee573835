"""The queue's engine by itself: clock, chance, server and store are the test's."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from e2e.conftest import NewPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A world in which `serve(method, path, body)` is the server and time moves only by waiting.
WORLD = """
window.world = async (count, serve) => {
    const { SyncEngine, backoff } = await import("/static/js/field/sync.js");
    const { apply } = await import("/static/js/field/change.js");
    const { freeze } = await import("/static/js/field/document.js");
    const { newRecord } = await import("/static/js/field/visit.js");
    const { Api } = await import("/static/js/field/api.js");
    const records = new Map();
    for (let number = 0; number < count; number += 1) {
        const record = { ...newRecord({ programme: "p", journey: "j", framework_version: 1, guide: "j@1",
            method: "m", location: "L", observer: null, visit: null }), state: "ready", edits: 1 };
        records.set(record.id, record);
    }
    const ids = [...records.keys()];
    const world = { now: 0, waits: [], calls: [], paused: null, ids, records };
    const call = async (address, options) => {
        const path = address.replace("/api/v1/programmes/p/", "");
        const documents = path.endsWith("sync/") ? JSON.parse(options.body).observations : [];
        world.calls.push({ path, ids: documents.map((one) => ids.indexOf(one.id)), headers: options.headers,
            credentials: options.credentials });
        const answer = await serve(world, path, documents);
        if (answer === "cut") throw new TypeError("Failed to fetch");
        const { status = 200, body, headers = {} } = answer;
        return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
    };
    const append = async (id, changes) => {
        const after = changes.reduce((record, change) => apply(record, change, world.now), records.get(id));
        records.set(id, after);
        return after;
    };
    world.engine = new SyncEngine({
        account: async () => world.paused ? null
            : { slug: "p", api: new Api("t", { build: "b", fetch: call, now: () => world.now }) },
        records: async () => [...records.values()], append, freeze: (record) => freeze(record, new Date(0)),
        photo: async () => undefined, dropPhotos: async () => undefined,
        pause: async (status) => { world.paused = status; },
        alone: async (work) => { await work(); return true; },
        now: () => world.now, random: () => 1, wait: (ms) => { world.waits.push(ms); },
    });
    world.stored = (documents) => Promise.all(documents.map(async (document) => {
        const { sha256 } = records.get(document.id).frozen;
        return { id: document.id, status: "created", sha256, revision: 1, missing_media: [], errors: [] };
    }));
    world.counts = () => Object.groupBy([...records.values()].map((one) => one.state), (state) => state);
    return world;
};
"""


@pytest.fixture
def page(new_page: NewPage, transactional_db: None) -> Page:
    page = new_page()
    page.set_default_timeout(30_000)
    page.goto("/field/")
    page.evaluate(WORLD)
    return page


def run(page: Page, count: int, serve: str, then: str) -> Any:
    """`serve` answers a call; `then` is what is done and told."""
    return page.evaluate(
        f"(count) => window.world(count, {serve}).then(async (world) => {{ {then} }})", count
    )


def test_oldest_first_in_batches_of_25_without_cookies(page: Page) -> None:
    calls = run(
        page,
        60,
        "async (world, path, documents) => ({ body: { results: await world.stored(documents) } })",
        "await world.engine.drain(); return world.calls;",
    )
    assert [call["ids"] for call in calls] == [
        list(range(25)),
        list(range(25, 50)),
        list(range(50, 60)),
    ]
    assert {call["credentials"] for call in calls} == {"omit"}
    headers = calls[0]["headers"]
    assert headers["Authorization"] == "Bearer t"
    assert headers["X-Client-Version"] == "b"
    assert "X-Device-Time" in headers


def test_a_batch_stays_below_a_megabyte(page: Page) -> None:
    sizes = run(
        page,
        12,
        """async (world, path, documents) => {
            (world.sizes ??= []).push(JSON.stringify(documents).length);
            return { body: { results: await world.stored(documents) } };
        }""",
        """const comment = "x".repeat(150000);
           for (const [id, one] of world.records) world.records.set(id, { ...one, comment });
           await world.engine.drain(); return world.sizes;""",
    )
    assert len(sizes) > 1
    assert max(sizes) <= 1_000_000
    assert sum(sizes) > 12 * 150_000


@pytest.mark.parametrize(
    "refusal",
    [
        "{ status: 413, body: 'too large' }",
        "{ status: 400, body: { title: 'Malformed' } }",
        "{ status: 422, body: { errors: [] } }",
    ],
)
def test_one_poison_item_is_found_by_halving_and_parked(page: Page, refusal: str) -> None:
    states = run(
        page,
        25,
        f"""async (world, path, documents) => documents.some((one) => one.id === world.ids[17])
            ? {refusal} : {{ body: {{ results: await world.stored(documents) }} }}""",
        "await world.engine.drain(); return [...world.records.values()].map((one) => one.state);",
    )
    assert states == ["received"] * 17 + ["parked"] + ["received"] * 7


@pytest.mark.parametrize("breaking", ["{ status: 500, body: 'oops' }", "{ body: 'nonsense' }"])
def test_one_that_breaks_the_server_holds_up_nobody_and_is_tried_again(
    page: Page, breaking: str
) -> None:
    found = run(
        page,
        25,
        f"""async (world, path, documents) => documents.some((one) => one.id === world.ids[0])
            ? {breaking} : {{ body: {{ results: await world.stored(documents) }} }}""",
        """for (let turn = 0; turn < 4; turn += 1) await world.engine.drain();
           return { states: [...world.records.values()].map((one) => one.state), waits: world.waits };""",
    )
    assert found["states"] == ["ready"] + ["received"] * 24
    assert found["waits"]


def test_a_server_that_is_down_is_not_asked_for_each_item(page: Page) -> None:
    calls = run(
        page,
        500,
        "async () => ({ status: 500, body: 'down' })",
        "await world.engine.drain(); return world.calls.length;",
    )
    assert calls <= 8


def test_waits_double_from_2_seconds_to_5_minutes_with_full_jitter(page: Page) -> None:
    found = run(
        page,
        1,
        "async () => 'cut'",
        """const { backoff } = await import("/static/js/field/sync.js");
           for (let turn = 0; turn < 10; turn += 1) await world.engine.drain();
           return { waits: world.waits, least: backoff(9, 0), half: backoff(4, 0.5) };""",
    )
    assert found["waits"] == [4e3, 8e3, 16e3, 32e3, 64e3, 128e3, 256e3, 300e3, 300e3, 300e3]
    assert (found["least"], found["half"]) == (2_000, 17_000)


def test_retry_after_is_respected_by_every_trigger(page: Page) -> None:
    found = run(
        page,
        1,
        "async () => ({ status: 429, body: {}, headers: { 'Retry-After': '90' } })",
        """await world.engine.drain();
           world.now = 89_999; await world.engine.drain(); const early = world.calls.length;
           world.now = 90_000; await world.engine.drain();
           return { early, late: world.calls.length, wait: world.waits[0] };""",
    )
    assert (found["early"], found["late"]) == (1, 2)
    assert found["wait"] >= 90_000


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_device_pauses_everything_and_loses_nothing(page: Page, status: int) -> None:
    found = run(
        page,
        30,
        f"async () => ({{ status: {status}, body: {{ title: 'No' }} }})",
        """await world.engine.drain(); await world.engine.drain();
           return { paused: world.paused, calls: world.calls.length, ready: world.counts().ready.length };""",
    )
    assert found == {"paused": status, "calls": 1, "ready": 30}


@pytest.mark.parametrize("status", ["conflict", "withdrawn", "quarantined", "forbidden"])
def test_a_refused_item_is_parked_and_the_others_go_on(page: Page, status: str) -> None:
    found = run(
        page,
        3,
        f"""async (world, path, documents) => {{
            const results = await world.stored(documents);
            const errors = [{{ path: "/location", detail: "No" }}];
            results[1] = {{ ...results[1], status: "{status}", errors }};
            return {{ body: {{ results }} }};
        }}""",
        """await world.engine.drain();
           return [...world.records.values()].map((one) => [one.state, one.problem?.errors[0].detail]);""",
    )
    assert found == [["received", None], ["parked", "No"], ["received", None]]


def test_what_is_frozen_is_sent_unchanged_however_often(page: Page) -> None:
    found = run(
        page,
        1,
        """async (world, path, documents) => {
            (world.sent ??= []).push(JSON.stringify(documents[0]));
            return world.sent.length < 3 ? "cut" : { body: { results: await world.stored(documents) } };
        }""",
        """for (let turn = 0; turn < 3; turn += 1) { world.now += 86_400_000; await world.engine.drain(); }
           return { sent: new Set(world.sent).size, times: world.sent.length, states: world.counts() };""",
    )
    assert (found["sent"], found["times"]) == (1, 3)
    assert found["states"] == {"received": ["received"]}
