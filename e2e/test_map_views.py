"""Four views of one map: the table by keyboard alone, all as axe sees them, lanes that stay chosen."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from e2e.conftest import PHONE, NewPage, assert_accessible
from journeys.models import Choice, Journey, Need, Programme, Stage, Touchpoint
from journeys.tests.factories import make_channel
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = pytest.mark.browser

MAP = "/programmes/casa-nord/journeys/family-store/"
VIEWS = ("map", "table", "curve", "matrix")


@pytest.fixture
def told(programme: Programme, framework: Framework, journey: Journey) -> Journey:
    """A moment of truth, a stage outside the perimeter; a need and a choice in the first."""
    first, second, third = journey.stages.all()
    journey.stages.filter(pk=second.pk).update(criticality=3)
    journey.stages.filter(pk=third.pk).update(phase="after", in_perimeter=False)
    Need.objects.create(stage=first, text="be quick")
    Choice.objects.create(stage=first, question="Which one?").criteria.create(text="price")
    make_channel(programme, "app", name="Our app", family="mobile_app")
    return journey


@pytest.fixture
def full(told: Journey, programme: Programme) -> Journey:
    """The same with scores."""
    for _number in range(6):
        submit(programme)
    fold_pending()
    return told


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def cell(page: Page, row: Touchpoint | Need | Choice | Stage, field: str) -> Locator:
    part = {Touchpoint: "touchpoints", Need: "needs", Choice: "choices", Stage: "stages"}[type(row)]
    return page.locator(f"#sheet-{part}-{row.pk}-{field}")


def into_the_sheet(page: Page) -> None:
    page.goto(MAP + "?view=table")
    for _step in range(60):
        if page.evaluate("document.activeElement?.closest('[data-sheet] tbody') !== null"):
            return
        press(page, "Tab")
    raise AssertionError("Tab does not reach the table")


def choose(page: Page, field: str, value: str, key: str = "Enter") -> None:
    expect(page.locator(":focus")).to_have_attribute("name", field)
    page.keyboard.type(value)
    press(page, key)


def test_every_fact_is_edited_in_the_table_by_keyboard_alone(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    stage = told.stages.get(key="S1")
    (touchpoint,) = stage.touchpoints.all()
    page = new_page(consultant)
    into_the_sheet(page)
    expect(cell(page, stage, "name")).to_be_focused()
    press(page, "ArrowRight", "ArrowRight")
    expect(cell(page, touchpoint, "name")).to_be_focused()
    press(page, "F2")
    expect(page.locator(":focus")).to_have_attribute("name", "name")
    press(page, "Control+a")
    page.keyboard.type("Front door")
    press(page, "Tab")  # saves, and goes on to the right
    expect(cell(page, touchpoint, "channel")).to_be_focused()
    press(page, "Enter")
    choose(page, "channel", "Our", "Tab")
    expect(cell(page, touchpoint, "initiative")).to_be_focused()
    press(page, "Enter")
    choose(page, "initiative", "Push", "Tab")
    expect(cell(page, touchpoint, "nature")).to_be_focused()
    press(page, "Enter")
    choose(page, "nature", "Trans", "Tab")
    expect(cell(page, touchpoint, "customer_action")).to_be_focused()
    press(page, "Enter")
    choose(page, "customer_action", "Walks in", "Tab")
    expect(cell(page, touchpoint, "criticality")).to_be_focused()
    press(page, "3")
    expect(cell(page, touchpoint, "criticality")).to_contain_text("Moment of truth")
    expect(cell(page, touchpoint, "criticality")).to_be_focused()
    touchpoint.refresh_from_db()
    facts = (touchpoint.channel.key, touchpoint.initiative, touchpoint.nature)
    assert (touchpoint.name, *facts) == ("Front door", "app", "push", "transactional")
    assert (touchpoint.customer_action, touchpoint.criticality) == ("Walks in", 3)
    fill_needs_and_choices(page, stage)
    press(page, "Control+z")
    expect(cell(page, stage.choices.get(), "criteria")).to_have_text("price")


def fill_needs_and_choices(page: Page, stage: Stage) -> None:
    need, choice = stage.needs.get(), stage.choices.get()
    press(page, "ArrowDown")
    expect(cell(page, need, "level")).to_be_focused()
    press(page, "Enter")
    choose(page, "level", "Impl")
    expect(cell(page, need, "level")).to_be_focused()
    press(page, "ArrowDown", "F2")
    expect(page.locator(":focus")).to_have_attribute("name", "criteria")
    press(page, "Control+End", "Shift+Enter")
    page.keyboard.type("distance")
    press(page, "Enter")
    expect(cell(page, choice, "criteria")).to_be_focused()
    expect(cell(page, choice, "criteria")).to_have_text("price, distance")
    need.refresh_from_db()
    assert need.level == "implicit"
    assert [each.text for each in choice.criteria.all()] == ["price", "distance"]


def test_rows_are_added_deleted_and_left_as_they_were(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    stage = told.stages.get(key="S2")
    (touchpoint,) = stage.touchpoints.all()
    page = new_page(consultant)
    into_the_sheet(page)
    cell(page, touchpoint, "name").focus()
    press(page, "Enter")
    expect(page.locator(":focus")).to_have_attribute("name", "name")
    page.keyboard.type("never mind")
    press(page, "Escape")
    expect(cell(page, touchpoint, "name")).to_be_focused()
    expect(cell(page, touchpoint, "name")).to_have_text(touchpoint.name)
    press(page, "n")
    expect(page.locator(":focus")).to_have_attribute("data-lines", "")
    page.keyboard.type("Back door")
    press(page, "Enter")
    expect(page.locator("[data-sheet]")).to_contain_text("Back door")
    press(page, "Escape", "ArrowUp")
    new = stage.touchpoints.get(name="Back door")
    cell(page, new, "channel").focus()
    press(page, "Delete")
    expect(cell(page, new, "channel")).to_have_count(0)
    expect(page.locator("[data-sheet] :focus")).to_have_count(1)
    press(page, "Control+z")
    expect(cell(page, new, "channel")).to_have_count(1)


def test_a_stage_changes_phase_and_place_in_the_table(
    told: Journey, consultant: User, new_page: NewPage
) -> None:
    first, second, _third = told.stages.all()
    page = new_page(consultant)
    into_the_sheet(page)
    cell(page, second, "phase").focus()
    press(page, "Enter")
    choose(page, "phase", "Bef")
    expect(cell(page, second, "phase")).to_have_text("Before")
    rows = page.locator("[data-sheet] tbody[id^=sheet-stage]")
    expect(rows.first).to_have_id(f"sheet-stage-{second.pk}")
    expect(page.locator("#map-beside tbody th[scope=row]").first).to_contain_text(second.name)
    cell(page, first, "name").focus()
    press(page, "n")
    expect(page.locator(":focus")).to_have_attribute("data-lines", "")
    page.keyboard.type("Dreams")
    press(page, "Enter")
    expect(rows).to_have_count(4)
    new = told.stages.get(name="Dreams")
    assert new.phase == "before"
    expect(page.locator("[data-sheet] tbody").nth(2)).to_have_id(f"sheet-stage-{new.pk}")
    expect(page.locator("[data-sheet] tbody").nth(3)).to_have_id(f"sheet-add-{new.pk}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_four_views(
    full: Journey, consultant: User, new_page: NewPage, scheme: Literal["light", "dark"]
) -> None:
    page = new_page(consultant, color_scheme=scheme)
    for view in VIEWS:
        page.goto(f"{MAP}?view={view}")
        page.locator("#missing summary").click()
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
    page.goto(MAP)
    page.locator(".lane-choice summary").click()
    assert_accessible(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    for view in VIEWS:
        page.goto(f"{MAP}?view={view}")
        page.wait_for_load_state("networkidle")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_lanes_and_selection_survive_switching(
    full: Journey, consultant: User, new_page: NewPage
) -> None:
    page = new_page(consultant)
    page.goto(MAP)
    page.locator(".lane-choice summary").click()
    for lane in ("customer-actions", "gap"):
        page.locator(f".lane-choice input[value={lane}]").uncheck()
    page.get_by_role("button", name="Show these").click()
    page.locator(".lane-choice summary").click()
    page.get_by_role("link", name="Needs, one place up").click()
    lanes = page.locator(".map-lane")
    assert lanes.evaluate_all("all => all.map((one) => one.id.replace('map-lane-', ''))")[:2] == [
        "needs",
        "touchpoints",
    ]
    stage = full.stages.get(key="S2")
    page.locator(f"#map-head-{stage.pk}").focus()
    press(page, " ")
    for view in ("Matrix", "Curve", "Table"):
        page.get_by_role("link", name=view, exact=True).click()
        expect(page).to_have_url(re.compile(f"view={view.lower()}"))
        expect(page.locator(f"[data-chosen][data-row='{stage.pk}']").first).to_be_attached()
    # The table has a choice of its own.
    kinds = page.locator("[data-sheet] .sheet-kind")
    expect(kinds).to_have_text(["Touchpoint", "Need", "Choice", "Touchpoint", "Touchpoint"])
    page.locator(".lane-choice summary").click()
    page.locator(".lane-choice input[value=touchpoints]").uncheck()
    page.locator(".lane-choice input[value=customer-actions]").uncheck()
    page.get_by_role("button", name="Show these").click()
    expect(kinds.first).to_have_text("Need")
    expect(kinds).not_to_contain_text(["Touchpoint"])
    page.goto(MAP)  # without a word in the URL it is as this person left it
    assert (
        lanes.evaluate_all("all => all.map((one) => one.id.replace('map-lane-', ''))")[0] == "needs"
    )
    expect(page.locator(".map-lane-gap")).to_have_count(0)
    # What is typed on a map with hidden lanes finds its place.
    page.locator(f"#map-add-needs-{stage.pk} button").click()
    expect(page.locator(":focus")).to_have_attribute("data-lines", "")
    page.keyboard.type("a place to sit")
    press(page, "Enter")
    expect(page.locator(f"#map-cell-needs-{stage.pk}")).to_contain_text("a place to sit")
