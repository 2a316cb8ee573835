"""The map built live: by keyboard alone, and by two people at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_member,
    make_programme,
    make_touchpoint,
    make_user,
)

pytestmark = pytest.mark.browser

PHASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("before", ("Dreams", "Compares", "Books")),
    ("during", ("Arrives", "Stays", "Eats")),
    ("after", ("Pays", "Tells")),
)
NAMES = [name for _phase, names in PHASES for name in names]
MAP = "/programmes/hotel-azur/journeys/couple/"


@pytest.fixture
def hotel(transactional_db: None) -> Programme:
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    make_channel(programme, "web", name="Web site", family="online")
    return programme


@pytest.fixture
def colin(hotel: Programme) -> User:
    return make_member(hotel, "consultant", make_user("Colin"))


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    for _step in range(60):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def type_lines(page: Page, *lines: str) -> None:
    """Into the form of lines that has the focus; each is there before the next is typed."""
    for line in lines:
        expect(focused(page)).to_have_attribute("data-lines", "")
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator(".map")).to_contain_text(line)
        expect(page.locator("[data-lines-form] textarea")).to_have_value("")


def test_eight_stages_and_their_lanes_by_keyboard_alone(
    hotel: Programme, colin: User, new_page: NewPage
) -> None:
    make_journey(hotel, "couple")
    page = new_page(colin)
    page.goto(MAP)
    tab_to(page, "#map-add-stages [data-item]")
    press(page, "Enter")
    for phase, names in PHASES:
        expect(focused(page)).to_have_attribute("data-lines", "")
        press(page, "Shift+Tab")
        page.keyboard.type(phase.capitalize())
        press(page, "Tab")
        type_lines(page, *names)
    press(page, "Escape")
    expect(page.locator(".map-head .map-stage-name")).to_have_text(NAMES)
    for name in NAMES:
        fill_stage(page, name)
    journey = Journey.objects.get(key="couple")
    stages = list(journey.stages.prefetch_related("touchpoints", "needs", "choices"))
    assert [(each.phase, each.name) for each in stages] == [
        (phase, name) for phase, names in PHASES for name in names
    ]
    for stage in stages:
        (touchpoint,) = stage.touchpoints.all()
        assert (touchpoint.name, touchpoint.customer_action) == (
            f"{stage.name} touchpoint",
            f"{stage.name} action",
        )
        assert [need.text for need in stage.needs.all()] == [f"{stage.name} need"]
        assert [choice.question for choice in stage.choices.all()] == [f"{stage.name}?"]
    assert [stage.name for stage in stages if stage.is_moment_of_truth] == ["Arrives"]
    assert_accessible(page)


def fill_stage(page: Page, name: str) -> None:
    """From wherever the focus is to the stage's head, then down its column."""
    press(page, "Home")
    head = page.locator(".map-head", has_text=name)
    for _step in range(12):
        if page.evaluate("h => h === document.activeElement", head.element_handle()):
            break
        press(page, "ArrowRight")
    expect(head).to_be_focused()
    if name == "Arrives":
        press(page, "3")
        expect(head).to_contain_text("moment of truth")
        expect(head).to_be_focused()
    for kind, line in (("touchpoints", " touchpoint"), ("needs", " need"), ("choices", "?")):
        while "map-add-button" not in (focused(page).get_attribute("class") or ""):
            press(page, "ArrowDown")
        press(page, "Enter")
        type_lines(page, name + line)
        press(page, "Escape")
        expect(focused(page)).to_have_class("map-add-button")
        if kind == "touchpoints":
            fill_action(page, name)
        press(page, "ArrowDown")


def fill_action(page: Page, name: str) -> None:
    press(page, "ArrowUp", "ArrowUp")
    expect(focused(page)).to_contain_text("what do they do?")
    press(page, "Enter")
    expect(focused(page)).to_have_attribute("name", "customer_action")
    page.keyboard.type(f"{name} action")
    press(page, "Enter")
    expect(focused(page)).to_contain_text(f"{name} action")
    press(page, "ArrowDown", "ArrowDown")


def test_moves_selection_and_undo_by_keyboard(
    hotel: Programme, colin: User, new_page: NewPage
) -> None:
    journey = make_journey(hotel, "couple", stages=2)
    first, second = journey.stages.all()
    for name in ("Lobby", "Lift"):
        make_touchpoint(first, name.lower(), name=name)
    page = new_page(colin)
    page.goto(MAP)
    lobby, lift = (
        page.locator(".entry[data-field=name]", has_text=name) for name in ("Lobby", "Lift")
    )
    lobby.focus()
    press(page, "Space", "ArrowDown", "Space")
    expect(page.locator("[data-selected]")).to_contain_text("2 selected:")
    page.locator("[data-bulk=channel] select").select_option(label="Web site")
    page.get_by_role("button", name="Set the channel").press("Enter")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert set(first.touchpoints.values_list("channel__key", flat=True)) == {"web"}
    lift.focus()
    press(page, "m")
    page.get_by_label("Stage", exact=True).select_option(label="Stage S2")
    page.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(page.locator(f"#map-cell-touchpoints-{second.pk}")).to_contain_text("Lobby")
    assert second.touchpoints.count() == 2
    lobby.focus()
    press(page, "Control+z")
    expect(page.locator(f"#map-cell-touchpoints-{first.pk}")).to_contain_text("Lobby")
    press(page, "Control+z")
    expect(page.locator("[data-walk=undo]")).to_be_disabled()
    press(page, "Control+y")
    expect(page.locator("[data-walk=undo]")).to_be_enabled()
    assert set(first.touchpoints.values_list("channel__key", flat=True)) == {"web"}


def test_two_people_edit_one_stage(hotel: Programme, colin: User, new_page: NewPage) -> None:
    journey = make_journey(hotel, "couple", stages=1)
    lea = make_member(hotel, "lead", make_user("Lea"))
    hers, his = new_page(lea), new_page(colin, expected_errors=("status of 409",))
    for page, name in ((hers, "Arrives at the desk"), (his, "Arrives by car")):
        page.goto(MAP)
        page.locator(".map-head").focus()
        press(page, "F2")
        expect(focused(page)).to_have_attribute("name", "name")
        press(page, "Control+a")
        page.keyboard.type(name)
    press(hers, "Enter")
    expect(hers.locator(".map-head")).to_contain_text("Arrives at the desk")
    press(his, "Enter")
    expect(his.locator(".map-field")).to_contain_text("It is now: Arrives at the desk")
    expect(his.locator(".map-field [name=name]")).to_have_value("Arrives by car")
    expect(his.locator("[data-saved]")).to_have_text("Not saved")
    his.locator(".map-field [name=name]").press("Enter")
    expect(his.locator(".map-head")).to_contain_text("Arrives by car")
    assert Stage.objects.get(journey=journey).name == "Arrives by car"


def test_orders_given_faster_than_they_are_answered_all_count(
    hotel: Programme, colin: User, new_page: NewPage
) -> None:
    journey = make_journey(hotel, "couple", stages=4)
    page = new_page(colin)
    page.goto(MAP)
    page.locator(".map-head").first.focus()
    press(page, "3", "ArrowRight", "3", "ArrowRight", "3", "ArrowRight", "3")
    expect(page.locator(".map-head .map-truth")).to_have_count(4)
    assert {each.criticality for each in journey.stages.all()} == {3}
    press(page, "Control+z", "Control+z", "Control+z")
    expect(page.locator(".map-head .map-truth")).to_have_count(1)
    assert [each.criticality for each in journey.stages.all()].count(3) == 1
