"""A queue of weeks: visits with three photos each by the hundred, sent once, on a page that answers.

The gate sends 60. The whole of it, with its figures:

    pytest -m slow -s e2e/field/test_long_queue.py
"""

from __future__ import annotations

import time
from typing import Any

import psutil
import pytest
from playwright.sync_api import expect

from e2e.field.storm import held, on_the_server
from e2e.field.tablet import ENGINE, Tablet
from observations.folding import differing_cells, fold_pending
from observations.models import Media, Observation
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHOTOS, PHOTO_BYTES, PAGE = 3, 40_000, 30
# As the screens leave them: finished, photos and manifest in one transaction, each photo its own.
SEED = """async ([count, photos, bytes]) => {
    const { newRecord } = await import("/static/js/field/visit.js");
    const { append } = await import("/static/js/field/records.js");
    const { sha256Hex } = await import("/static/js/field/document.js");
    for (let number = 0; number < count; number += 1) {
        const record = newRecord({ programme: "casa-nord", journey: "family-store", framework_version: 1,
            guide: "family-store@1@casa-nord", method: "mystery_visit", location: "PAR1",
            observer: "OBS-1", visit: null });
        const changes = [{ kind: "begin", record }];
        const stored = [];
        const answers = { "S1-b": number % 2 ? 0 : -2, "S1-p": number % 4 - 1, "S2-d": "NO", "S3-p": "NA" };
        for (const [key, answer] of Object.entries(answers)) changes.push({ kind: "answer", key, answer });
        for (let photo = 0; photo < photos; photo += 1) {
            const content = crypto.getRandomValues(new Uint8Array(bytes)).buffer;
            const item = { id: crypto.randomUUID(), interaction: "S1-b", sha256: await sha256Hex(content),
                size: bytes, type: "image/jpeg" };
            changes.push({ kind: "photo", item });
            const { id, type, sha256 } = item;
            stored.push({ id, record: record.id, type, sha256, bytes: content });
        }
        await append(record.id, [...changes, { kind: "finish" }], stored);
    }
}"""
# What a page that hangs would show: tasks that let nobody in, and drawings.
WATCH = """() => {
    window.tasks = [];
    window.drawings = 0;
    new PerformanceObserver((all) => window.tasks.push(...all.getEntries().map((one) => one.duration)))
        .observe({ type: "longtask", buffered: false });
    new MutationObserver(() => { window.drawings += 1; })
        .observe(document.getElementById("app"), { childList: true });
}"""


def figures(tablet: Tablet) -> dict[str, Any]:
    found: dict[str, Any] = tablet.page.evaluate(
        """() => ({ longest_task_ms: Math.round(Math.max(0, ...window.tasks)), drawings: window.drawings,
            elements: document.querySelectorAll("*").length,
            heap_mb: Math.round(performance.memory.usedJSHeapSize / 1048576) })"""
    )
    memory = [one.memory_info().rss for one in psutil.process_iter() if tablet._is_ours(one)]
    return found | {"largest_process_mb": max(memory) // 1_048_576}


def send(tablet: Tablet) -> None:
    tablet.page.evaluate(f'void import("{ENGINE}").then(({{ engine }}) => engine.drain())')


def until_photos(tablet: Tablet, count: int) -> None:
    for _try in range(3_000):
        if Media.objects.exclude(file="").count() >= count:
            return
        tablet.page.wait_for_timeout(100)
    raise AssertionError(f"{Media.objects.exclude(file='').count()} photos, not {count}")


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=pytest.mark.slow)])
def test_a_long_queue_is_sent_once_through_a_kill_in_the_middle(
    tablet: Tablet, code: str, count: int
) -> None:
    tablet.ready(code)
    tablet.network(on=False)
    tablet.page.evaluate(SEED, [count, PHOTOS, PHOTO_BYTES])
    page = tablet.page
    page.evaluate(WATCH)
    waiting = page.locator('[data-standing="tablet"]')
    expect(waiting).to_have_attribute("data-count", str(count))
    expect(waiting.locator(".row")).to_have_count(PAGE)

    began = time.monotonic()
    tablet.network(on=True)
    send(tablet)
    until_photos(tablet, count * PHOTOS // 4)
    observe_meanwhile(tablet)
    told = figures(tablet)
    until_photos(tablet, count * PHOTOS // 2)
    tablet.kill()
    tablet.open()
    tablet.visit_app()
    tablet.until_received(count)
    seconds = time.monotonic() - began
    print(f"\n{count} visits, {count * PHOTOS} photos, one kill: {seconds:.0f} s; {told}")  # noqa: T201

    expected = {
        one["id"]: (one["answers"], [photo["sha256"] for photo in one["media"]])
        for one in tablet.records()
        if one["state"] == "received"
    }
    assert len(expected) == count
    assert on_the_server() == expected
    assert (Observation.objects.count(), held()) == (count, 0)
    assert Media.objects.exclude(file="").count() == count * PHOTOS
    fold_pending()
    assert differing_cells(Framework.objects.get()) == []
    page = tablet.page
    expect(page.locator('[data-standing="server"]')).to_have_attribute("data-count", str(count))


def observe_meanwhile(tablet: Tablet) -> None:
    """A visit is begun and answered while the queue goes; it is not finished."""
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    tablet.page.goto("/field/#/")
    expect(tablet.page.locator("[data-draft]")).to_be_visible()


def test_the_older_ones_are_a_tap_away(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    tablet.network(on=False)
    tablet.page.evaluate(SEED, [PAGE + 5, 0, 0])
    waiting = tablet.page.locator('[data-standing="tablet"]')
    expect(waiting.locator(".row")).to_have_count(PAGE)
    newest = waiting.locator(".row").first.get_attribute("href")
    waiting.get_by_role("button", name="Show more: 5 older visits").tap()
    expect(waiting.locator(".row")).to_have_count(PAGE + 5)
    assert waiting.locator(".row").first.get_attribute("href") == newest
    expect(waiting.get_by_role("button", name="Show more")).to_have_count(0)
