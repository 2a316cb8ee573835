"""Refused and allowed again: what was forbidden for a while goes on by itself; a dead token does not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet
from e2e.field.test_queue_file import finished
from journeys.models import Programme
from observations.devices import change_device
from observations.models import Device, Observation
from observations.tests.tablets import enrolled, make_device, someone
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

API = re.compile(r"/api/v1/programmes/")
PAUSED = '[data-banner="paused"]'


def refuse(tablet: Tablet, status: int) -> list[str]:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, json={"title": "No", "status": status})

    tablet.context.route(API, answer)
    return asked


@pytest.mark.parametrize("trigger", ["load", "online", "an hour"])
def test_a_device_that_may_again_goes_on_by_itself(tablet: Tablet, code: str, trigger: str) -> None:
    if trigger == "an hour":
        tablet.page.clock.install()
    page = tablet.ready(code)
    refuse(tablet, 403)
    tablet.finish_one()
    tablet.drain()
    page.reload()
    expect(page.locator(PAUSED)).to_be_visible()
    tablet.context.unroute(API)
    if trigger == "load":
        page.reload()
    elif trigger == "online":
        page.evaluate("dispatchEvent(new Event('online'))")
    else:
        page.clock.run_for(3_600_000)
    expect(page.locator(PAUSED)).to_have_count(0)
    tablet.until_received(1)


def test_a_token_that_is_not_known_waits_for_a_person(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    refuse(tablet, 401)
    tablet.finish_one()
    tablet.drain()
    tablet.context.unroute(API)
    page.reload()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(500)
    expect(page.locator(PAUSED)).to_be_visible()
    assert Observation.objects.count() == 0


def test_what_was_forbidden_at_a_place_goes_when_the_place_is_given_back(
    tablet: Tablet, programme: Programme, framework: Framework
) -> None:
    device = make_device(programme, codes=("PAR1", "LYO1"))
    tablet.hold(enrolled(device))
    give(device, "LYO1")
    finished(tablet, 1)
    tablet.drain()
    expect(tablet.page.locator('[data-standing="you"]')).to_have_attribute("data-count", "1")
    tablet.drain()
    assert tablet.records()[0]["problem"]["status"] == "forbidden"
    give(device, "PAR1", "LYO1")
    tablet.until_received(1)
    assert str(Observation.objects.get().uuid) == tablet.records()[0]["id"]


def give(device: Device, *codes: str) -> None:
    locations = device.programme.locations.filter(code__in=codes)
    change_device(device=device, name=device.name, locations=locations, actor=someone())
