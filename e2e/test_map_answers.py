"""What answers bring into the page: no id stands twice in it, and nothing older over what is newer."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from accounts.models import User
from e2e.conftest import NewPage
from journeys import presence
from journeys.map_building import add_needs
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
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
# Who types on at once would type into the form before: the focus follows when the answer has settled.
IN_A_NEW_FORM = """() => {
  const form = document.activeElement?.closest('[data-map] form');
  if (!form || 'opened' in form.dataset || document.querySelector('.htmx-settling')) return false;
  form.dataset.opened = '';
  return true;
}"""


@pytest.fixture
def journey(transactional_db: None) -> Journey:
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    journey = make_journey(programme, "couple")
    for name in ("Arrives", "Stays"):
        make_touchpoint(make_stage(journey, name, name=name), f"t-{name}", name=f"{name} desk")
    return journey


@pytest.fixture
def colin(journey: Journey) -> User:
    return make_member(journey.programme, "consultant", make_user("Colin"))


@pytest.fixture
def lea(journey: Journey) -> User:
    return make_member(journey.programme, "lead", make_user("Lea"))


def open_all(page: Page, *selectors: str) -> None:
    for number, selector in enumerate(selectors, 1):
        page.locator(selector).first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-map] form")).to_have_count(number)
        page.wait_for_function(IN_A_NEW_FORM)


@pytest.mark.parametrize("view", ["map", "table"])
def test_no_id_stands_twice_with_forms_open_in_several_cells(
    journey: Journey, colin: User, new_page: NewPage, view: str
) -> None:
    touchpoint = journey.touchpoints.get(key="t-Arrives")
    page = new_page(colin)
    page.goto(f"{MAP}?view={view}")
    of_row = f"[data-part=touchpoints][data-row='{touchpoint.pk}']"
    add = "[id^=map-add-{}] .map-add-button" if view == "map" else "[id^=map-add-{}] button"
    open_all(
        page,
        f"{of_row}[data-field=name]",
        f"{of_row}[data-field=customer_action]",
        "[data-part=touchpoints][data-field=name]:not(:has(form))",
        "[data-part=stages][data-field=name]",
        add.format("needs"),
        add.format("touchpoints"),
    )
    assert page.evaluate(TWICE) == []
    # And each label belongs to a field of its own form.
    assert page.evaluate(
        "() => [...document.querySelectorAll('[data-map] form label')]"
        ".every((each) => each.control && each.control.form === each.closest('form'))"
    )


def test_news_asked_for_before_an_order_does_not_undo_it_on_the_page(
    journey: Journey,
    colin: User,
    lea: User,
    new_page: NewPage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(presence, "PULSE_SECONDS", 0.4)
    first = journey.stages.get(key="Arrives")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        answer = route.fetch()
        if held or answer.status != 200:
            route.fulfill(response=answer)
        else:
            held.append((route, answer))

    page = new_page(colin)
    page.goto(MAP)
    page.route("**/pulse/*", hold)
    add_needs(stage=first, texts=["be greeted"], level="explicit", actor=lea)
    for _attempt in range(100):
        page.wait_for_timeout(100)
        if held:
            break
    (route, answer) = held[0]
    assert "be greeted" in answer.text()
    # Meanwhile an order, answered before the news arrives.
    name = page.locator(".entry[data-field=name]", has_text="Arrives desk")
    name.focus()
    page.keyboard.press("Enter")
    page.locator(".map-field [name=name]").fill("Great desk")
    page.keyboard.press("Enter")
    great = page.locator(".entry[data-field=name]", has_text="Great desk")
    expect(great).to_be_visible()
    route.fulfill(response=answer)
    expect(page.locator(f"#map-cell-needs-{first.pk}")).to_contain_text("be greeted")
    page.wait_for_timeout(300)
    expect(great).to_be_visible()
