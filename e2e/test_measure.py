"""Fixing a measure in the browser, live; and what axe says of an action before and after its verdict."""

from __future__ import annotations

import pytest

from accounts.models import User
from actionplans.measure_models import Measure
from actionplans.models import Action
from actionplans.tests.factories import make_action
from actionplans.tests.measures import make_measure, make_result
from e2e.conftest import NewPage, assert_accessible
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = pytest.mark.browser
SIZES = [(1440, 900), (1024, 768), (768, 1024), (390, 844)]


@pytest.fixture
def action(programme: Programme, framework: Framework, journey: Journey, lead: User) -> Action:
    for _number in range(6):
        submit(programme)
    fold_pending()
    return make_action(journey.stages.get(key="S2"), lead, title="Open a till")


def url(action: Action, page: str = "") -> str:
    return f"/programmes/casa-nord/actions/{action.pk}/{page}"


def test_what_a_wave_could_show_is_said_while_one_types(
    new_page: NewPage, action: Action, lead: User
) -> None:
    page = new_page(lead)
    page.goto(url(action, "measure/new/"))
    assert_accessible(page)
    page.get_by_label("Observations of the stage in each wave").fill("40")
    page.get_by_label("Change to be seen, in points").fill("20")
    page.get_by_label("Change to be seen, in points").blur()
    page.get_by_text("With 40 observations in each wave").wait_for()
    page.get_by_text("To see 20 points in 8 cases of 10").wait_for()
    page.get_by_role("group", name="Stages").get_by_label("Stage S2").uncheck()
    page.get_by_text("Choose a stage that is observed").wait_for()
    assert not Measure.objects.exists()


def test_axe_finds_nothing_on_a_measured_action(
    new_page: NewPage, action: Action, lead: User
) -> None:
    page = new_page(lead)
    page.goto(url(action))
    assert_accessible(page)
    first = make_measure(action)
    make_result(make_measure(action, replaces=first, why="wrong stores"))
    page.goto(url(action))
    page.get_by_text("Real improvement").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    assert_accessible(page)
    for address in (url(action), url(action, "measure/new/"), url(action, "pattern/new/")):
        page.goto(address)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_nothing_typed_is_lost_when_a_pattern_fills_in(
    new_page: NewPage, action: Action, lead: User
) -> None:
    page = new_page(lead)
    page.goto("/programmes/casa-nord/plan/journeys/family-store/stages/S2/action/new/")
    page.locator("#id_title").fill("Ours")
    page.get_by_label("Start from the library").select_option("call-button")
    page.get_by_role("button", name="Fill in").click()
    page.get_by_text("First steps:").wait_for()
    assert page.locator("#id_title").input_value() == "Ours"
    assert page.locator("#id_dimension").input_value() == "tool"
