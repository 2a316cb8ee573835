"""A server that takes longer than anybody waits, and one that finds something too large."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from e2e.field.proxy import TOO_LARGE, Fault, FaultProxy, fault_proxy, stalled
from e2e.field.tablet import Tablet, hurried
from e2e.field.test_queue_file import finished
from observations.models import HeldCopy, Media, Observation, Revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SYNC = re.compile(r"/observations/sync/$")
PHOTO = re.compile(r"/media/[0-9a-f-]+/$")
FASTER = 20
SENT = {"draft": 0, "ready": 0, "parked": 0, "missing": 0}


@pytest.fixture
def proxy(live_server: LiveServer) -> Iterator[FaultProxy]:
    with fault_proxy(live_server.url) as made:
        yield made


@pytest.fixture
def behind(proxy: FaultProxy, new_tablet: Callable[..., Tablet], code: str) -> Tablet:
    tablet = new_tablet(url=proxy.url)
    tablet.ready(code)
    return tablet


def first(pattern: re.Pattern[str], fault: Fault, *, times: int = 1) -> Callable[[str, str], Any]:
    """The first calls of this kind suffer it, the later ones pass."""
    left = [fault] * times

    def plan(_method: str, path: str) -> Fault | None:
        return left.pop() if left and pattern.search(path) else None

    return plan


def assert_whole(tablet: Tablet, count: int) -> None:
    """Everything is on the server once, and the tablet says the same."""
    assert {key: tablet.states()[key] for key in SENT} == SENT
    assert (Observation.objects.count(), Revision.objects.count()) == (count, count)
    assert [bool(one.file) for one in Media.objects.all()] == [True] * count
    assert HeldCopy.objects.count() == 0


@pytest.mark.parametrize("way", ["the way there", "the way back"])
def test_what_takes_too_long_is_sent_again_and_not_doubled(
    behind: Tablet, proxy: FaultProxy, way: Any
) -> None:
    behind.context.add_init_script(hurried(FASTER))
    behind.visit_app()
    proxy.plan = first(SYNC, stalled(30 / FASTER + 1, on=way))
    finished(behind, 1)
    behind.drain()
    expect(behind.page.locator("[data-oldest]")).to_contain_text("did not answer in time")
    behind.until_received(1)
    # The late one may arrive after its own repetition.
    behind.until("new Promise((done) => setTimeout(() => done(true), 1500))")
    assert [one.fault for one in proxy.log if SYNC.search(one.path) and one.fault]
    assert sum(len(one.served) for one in proxy.log if SYNC.search(one.path)) >= 2
    assert behind.page.evaluate("[...window.patience]") == [30_000, 120_000]
    assert_whole(behind, 1)


@pytest.mark.parametrize("way", ["the way there", "the way back"])
def test_a_photo_that_takes_too_long_is_asked_about_and_sent_once(
    behind: Tablet, proxy: FaultProxy, way: Any
) -> None:
    behind.context.add_init_script(hurried(FASTER))
    behind.visit_app()
    proxy.plan = first(PHOTO, stalled(120 / FASTER + 1, on=way))
    finished(behind, 2)
    behind.until_received(2)
    behind.page.wait_for_timeout(1_500)
    assert [one.fault for one in proxy.log if PHOTO.search(one.path) and one.fault]
    assert_whole(behind, 2)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["the way there", "the way back"])
def test_a_stall_of_thirty_seconds(behind: Tablet, proxy: FaultProxy, way: Any) -> None:
    """The same with nothing made faster."""
    proxy.plan = first(SYNC, stalled(31, on=way))
    finished(behind, 2)
    behind.until_received(2)
    behind.page.wait_for_timeout(3_000)
    assert "stalled" in " ".join(proxy.happened)
    assert_whole(behind, 2)


def test_a_visit_that_is_too_large_needs_a_person_and_holds_up_nobody(
    behind: Tablet, proxy: FaultProxy
) -> None:
    # Three in one call, then the halves: two and one, then one alone.
    proxy.plan = first(SYNC, TOO_LARGE, times=3)
    behind.network(on=False)
    finished(behind, 3)
    behind.network(on=True)
    behind.until_received(2)
    page = behind.page
    assert behind.states()["parked"] == 1
    assert Observation.objects.count() == 2
    [parked] = [one for one in behind.records() if one["state"] == "parked"]
    page.goto(f"/field/#/item/{parked['id']}")
    expect(page.locator('[data-problem="413"]')).to_contain_text("too large for the server")
    page.get_by_role("button", name="Send again as it is").tap()
    behind.until_received(3)
    assert_whole(behind, 3)


def test_a_photo_that_is_too_large_needs_a_person_who_takes_it_out(
    behind: Tablet, proxy: FaultProxy
) -> None:
    proxy.plan = first(PHOTO, TOO_LARGE)
    behind.network(on=False)
    finished(behind, 2)
    behind.network(on=True)
    behind.until(
        "import('/static/js/field/engine.js').then(async ({ engine, states }) => {"
        " await engine.drain(); const all = await states(); return all.parked && !all.ready; })"
    )
    # The other photo went on.
    assert (behind.states()["received"], behind.states()["missing"]) == (1, 1)
    page = behind.page
    [parked] = [one for one in behind.records() if one["state"] == "parked"]
    page.goto(f"/field/#/item/{parked['id']}")
    problem = page.locator('[data-problem="413"]')
    expect(problem).to_contain_text("too large for the server")
    expect(problem).to_contain_text("remove it, or take it again")
    problem.get_by_role("link", name="Interaction S1-b").tap()
    page.locator('[data-photos="S1-b"] li button').first.tap()
    expect(page.locator('[data-photos="S1-b"] li')).to_have_count(0)
    behind.saved()
    behind.to_summary()
    behind.finish()
    behind.until_received(2)
    assert behind.states()["parked"] == 0
    corrected = Observation.objects.get(uuid=parked["id"])
    assert corrected.revisions.count() == 2
    assert [one.observation_id for one in Media.objects.exclude(file="")] != [corrected.pk]
