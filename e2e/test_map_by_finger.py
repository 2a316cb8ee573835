"""The map on a touch screen: a held finger drags, within a stage and across; a swipe scrolls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from e2e.conftest import TABLET, NewPage
from e2e.finger import Finger
from journeys.models import Journey, Programme, Stage
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
    """Eight stages, more than the screen is wide; three touchpoints in the first."""
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    journey = make_journey(programme, "couple")
    for number in range(8):
        phase = ("before", "during", "after")[number // 3]
        stage = make_stage(journey, f"S{number}", name=f"Stage {number}", phase=phase)
        make_touchpoint(stage, f"t{number}", name=f"Point {number}")
    first = journey.stages.get(key="S0")
    for name in ("Lobby", "Lift"):
        make_touchpoint(first, name.lower(), name=name)
    return journey


@pytest.fixture
def page(journey: Journey, new_page: NewPage) -> Page:
    programme: Programme = journey.programme
    colin: User = make_member(programme, "consultant", make_user("Colin"))
    page = new_page(colin, viewport=TABLET, has_touch=True)
    page.goto(MAP)
    return page


def entry(page: Page, name: str) -> Locator:
    return page.locator(".entry[data-field=name]", has_text=name)


def head(page: Page, stage: Stage) -> Locator:
    return page.locator(f"#map-head-{stage.pk}")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text("Saved")


def names(stage: Stage) -> list[str]:
    return [*stage.touchpoints.values_list("name", flat=True)]


def test_a_touchpoint_is_dragged_within_its_stage(page: Page, journey: Journey) -> None:
    first = journey.stages.get(key="S0")
    Finger(page).drag(entry(page, "Point 0"), entry(page, "Lift"), part=0.9)
    cell = page.locator(f"#map-cell-touchpoints-{first.pk}")
    expect(cell.locator(".entry[data-field=name] .entry-text")).to_have_text(
        ["Lobby", "Lift", "Point 0"]
    )
    saved(page)
    assert names(first) == ["Lobby", "Lift", "Point 0"]


def test_a_touchpoint_is_dragged_into_another_stage(page: Page, journey: Journey) -> None:
    first, second = journey.stages.all()[:2]
    Finger(page).drag(entry(page, "Lobby"), entry(page, "Point 1"), part=0.1)
    expect(page.locator(f"#map-cell-touchpoints-{second.pk}")).to_contain_text("Lobby")
    saved(page)
    assert (names(first), set(names(second))) == (["Point 0", "Lift"], {"Lobby", "Point 1"})
    page.locator("[data-walk=undo]").tap()
    expect(page.locator(f"#map-cell-touchpoints-{first.pk}")).to_contain_text("Lobby")
    assert names(first) == ["Point 0", "Lobby", "Lift"]


def test_a_stage_is_dragged_within_its_phase_and_into_another(page: Page, journey: Journey) -> None:
    stages = list(journey.stages.all())
    finger = Finger(page)
    finger.drag(head(page, stages[0]), head(page, stages[1]), part=0.8)
    shown = page.locator(".map-head .map-stage-name")
    expect(shown.nth(0)).to_have_text("Stage 1")
    saved(page)
    order = [(each.name, each.phase) for each in journey.stages.all()[:3]]
    assert order == [("Stage 1", "before"), ("Stage 0", "before"), ("Stage 2", "before")]
    page.reload()
    expect(shown.nth(1)).to_have_text("Stage 0")
    finger.drag(head(page, stages[2]), head(page, stages[3]), part=0.8)
    expect(head(page, stages[2])).to_have_attribute("data-phase", "during")
    saved(page)
    assert journey.stages.get(key="S2").phase == "during"
    assert [each.name for each in journey.stages.filter(phase="during")][:2] in (
        ["Stage 2", "Stage 3"],
        ["Stage 3", "Stage 2"],
    )


def test_a_swipe_scrolls_the_page_and_the_map_and_moves_nothing(
    page: Page, journey: Journey
) -> None:
    finger = Finger(page)
    target = entry(page, "Lobby")
    target.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    finger.swipe(target, by=(0, -200))
    page.wait_for_function("before => scrollY > before + 50", arg=before)
    page.wait_for_timeout(800)  # it rolls on for a while
    entry(page, "Point 1").evaluate("each => each.scrollIntoView({block: 'center'})")
    finger.swipe(entry(page, "Point 1"), by=(-300, 0))
    page.wait_for_function("() => document.querySelector('.map-scroll').scrollLeft > 50")
    assert names(journey.stages.get(key="S0")) == ["Point 0", "Lobby", "Lift"]
    assert not journey.edits.exists()


def test_stages_and_touchpoints_are_built_by_finger(page: Page, journey: Journey) -> None:
    page.locator("#map-add-stages button").tap()
    box = page.locator("[data-lines-form] textarea")
    expect(box).to_be_focused()
    page.keyboard.type("Leaves\n")  # the keyboard on the screen
    expect(page.locator(".map-head", has_text="Leaves")).to_be_visible()
    page.locator("[data-lines-close]").tap()
    stage = journey.stages.get(name="Leaves")
    page.locator(f"#map-add-touchpoints-{stage.pk} button").tap()
    expect(box).to_be_focused()
    page.keyboard.type("Taxi\n")
    expect(page.locator(f"#map-cell-touchpoints-{stage.pk}")).to_contain_text("Taxi")
    page.locator("[data-lines-close]").tap()
    expect(page.locator("[data-lines-form]")).to_have_count(0)
    saved(page)
    assert names(stage) == ["Taxi"]
