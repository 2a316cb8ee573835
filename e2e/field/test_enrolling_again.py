"""A link with a code, opened on a tablet that is enrolled already: it asks, and says what waits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_link_does_not_take_an_enrolled_tablet_elsewhere_by_itself(
    tablet: Tablet, code: str
) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    tablet.finish_one()
    tablet.context.route("**/observations/sync/", lambda route: route.abort())
    tablet.network(on=True)
    sent: list[Any] = []

    def enrolment(route: Route) -> None:
        sent.append(route.request.post_data_json)
        problem = {"title": "Invalid", "errors": [{"path": "/code", "detail": "Used."}]}
        route.fulfill(status=400, json=problem)

    tablet.context.route("**/api/v1/devices/", enrolment)
    page.evaluate("location.hash = '#enrol=ABCDEFGH'")
    expect(page.get_by_label("Code")).to_have_value("ABCD-EFGH")
    expect(page.locator("main")).to_contain_text("enrolled in Casa Nord as Tablet 1")
    expect(page.locator("[data-pending]")).to_contain_text("1 visit of this programme is not on")
    page.wait_for_timeout(500)
    assert sent == []
    page.get_by_role("button", name="Enrol this device").click()
    expect(page.locator("#code-problem")).to_have_text("Used.")
    assert [one["code"] for one in sent] == ["ABCD-EFGH"]
