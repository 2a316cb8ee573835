"""A map whose orders are refused, or answered late: the keyboard stays where it was, no order is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import NewPage
from journeys.models import Journey
from journeys.tests.factories import make_member, make_user
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db")]
MAP = "/programmes/casa-nord/journeys/family-store/"
PROBLEM = "#map-problem"
SETTLED = "() => !document.querySelector('.htmx-settling')"


@pytest.fixture
def page(journey: Journey, framework: Framework, new_page: NewPage) -> Page:
    """Observed, so that no stage can go."""
    submit(journey.programme)
    colin = make_member(journey.programme, "consultant", make_user("Colin"))
    return new_page(colin, expected_errors=("status of 409",))


@pytest.mark.parametrize("view", ["map", "table"])
def test_a_stage_that_may_not_be_deleted_keeps_the_focus(
    journey: Journey, page: Page, view: str
) -> None:
    page.goto(f"{MAP}?view={view}")
    stage = journey.stages.all()[1]
    head = page.locator(f"[data-item][data-part=stages][data-row='{stage.pk}']").first
    head.focus()
    page.keyboard.press("Delete")
    expect(page.locator(PROBLEM)).to_contain_text(stage.name)
    page.wait_for_function(SETTLED)
    expect(head).to_be_focused()
    # And the next key is for that stage.
    page.keyboard.press("1")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")
    stage.refresh_from_db()
    assert stage.criticality == 1


def test_refused_all_at_once_it_stays_on_the_button(journey: Journey, page: Page) -> None:
    page.goto(MAP)
    heads = page.locator(".map-head[data-item]")
    for number in (0, 1):
        heads.nth(number).focus()
        page.keyboard.press("Space")
    button = page.locator("[data-bulk-delete]")
    button.focus()
    page.keyboard.press("Enter")
    for stage in journey.stages.all()[:2]:
        expect(page.locator(PROBLEM)).to_contain_text(stage.name)
    page.wait_for_function(SETTLED)
    expect(button).to_be_focused()


def test_a_map_that_must_be_drawn_anew_waits_for_the_orders(journey: Journey, page: Page) -> None:
    """One is on its way, two more wait for its answer."""
    held: list[Route] = []
    page.goto(MAP)
    page.route("**/mark/stages/", lambda route: route.continue_() if held else held.append(route))
    stages = list(journey.stages.all())
    page.evaluate("window.isTheSamePage = true")
    for stage in stages:
        page.locator(f".map-head[data-row='{stage.pk}']").focus()
        page.keyboard.press("3")
    page.evaluate("htmx.trigger(document.body, 'map-outdated')")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saving")
    for _attempt in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_function("() => window.isTheSamePage === undefined")
    assert [stage.criticality for stage in journey.stages.all()] == [3] * len(stages)
