"""From a blank programme to a map of eight stages and six lanes, by keys alone."""

from __future__ import annotations

from typing import NoReturn

import pytest
from playwright.sync_api import ElementHandle, Locator, Mouse, Page, expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from e2e.test_map_building import NAMES, PHASES, fill_stage, focused, press, tab_to, type_lines
from journeys.models import Channel, Journey, Programme, Segment
from journeys.tests.factories import make_member, make_programme, make_user

pytestmark = pytest.mark.browser
PERIMETER = "/programmes/hotel-azur/perimeter/"


@pytest.fixture
def blank(transactional_db: None) -> Programme:
    return make_programme("hotel-azur", name="Hotel Azur")


@pytest.fixture
def colin(blank: Programme) -> User:
    return make_member(blank, "consultant", make_user("Colin"))


@pytest.fixture
def _keys_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever acts on the page other than by its keyboard fails the test."""

    def refuse(*_args: object, **_more: object) -> NoReturn:
        raise AssertionError("not by keyboard")

    acting = ("click", "dblclick", "fill", "check", "select_option", "focus", "press", "type")
    for kind in (Page, Locator, ElementHandle):
        for name in acting:
            monkeypatch.setattr(kind, name, refuse)
    for name in ("move", "down", "up", "click", "dblclick", "wheel"):
        monkeypatch.setattr(Mouse, name, refuse)


def follow(page: Page, selector: str) -> None:
    tab_to(page, selector)
    press(page, "Enter")


def add_channels(page: Page, *rows: tuple[str, str]) -> None:
    """Each with its family by its first letters; the form comes back for the next one."""
    follow(page, "#panel-channels a[href$='channels/new/']")
    for name, family in rows:
        expect(focused(page)).to_have_attribute("name", "name")
        page.keyboard.type(name)
        tab_to(page, "[name=family]")
        page.keyboard.type(family)
        follow(page, "#panel-channels form [type=submit].btn-primary")
        expect(page.locator("#panel-channels .line-name", has_text=name)).to_be_visible()
    follow(page, "#panel-channels form a.btn-link")
    # Back where one came from, and not at the top of the page.
    expect(focused(page)).to_have_attribute("href", f"{PERIMETER}channels/new/")


def add_segment(page: Page, name: str) -> None:
    press(page, "Shift+Tab")
    expect(focused(page)).to_have_attribute("href", f"{PERIMETER}segments/new/")
    press(page, "Enter")
    expect(focused(page)).to_have_attribute("name", "name")
    page.keyboard.type(name)
    tab_to(page, "[name=preferred_channels]")
    press(page, "Space")
    press(page, "Enter")
    expect(page.locator("#panel-segments .line-name")).to_have_text(name)


@pytest.mark.usefixtures("_keys_alone")
def test_a_map_from_a_blank_programme_by_keys_alone(
    blank: Programme, colin: User, new_page: NewPage
) -> None:
    page = new_page(colin)
    page.goto(PERIMETER)
    add_channels(page, ("Desk", "Face"), ("Web site", "Onl"))
    add_segment(page, "Couples")
    follow(page, "nav a[href$='/hotel-azur/journeys/']")
    page.wait_for_url("**/journeys/")
    follow(page, "main a.btn-primary[href$='?segment=couples']")
    expect(focused(page)).to_have_value("Couples")
    press(page, "Enter")
    page.wait_for_url("**/journeys/couples/")
    expect(focused(page)).to_have_class("map-add-button")
    press(page, "Enter")
    for phase, names in PHASES:
        expect(focused(page)).to_have_attribute("data-lines", "")
        press(page, "Shift+Tab")
        page.keyboard.type(phase.capitalize())
        press(page, "Tab")
        type_lines(page, *names)
    press(page, "Escape")
    expect(page.locator(".map-head .map-stage-name")).to_have_text(NAMES)
    expect(page.locator("#map-empty")).to_be_empty()
    for name in NAMES:
        fill_stage(page, name)
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert_stored(blank)
    assert_accessible(page)


def assert_stored(programme: Programme) -> None:
    assert [*Channel.objects.values_list("name", "family")] == [
        ("Desk", "face_to_face"),
        ("Web site", "online"),
    ]
    segment = Segment.objects.get(programme=programme)
    assert [each.name for each in segment.preferred_channels.all()] == ["Desk"]
    journey = Journey.objects.get(segment=segment)
    stages = list(journey.stages.prefetch_related("touchpoints", "needs", "choices"))
    assert [(each.phase, each.name) for each in stages] == [
        (phase, name) for phase, names in PHASES for name in names
    ]
    for stage in stages:
        touchpoints = [(each.name, each.customer_action) for each in stage.touchpoints.all()]
        assert touchpoints == [(f"{stage.name} touchpoint", f"{stage.name} action")]
        assert [each.text for each in stage.needs.all()] == [f"{stage.name} need"]
        assert [each.question for each in stage.choices.all()] == [f"{stage.name}?"]
    assert [stage.name for stage in stages if stage.is_moment_of_truth] == ["Arrives"]
