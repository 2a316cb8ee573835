"""Selecting on the map by mouse and by finger, and moving without a drag."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, Route, expect

from accounts.models import User
from e2e.conftest import TABLET, NewPage, assert_accessible
from journeys.models import Journey
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_member,
    make_programme,
    make_stage,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.browser
MAP = "/programmes/hotel-azur/journeys/couple/"


@pytest.fixture
def journey(transactional_db: None) -> Journey:
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    journey = make_journey(programme, "couple")
    for name in ("Arrives", "Stays"):
        stage = make_stage(journey, name.lower(), name=name)
        make_touchpoint(stage, f"t-{name}", name=f"{name} desk")
    return journey


@pytest.fixture
def colin(journey: Journey) -> User:
    return make_member(journey.programme, "consultant", make_user("Colin"))


def hold(held: list[Route], route: Route) -> None:
    """Unanswered until the test says so."""
    held.append(route)


def check(page: Page, name: str) -> None:
    page.get_by_role("checkbox", name=f"Select {name}", exact=True).click()


def test_a_touchpoint_is_selected_by_mouse_and_moved_without_a_drag(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    _first, second = journey.stages.all()
    page = new_page(colin)
    page.goto(MAP)
    entry = page.locator(".entry[data-field=name]", has_text="Arrives desk")
    entry.hover()
    check(page, "Arrives desk")
    expect(page.locator("[data-selected]")).to_contain_text("1 selected:")
    assert_accessible(page)
    page.locator("[data-bulk-move]").click()
    page.get_by_label("Stage", exact=True).select_option(label="Stays")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(f"#map-cell-touchpoints-{second.pk}")).to_contain_text("Arrives desk")
    # The other way to take it out of the selection, and in again.
    entry.locator(".entry-text").click(modifiers=["Control"])
    expect(page.locator("[data-selected]")).to_be_hidden()
    entry.locator(".entry-text").click(modifiers=["Shift"])
    expect(entry.get_by_role("checkbox")).to_be_checked()


def test_a_finger_finds_the_checks_large_enough(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin, viewport=TABLET, has_touch=True)
    page.goto(MAP)
    for handle in page.locator(".map .map-check").all():
        box = handle.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 44
        assert handle.evaluate("each => getComputedStyle(each).opacity") == "1"
    page.locator(".entry .map-check").first.tap()
    expect(page.locator("[data-selected]")).to_contain_text("1 selected:")
    assert_accessible(page)


def test_selected_stages_are_all_deleted_and_stay_selected_until_then(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin, expected_errors=("status of 500", "Response Status"))
    page.goto(MAP)
    for name in ("Arrives", "Stays"):
        page.locator(".map-head", has_text=name).hover()
        check(page, name)
    held: list[Route] = []
    page.route("**/remove/stages/", lambda route: hold(held, route))
    with page.expect_request("**/remove/stages/") as sent:
        page.locator("[data-bulk-delete]").click()
    request: Request = sent.value
    rows = [str(stage.pk) for stage in journey.stages.all()]
    assert [part for part in (request.post_data or "").split("&") if part[:4] == "row="] == [
        f"row={row}" for row in rows
    ]
    expect(page.locator("[data-selected]")).to_contain_text("2 selected:")
    expect(page.locator("[data-saved]")).to_have_text("Saving…")
    held.pop().fulfill(status=500)
    expect(page.locator("[data-saved]")).to_have_text("Not saved")
    # And once more, without selecting anew.
    with page.expect_request("**/remove/stages/") as again:
        page.locator("[data-bulk-delete]").click()
    assert again.value.post_data == request.post_data


def test_a_double_click_on_a_stage_edits_its_name_in_place(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    page.locator(".map-stage-name", has_text="Arrives").dblclick()
    field = page.locator(".map-field [name=name]")
    expect(field).to_have_value("Arrives")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(field).to_have_count(0)
    page.get_by_role("link", name="Open the page of Arrives").click()
    page.wait_for_url("**/stages/arrives/")


def test_a_measured_lane_is_asked_for_again_after_the_last_of_two_quick_marks(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    lane = page.locator("tr.map-lane[hx-trigger^=map-curve]")
    address = lane.get_attribute("hx-get")
    assert address
    held: list[Route] = []
    page.route(f"**{address}*", lambda route: hold(held, route))
    heads = page.locator(".map-head")
    for number in (0, 1):
        heads.nth(number).focus()
        page.keyboard.press("3")
        expect(heads.nth(number)).to_contain_text("moment of truth")
    page.wait_for_timeout(200)
    assert len(held) == 1
    with page.expect_request(f"**{address}*"):
        held[0].continue_()
