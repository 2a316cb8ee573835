"""Two taps are one: on a copy, on a beginning; and what a copy can't have is said before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from e2e.field.tablet import RECORDS, Tablet
from journeys.models import Programme
from observations.intake import submit_observations
from observations.models import Device, Observation
from observations.tests.factories import make_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TWICE = """(words) => {
    const found = [...document.querySelectorAll("button")].find((one) => one.textContent === words);
    found.click(); found.click(); found.click();
}"""


def conflict(tablet: Tablet, code: str, programme: Programme) -> str:
    """A visit whose id the server already has with other answers; its screen is open."""
    tablet.ready(code)
    tablet.network(on=False)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.photograph("S1-b")
    tablet.photograph("S1-b")
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    other = make_document(id=one, answers={"S1-b": -2})
    device = Device.objects.get()
    submit_observations(programme=programme, documents=[other], user=None, device=device)
    tablet.network(on=True)
    expect(tablet.page.locator('[data-standing="you"]')).to_have_attribute("data-count", "1")
    return one


def drop_a_photo(page: Page, one: str) -> None:
    page.evaluate(
        f"""(id) => Promise.all([import("/static/js/field/store.js"), import("{RECORDS}")])
            .then(async ([{{ write }}, {{ photoIds }}]) => {{
                const [photo] = await photoIds(id);
                await write(["photos"], (tx) => tx.objectStore("photos").delete(photo)); }})""",
        one,
    )


def test_sent_as_a_visit_of_its_own_by_three_taps_it_is_one_visit(
    tablet: Tablet, code: str, programme: Programme
) -> None:
    one = conflict(tablet, code, programme)
    page = tablet.page
    drop_a_photo(page, one)
    page.goto(f"/field/#/item/{one}")
    expect(page.locator("[data-behind]")).to_contain_text("1 photo is not on this tablet any more")
    page.evaluate(TWICE, "Send mine as a visit of its own")
    page.wait_for_url(lambda url: "/item/" in url and one not in url)
    tablet.until_received(1)
    [record] = tablet.records()
    assert (record["forked_from"], len(record["media"])) == (one, 1)
    assert Observation.objects.count() == 2


def test_a_separate_copy_by_three_taps_is_one_copy(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    second = tablet.context.new_page()
    second.goto(f"/field/#/visit/{one}")
    second.get_by_role("button", name="Make a separate copy").wait_for()
    second.evaluate(TWICE, "Make a separate copy")
    second.locator("[data-question]").first.wait_for()
    assert len(tablet.records()) == 2


def test_begun_by_three_taps_it_is_begun_once(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    page.goto("/field/#/start")
    page.get_by_role("button", name="Begin").wait_for()
    page.evaluate(TWICE, "Begin")
    page.locator("[data-question]").first.wait_for()
    assert len(tablet.records()) == 1


def test_a_planned_visit_begun_by_three_taps_is_begun_once(tablet: Tablet, code: str) -> None:
    today = timezone.localdate()
    planned = {
        "id": "0199c0de-0000-7000-8000-00000000000a",
        "journey": "family-store",
        "method": "store_team",
        "location": "PAR1",
        "observer": None,
        "wave": None,
        "from": str(today),
        "to": str(today + timedelta(days=1)),
        "note": "",
        "done": 0,
        "quota": 1,
    }
    tablet.context.route(
        "**/guides/",
        lambda route: route.fulfill(
            json=route.fetch().json() | {"visits": [planned]}, headers={"ETag": '"planned"'}
        ),
    )
    page = tablet.ready(code)
    page.locator("[data-planned]").wait_for()
    page.evaluate(TWICE, "Begin")
    page.locator("[data-question]").first.wait_for()
    assert len(tablet.records()) == 1
