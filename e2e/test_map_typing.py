"""What is typed on the map stays until the server has it: fast lines, several fields, no session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from accounts.models import User
from e2e.conftest import NewPage
from journeys.models import Journey, Programme
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
SLOW_MS = 300


@pytest.fixture
def journey(transactional_db: None) -> Journey:
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    journey = make_journey(programme, "couple")
    stage = make_stage(journey, "arrives", name="Arrives")
    for name in ("Lobby", "Lift"):
        make_touchpoint(stage, name.lower(), name=name)
    return journey


@pytest.fixture
def colin(journey: Journey) -> User:
    programme: Programme = journey.programme
    return make_member(programme, "consultant", make_user("Colin"))


def slow_down(page: Page, address: str) -> None:
    """Answers to orders take their time; the page goes on meanwhile."""
    page.add_init_script(
        "const send = XMLHttpRequest.prototype.send;"
        "const open = XMLHttpRequest.prototype.open;"
        "XMLHttpRequest.prototype.open = function (verb, path, ...more) {"
        f"  this.isSlow = verb === 'POST' && String(path).includes('{address}');"
        "  return open.call(this, verb, path, ...more); };"
        "XMLHttpRequest.prototype.send = function (body) {"
        f"  setTimeout(() => send.call(this, body), this.isSlow ? {SLOW_MS} : 0); }};"
    )


def entry(page: Page, name: str) -> Locator:
    return page.locator(".entry[data-field=name]", has_text=name)


def open_field(page: Page, name: str, text: str) -> Locator:
    """By double-click, and typed into."""
    number = entry(page, name).get_attribute("data-row")
    entry(page, name).locator(".entry-text").dblclick()
    field = page.locator(f".entry[data-field=name][data-row='{number}'] [name=name]")
    expect(field).to_be_focused()
    field.fill(text)
    return field


def add_touchpoints(page: Page) -> Locator:
    page.locator(".map-add[id^=map-add-touchpoints] button").click()
    box = page.locator("[data-lines-form] textarea")
    expect(box).to_be_focused()
    return box


def test_lines_typed_faster_than_they_are_answered_all_arrive(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    slow_down(page, "lines/")
    page.goto(MAP)
    box = add_touchpoints(page)
    for name in ("One", "Two", "Three", "Four", "Five"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    page.keyboard.type("half a wo")
    stage = journey.stages.get()
    expect(page.locator(f"#map-cell-touchpoints-{stage.pk}")).to_contain_text("Five")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    expect(box).to_have_value("half a wo")
    expect(box).to_be_focused()
    names = list(stage.touchpoints.values_list("name", flat=True))
    assert names == ["Lobby", "Lift", "One", "Two", "Three", "Four", "Five"]


def test_lines_that_are_not_taken_come_back(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin, expected_errors=("status of 500", "status of 422", "Response Status"))
    slow_down(page, "lines/")
    page.goto(MAP)
    box = add_touchpoints(page)
    page.route("**/lines/**", lambda route: route.fulfill(status=500))
    for name in ("One", "Two"):
        page.keyboard.type(name)
        page.keyboard.press("Enter")
    page.keyboard.type("Three")
    expect(box).to_have_value("One\nTwo\nThree")
    expect(page.locator("[data-saved]")).to_have_text("Not saved")
    page.unroute("**/lines/**")
    page.keyboard.press("Enter")
    stage = journey.stages.get()
    expect(page.locator(f"#map-cell-touchpoints-{stage.pk}")).to_contain_text("Three")
    assert [*stage.touchpoints.values_list("name", flat=True)][2:] == ["One", "Two", "Three"]
    page.keyboard.type("x" * 121)
    page.keyboard.press("Enter")
    expect(page.locator("[data-lines-form] .map-line-error")).to_contain_text("120")
    expect(box).to_have_value("x" * 121)


def test_a_field_one_goes_on_to_outlives_the_answer_to_the_first(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    slow_down(page, "field/")
    page.goto(MAP)
    open_field(page, "Lobby", "Great lobby")
    second = open_field(page, "Lift", "Fast li")
    page.keyboard.type("ft")
    expect(entry(page, "Great lobby")).to_be_visible()
    expect(second).to_have_value("Fast lift")
    expect(second).to_be_focused()
    page.locator(".map-head").focus()  # which saves it
    expect(entry(page, "Fast lift")).to_be_visible()
    expect(page.locator(".map-head")).to_be_focused()
    stage = journey.stages.get()
    assert [*stage.touchpoints.values_list("name", flat=True)] == ["Great lobby", "Fast lift"]


def test_an_order_in_the_same_stage_leaves_the_open_field(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    field = open_field(page, "Lobby", "Great lobby")
    # Given without leaving the field, as a button of another device would.
    page.evaluate(
        "row => htmx.ajax('post', document.querySelector('[data-map]').dataset.map"
        " + 'mark/touchpoints/', {source: '[data-saved]', swap: 'none',"
        " values: {row, criticality: '3'}})",
        entry(page, "Lift").get_attribute("data-row"),
    )
    expect(entry(page, "Lift").locator(".entry-mark")).to_be_visible()
    expect(field).to_have_value("Great lobby")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(entry(page, "Lobby")).to_be_visible()
    page.wait_for_timeout(100)
    assert journey.stages.get().touchpoints.filter(name="Lobby").exists()


def test_a_double_click_in_an_open_field_leaves_what_is_typed(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    field = open_field(page, "Lobby", "Great lobby")
    field.dblclick()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(200)
    expect(field).to_have_value("Great lobby")
    page.mouse.down()
    page.mouse.move(400, 500, steps=5)
    expect(page.locator(".sortable-chosen")).to_have_count(0)
    page.mouse.up()


def test_whoever_is_signed_out_keeps_what_was_typed(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    word = page.locator("[data-signed-out]")
    cookies = page.context.cookies()
    field = open_field(page, "Lobby", "Great lobby")
    page.context.clear_cookies(name="sessionid")
    page.keyboard.press("Enter")
    expect(word).to_contain_text("you are signed out")
    expect(page.locator("[data-saved]")).to_have_text("Not saved")
    expect(field).to_have_value("Great lobby")
    site = page.url.removesuffix(MAP)
    page.context.add_cookies(  # signed in again, in another tab
        [{"name": each["name"], "value": each["value"], "url": site} for each in cookies]
    )
    field.press("Enter")
    expect(entry(page, "Great lobby")).to_be_visible()
    expect(word).to_be_hidden()
    box = add_touchpoints(page)
    page.context.clear_cookies(name="sessionid")
    page.keyboard.type("Stairs")
    page.keyboard.press("Enter")
    expect(word).to_be_visible()
    expect(box).to_have_value("Stairs")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]


def test_a_half_written_comment_outlives_the_waking_up(
    journey: Journey, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(MAP)
    page.locator(".map-head").focus()
    page.keyboard.press("c")
    text = page.locator("[data-comment-text]")
    expect(text).to_be_focused()
    text.fill("Too long")
    page.evaluate("window.isSame = true")
    page.evaluate("htmx.trigger(document.body, 'map-outdated')")
    page.wait_for_timeout(500)
    expect(text).to_have_value("Too long")
    text.fill("")
    page.keyboard.press("Escape")
    page.wait_for_function("() => window.isSame === undefined")
