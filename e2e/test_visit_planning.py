"""Planning a wave in the browser, and its coverage once an observation has arrived."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import PHONE, NewPage, assert_accessible
from journeys.models import Programme
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_location,
    make_member,
    make_programme,
    make_user,
    make_wave,
)
from observations.models import Visit
from observations.tests.factories import submit_for
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.browser
BASE = "/programmes/hotel-azur"


@pytest.fixture
def hotel(transactional_db: None) -> Programme:
    """Two locations, a guide, and a wave that is under way."""
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk")
    for code, name in (("NCE", "Nice"), ("CAN", "Cannes")):
        make_location(programme, code, name=name)
    make_framework(make_journey(programme, "family-store", name="Family", stages=3))
    month = f"{timezone.localdate():%Y-%m}"
    make_wave(programme, "W1", name="Now", first_month=month, last_month=month)
    return programme


def test_a_wave_is_planned_and_its_coverage_follows(hotel: Programme, new_page: NewPage) -> None:
    own = hotel.locations.filter(code="NCE")
    make_member(hotel, "observer", make_user("Odile"), own, observer_code="OBS-1")
    page = new_page(make_member(hotel, "consultant", make_user("Colin")))
    page.goto(f"{BASE}/visits/")
    assert_accessible(page)
    page.locator(".empty-state").get_by_role("link", name="Plan visits").click()
    for label in ("Nice", "Cannes", "Mystery visit", "Family", "Now", "OBS-1 · Odile"):
        page.get_by_label(label, exact=True).check()
    page.get_by_label("Observations wanted at each visit").fill("1")
    page.get_by_role("button", name="Show what would be planned").click()
    expect(page.get_by_text("Cannes is not among the locations of OBS-1.")).to_be_visible()
    assert Visit.objects.count() == 0
    assert_accessible(page)
    # What was chosen is still chosen: Cannes is left to whoever is there.
    page.get_by_label("OBS-1 · Odile").uncheck()
    page.get_by_role("button", name="Show again").click()
    page.get_by_role("button", name="Plan 2 visits").click()
    expect(page.get_by_text("2 visits planned.")).to_be_visible()

    page.get_by_role("link", name="Coverage", exact=True).click()
    nice = page.get_by_role("link", name="Nice, Mystery visit: 0 of 1")
    expect(nice).to_be_visible()
    assert_accessible(page)
    moment = timezone.localtime().isoformat()
    submit_for(Visit.objects.get(location__code="NCE"), observed_at=moment, channel=None)
    page.reload()
    expect(page.get_by_role("link", name="Nice, Mystery visit: 1 of 1")).to_be_visible()
    expect(page.get_by_role("link", name="Cannes, Mystery visit: 0 of 1")).to_be_visible()

    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    is_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not is_wide
    page.get_by_role("link", name="Nice, Mystery visit: 1 of 1").click()
    expect(page.locator(".visit-state", has_text="Done")).to_be_visible()


def test_opening_hours_are_typed_as_people_write_them(hotel: Programme, new_page: NewPage) -> None:
    page = new_page(
        make_member(hotel, "consultant", make_user("Colin")), expected_errors=("status of 422",)
    )
    page.goto(f"{BASE}/perimeter/")
    page.get_by_role("link", name="Opening hours of Nice").click()
    page.get_by_label("Monday").fill("9h-12h30, 14:00-19:00")
    page.get_by_label("Tuesday").fill("nine to five")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write hours as 09:00-12:30, 14:00-19:00.")).to_be_visible()
    expect(page.get_by_label("Tuesday")).to_have_value("nine to five")
    assert_accessible(page)
    page.get_by_label("Tuesday").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Monday")).to_have_value(
        "09:00\N{EN DASH}12:30, 14:00\N{EN DASH}19:00"
    )
