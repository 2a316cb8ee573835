"""One person, two tabs of one map: each tells the other what it changes, and loses nothing typed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from journeys import presence
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
ENTRY = ".entry[data-field=name]"


@pytest.fixture(autouse=True)
def _quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PULSE_SECONDS", 0.4)


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
def tabs(journey: Journey, new_page: NewPage) -> tuple[Page, Page]:
    """Both in one context: one session, and one storage each, as tabs have."""
    colin: User = make_member(journey.programme, "consultant", make_user("Colin"))
    first = new_page(colin, expected_errors=("status of 409",))
    second = first.context.new_page()
    for page in (first, second):
        page.goto(MAP)
    return first, second


def rename(entry: Locator, name: str, *, send: bool = True) -> None:
    entry.focus()
    entry.press("F2")
    field = entry.locator("[name=name]")
    expect(field).to_be_focused()
    field.fill(name)
    if send:
        field.press("Enter")


def test_a_change_in_one_tab_is_shown_in_the_other_and_taken_back_from_there(
    tabs: tuple[Page, Page],
) -> None:
    first, second = tabs
    for page in tabs:
        expect(page.locator("#presence")).to_contain_text("you, in another tab")
    assert_accessible(first)
    rename(first.locator(ENTRY).first, "Great desk")
    expect(first.locator(ENTRY).first).to_contain_text("Great desk")
    expect(second.locator(ENTRY).first).to_contain_text("Great desk")
    second.locator(".map-head").first.focus()
    second.keyboard.press("Control+z")
    expect(second.locator(ENTRY).first).to_contain_text("Arrives desk")
    expect(first.locator(ENTRY).first).to_contain_text("Arrives desk")
    # A tab that is closed is not here for long, and the one that stays hears nothing of itself.
    second.close()
    rename(first.locator(ENTRY).first, "Mine alone")
    expect(first.locator(ENTRY).first).to_contain_text("Mine alone")
    first.wait_for_timeout(1000)
    expect(first.locator(".map-elsewhere")).to_have_count(0)


def test_what_is_typed_in_the_other_tab_stays_and_a_conflict_is_ones_own(
    tabs: tuple[Page, Page], journey: Journey
) -> None:
    first, second = tabs
    mine = second.locator(ENTRY).first
    rename(mine, "Typed here", send=False)
    rename(first.locator(ENTRY).first, "Saved there")
    note = second.locator(".map-elsewhere")
    expect(note).to_have_text("Changed by you, in another tab: shown when you leave.")
    field = mine.locator("[name=name]")
    expect(field).to_have_value("Typed here")
    expect(field).to_be_focused()
    field.press("Enter")
    refused = second.locator(".map-field .map-line-error")
    expect(refused.first).to_contain_text("You changed this yourself at")
    expect(refused.last).to_contain_text("It is now: Saved there")
    expect(field).to_have_value("Typed here")
    assert journey.touchpoints.get(key="t-Arrives").name == "Saved there"
    assert_accessible(second)
    # Sent again, knowing what stands there.
    field.press("Enter")
    expect(second.locator(ENTRY).first).to_contain_text("Typed here")
    expect(first.locator(ENTRY).first).to_contain_text("Typed here")


def test_a_stage_deleted_in_one_tab_says_so_in_the_other(
    tabs: tuple[Page, Page], journey: Journey
) -> None:
    first, second = tabs
    last = second.locator(ENTRY).last
    rename(last, "Typed here", send=False)
    first.locator(".map-head").last.focus()
    first.keyboard.press("Delete")
    note = second.locator(".map-elsewhere")
    expect(note).to_contain_text("Deleted by you, in another tab")
    last.locator("[name=name]").press("Enter")
    expect(second.locator("#map-problem")).to_contain_text("You deleted “Stays” yourself at")
    expect(last.locator("[name=name]")).to_have_value("Typed here")


def test_a_tab_that_the_other_has_opened_has_a_name_of_its_own(tabs: tuple[Page, Page]) -> None:
    """Its storage is a copy of the storage of the tab that opened it."""
    first, second = tabs
    second.close()
    with first.expect_popup() as opening:
        first.evaluate("window.open(location.href)")
    third = opening.value
    expect(third.locator("#presence")).to_contain_text("you, in another tab")
    rename(third.locator(ENTRY).first, "From the copy")
    expect(first.locator(ENTRY).first).to_contain_text("From the copy")


def test_a_copy_of_a_tab_that_has_left_the_map_has_a_name_of_its_own(
    tabs: tuple[Page, Page],
) -> None:
    first, second = tabs
    second.close()
    first.goto("/programmes/")
    with first.expect_popup() as opening:
        first.evaluate("window.open(location.href)")
    third = opening.value
    third.goto(MAP)
    first.goto(MAP)
    expect(third.locator("#presence")).to_contain_text("you, in another tab")
    rename(third.locator(ENTRY).first, "From the copy")
    expect(first.locator(ENTRY).first).to_contain_text("From the copy")
