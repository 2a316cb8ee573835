"""Time: the tablet's clock is wrong, and the queue tries by itself as time goes by."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import Tablet
from observations.models import Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SYNC = re.compile(r"/observations/sync/$")


def test_the_queue_tries_again_by_itself(tablet: Tablet, code: str) -> None:
    tablet.page.clock.install()
    page = tablet.ready(code)
    asked: list[str] = []

    def refuse(route: object) -> None:
        asked.append("sync")
        route.fulfill(status=502, body="bad gateway")  # type: ignore[attr-defined]

    tablet.context.route(SYNC, refuse)
    tablet.finish_one()
    page.clock.run_for(5_000)
    page.wait_for_timeout(500)
    assert asked
    for _minute in range(4):
        page.clock.run_for(60_000)
        page.wait_for_timeout(200)
    tries = len(asked)
    assert 3 <= tries <= 12
    tablet.context.unroute(SYNC)
    for _minute in range(6):
        page.clock.run_for(60_000)
        page.wait_for_timeout(200)
    expect(page.locator('[data-standing="server"]')).to_have_attribute("data-count", "1")
    assert Observation.objects.count() == 1


@pytest.mark.parametrize(("off", "word"), [(2, "ahead"), (-2, "behind")])
def test_a_clock_two_days_off_is_told_and_both_times_are_kept(
    tablet: Tablet, code: str, off: int, word: str
) -> None:
    wrong = datetime.now(UTC) + timedelta(days=off)
    tablet.page.clock.set_system_time(wrong)
    page = tablet.ready(code)
    banner = page.locator('[data-banner="skew"]')
    page.reload()
    expect(banner).to_contain_text(f"2 days {word}")
    tablet.finish_one()
    tablet.until_received(1)
    observation = Observation.objects.get()
    revision = observation.revisions.get()
    device = datetime.fromisoformat(revision.details["device_time"])
    assert abs(device - wrong) < timedelta(minutes=5)
    assert abs(datetime.now(UTC) - revision.created_at) < timedelta(minutes=5)


def test_how_long_a_visit_took_does_not_follow_the_clock(tablet: Tablet, code: str) -> None:
    tablet.page.clock.set_system_time(datetime.now(UTC))
    page = tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=1))
    tablet.answer("S1-p", 1)
    tablet.saved()
    [record] = tablet.records()
    assert 0 < record["duration_ms"] < 60_000
