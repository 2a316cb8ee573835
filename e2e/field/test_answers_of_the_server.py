"""What the queue makes of each kind of answer: retry, pause, park; success is an echo and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet
from observations.models import HeldCopy, Observation
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SYNC = re.compile(r"/observations/sync/$")
PORTAL = "<!doctype html><title>Free Wi-Fi</title><p>Accept the terms"


@pytest.fixture
def waiting(tablet: Tablet, code: str) -> Tablet:
    """Two finished visits on a tablet that has no network yet."""
    tablet.ready(code)
    tablet.network(on=False)
    for _visit in range(2):
        tablet.finish_one()
    return tablet


def answer_with(tablet: Tablet, **answer: Any) -> list[str]:
    """Every sending of observations gets this answer; what was asked, for counting."""
    asked: list[str] = []

    def fulfil(route: Route) -> None:
        asked.append(route.request.post_data or "")
        route.fulfill(**answer)

    tablet.context.route(SYNC, fulfil)
    tablet.network(on=True)
    # Without a network it failed as well: that is not the failure meant here.
    for _try in range(250):
        if asked:
            break
        tablet.drain()
        tablet.page.wait_for_timeout(100)
    return asked


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": PORTAL},
        {"status": 200, "json": {"results": "soon"}},
        {"status": 200, "json": {"results": []}},
        {"status": 500, "body": "Server Error"},
        {"status": 502, "content_type": "text/html", "body": "<h1>Bad Gateway</h1>"},
        {"status": 429, "headers": {"Retry-After": "1"}, "json": {"title": "Slower"}},
        {"status": 404, "content_type": "text/html", "body": PORTAL},
    ],
    ids=["portal", "garbage", "no answer", "500", "502", "429", "404 of a proxy"],
)
def test_no_answer_that_counts_keeps_everything_and_tries_again(
    waiting: Tablet, answer: dict[str, Any]
) -> None:
    asked = answer_with(waiting, **answer)
    waiting.until('import("/static/js/field/engine.js").then(({ engine }) => engine.failures > 0)')
    states = waiting.states()
    assert asked
    assert (states["ready"], states["parked"], states["received"]) == (2, 0, 0)
    assert states["failures"] >= 1
    expect(waiting.page.locator("[data-oldest]")).to_contain_text("Last try")
    waiting.context.unroute(SYNC)
    waiting.until_received(2)
    assert Observation.objects.count() == 2


def test_an_echo_of_other_content_is_no_receipt(waiting: Tablet) -> None:
    waiting.network(on=False)
    results = [
        {
            "id": one["id"],
            "status": "created",
            "sha256": "0" * 64,
            "revision": 1,
            "missing_media": [],
        }
        for one in waiting.records()
    ]
    asked = answer_with(waiting, status=200, json={"results": results})
    waiting.until('import("/static/js/field/engine.js").then(({ engine }) => engine.failures > 0)')
    assert asked
    assert waiting.states()["ready"] == 2


def test_a_code_that_is_not_good_is_told_in_the_servers_words(tablet: Tablet, code: str) -> None:
    problem = {"title": "Invalid", "errors": [{"path": "/code", "detail": "This code was used."}]}
    tablet.context.route(
        "**/api/v1/devices/", lambda route: route.fulfill(status=400, json=problem)
    )
    tablet.page.goto("/field/#enrol=ABCDEFGH")
    expect(tablet.page.locator("#code-problem")).to_have_text("This code was used.")
    assert tablet.page.get_by_label("Code").input_value() == "ABCD-EFGH"
    assert "ABCD" not in tablet.page.url


def test_what_is_quarantined_is_mended_and_sent(waiting: Tablet, framework: Framework) -> None:
    """The server knows an answer no more; the person answers that question again."""
    from scoring.models import ResponseLevel

    ResponseLevel.objects.filter(interaction__key="S1-b", points=0).delete()
    waiting.network(on=True)
    page = waiting.page
    expect(page.locator('[data-standing="you"]')).to_have_attribute("data-count", "2")
    assert HeldCopy.objects.count() == 2
    # The list may be drawn anew under a click while the last of the drain is told.
    needing = page.locator('[data-standing="you"] a').first
    page.goto(f"/field/{needing.get_attribute('href')}")
    reasons = page.locator('[data-problem="quarantined"]')
    expect(reasons).to_contain_text("This answer is not one that the server takes")
    expect(reasons).to_contain_text("One of its levels (-2)")
    reasons.get_by_role("link", name="Interaction S1-b").click()
    expect(page.locator('[data-question="S1-b"] .problem')).to_contain_text("choose again")
    waiting.answer("S1-b", -2)
    waiting.saved()
    waiting.to_summary()
    waiting.finish()
    waiting.until_received(1)
    assert Observation.objects.get().revisions.get().answers == {"S1-b": -2}
    assert waiting.states()["parked"] == 1
