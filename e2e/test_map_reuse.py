"""One's own map met again: copied for another segment, and stages taken from the other journeys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from e2e.map_stories import MAP, measured_map
from journeys.models import Journey, Programme, Segment
from journeys.tests.factories import make_journey, make_segment, make_stage, make_touchpoint
from scoring.models import Framework

pytestmark = pytest.mark.browser


@pytest.fixture
def told(transactional_db: None, journey: Journey, framework: Framework, lead: User) -> Journey:
    return measured_map(journey, framework, lead)


@pytest.fixture
def pros(programme: Programme) -> Segment:
    return make_segment(programme, "pro", name="Professionals")


def copy(page: Page, name: str, *, with_framework: bool) -> None:
    page.goto(MAP)
    page.get_by_text("Reuse", exact=True).click()
    page.get_by_role("link", name="Copy for another segment").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("For the segment").select_option(label="Professionals")
    page.get_by_label("Copy its framework as well, as a draft").set_checked(with_framework)
    assert_accessible(page)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator(".message-success")).to_contain_text("The journey is copied.")


def test_a_journey_is_copied_with_and_without_its_framework(
    told: Journey, pros: Segment, consultant: User, new_page: NewPage
) -> None:
    page = new_page(consultant)
    copy(page, "Pros bare", with_framework=False)
    heads = page.locator(".map-head .map-stage-name")
    expect(heads).to_have_text(["Stage S1", "Stage S2", "Stage S3"])
    expect(page.locator(".map")).to_contain_text("a need not to be told")
    # What was measured is of the segment that was observed.
    expect(page.locator(".map-lane-gap")).not_to_contain_text("n = 6")
    copy(page, "Pros whole", with_framework=True)
    expect(heads).to_have_count(3)
    bare, whole = (Journey.objects.get(name=f"Pros {each}") for each in ("bare", "whole"))
    assert {each.segment for each in (bare, whole)} == {pros}
    assert not bare.frameworks.exists()
    (draft,) = whole.frameworks.all()
    (source,) = told.frameworks.all()
    assert (draft.status, source.status) == ("draft", "published")
    assert draft.interactions.count() == source.interactions.count() > 0
    # Its stages are rows of its own: what is changed there stays there.
    heads.first.locator("xpath=ancestor::*[contains(@class, 'map-head')]").focus()
    page.keyboard.press("3")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert whole.stages.get(key="S1").criticality == 3
    assert told.stages.get(key="S1").criticality == bare.stages.get(key="S1").criticality == 1


def test_stages_of_the_library_come_whole_and_go_by_undo(
    told: Journey, pros: Segment, consultant: User, new_page: NewPage
) -> None:
    other = make_journey(told.programme, "pros", segment=pros, name="Pros")
    park = make_stage(other, "park", name="Parks the van", phase="before")
    make_touchpoint(park, "gate", name="Gate")
    park.needs.create(text="room for a van", level="implicit")
    make_stage(other, "S1", name="The same")
    page = new_page(consultant)
    page.goto(MAP)
    page.get_by_text("Reuse", exact=True).click()
    page.get_by_role("link", name="Stages from other journeys").click()
    expect(page.locator(".library-here")).to_contain_text("on this map already")
    expect(page.locator(".library-here input")).to_have_count(0)
    page.get_by_label("Parks the van").check()
    assert_accessible(page)
    page.get_by_role("button", name="Add the selected stages").click()
    expect(page.locator(".message-success")).to_contain_text("1 stage is added")
    heads = page.locator(".map-head .map-stage-name")
    expect(heads).to_have_text(["Stage S1", "Parks the van", "Stage S2", "Stage S3"])
    expect(page.locator(".map")).to_contain_text("room for a van")
    expect(page.locator(".map")).to_contain_text("Gate")
    page.locator("[data-walk=undo]").click()
    expect(heads).to_have_text(["Stage S1", "Stage S2", "Stage S3"])
    assert not told.stages.filter(key="park").exists() and park.touchpoints.count() == 1
