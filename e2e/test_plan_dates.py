"""Dates of actions changed on the calendar and the timeline: by mouse, by finger, by keys, by menu."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from e2e.conftest import PHONE, TABLET, NewPage, assert_accessible
from e2e.finger import HELD_MS, Finger
from journeys.models import Programme
from journeys.tests.factories import make_journey, make_member, make_programme, make_user

pytestmark = pytest.mark.browser
PLAN = "/programmes/casa-nord/actions/"
CALENDAR = PLAN + "calendar/?month=2031-05"
DESK = (1440, 900)
START, DUE = date(2031, 4, 1), date(2031, 5, 13)
Spot = tuple[float, float]
# Two numbers, where the bar stands on the screen.
STANDS = """() => {
  const { x, width } = document.querySelector('[data-bar]').getBoundingClientRect();
  return [x, width];
}"""


@pytest.fixture
def plan(transactional_db: None) -> Programme:
    programme = make_programme("casa-nord", name="Casa Nord")
    make_journey(programme, "family-store", stages=3)
    return programme


@pytest.fixture
def fanny(plan: Programme) -> User:
    return make_member(plan, "facilitator", make_user("Fanny"))


@pytest.fixture
def signs(plan: Programme, fanny: User) -> Action:
    stage = plan.journeys.get().stages.get(key="S1")
    return make_action(stage, fanny, title="Redo the signs", start_on=START, due_on=DUE)


@pytest.fixture
def soon(signs: Action) -> Action:
    """Near enough to today to be wide on a timeline."""
    today = timezone.localdate()
    signs.start_on, signs.due_on = today + timedelta(days=10), today + timedelta(days=50)
    signs.save()
    return signs


def dates() -> tuple[date | None, date]:
    action = Action.objects.get()
    return action.start_on, action.due_on


def day(page: Page, on: str) -> Locator:
    return page.locator(f'[data-day="{on}"]')


def spot(where: Locator, *, right: float = 0.5) -> Spot:
    where.evaluate("each => each.scrollIntoView({block: 'center'})")
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * right, box["y"] + box["height"] / 2


def drag(page: Page, start: Spot, end: Spot) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 3, steps=4)
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def told(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text("“Redo the signs” is now due on")


def test_on_the_calendar_by_mouse_keys_and_menu(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(CALENDAR)
    line = page.get_by_role("link", name="Redo the signs")
    end = spot(day(page, "2031-05-22"))
    drag(page, spot(line, right=0.3), end)
    told(page)
    expect(day(page, "2031-05-22")).to_contain_text("Redo the signs")
    assert dates() == (START, date(2031, 5, 22)) and page.url.endswith(CALENDAR)

    line.focus()
    page.keyboard.press("ArrowLeft")
    expect(day(page, "2031-05-21")).to_contain_text("Redo the signs")
    expect(line).to_be_focused()
    assert dates() == (START, date(2031, 5, 21))

    page.get_by_label("Move “Redo the signs”").click()
    assert_accessible(page)
    page.get_by_label("Due date").fill("2031-05-30")
    page.get_by_role("button", name="Move to these dates").click()
    expect(day(page, "2031-05-30")).to_contain_text("Redo the signs")
    assert dates() == (START, date(2031, 5, 30))


def test_on_the_calendar_by_finger(new_page: NewPage, fanny: User, signs: Action) -> None:
    page = new_page(fanny, viewport=TABLET, has_touch=True)
    page.goto(CALENDAR)
    start = spot(page.get_by_role("link", name="Redo the signs"), right=0.3)
    box = day(page, "2031-05-15").bounding_box()
    assert box is not None
    end = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    Finger(page).draw(start, end, held=HELD_MS)
    told(page)
    assert dates() == (START, date(2031, 5, 15))


def test_on_a_phone_empty_days_come_while_a_finger_holds(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    page = new_page(fanny, viewport=PHONE, has_touch=True)
    page.goto(CALENDAR)
    expect(day(page, "2031-05-14")).to_be_hidden()
    start = spot(page.get_by_role("link", name="Redo the signs"), right=0.3)
    Finger(page).draw(start, (start[0], start[1] + 110), held=HELD_MS)
    told(page)
    due = dates()[1]
    assert date(2031, 5, 13) < due <= date(2031, 5, 17)


def test_what_can_not_be_goes_back_or_is_asked(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    signs.start_on = date(2031, 5, 12)
    signs.save()
    page = new_page(fanny, viewport=DESK, expected_errors=("status of 422", "ERR_FAILED", "htmx:"))
    page.goto(CALENDAR)
    line = page.get_by_role("link", name="Redo the signs")
    page.route("**/dates/", lambda route: route.abort())
    drag(page, spot(line, right=0.3), spot(day(page, "2031-05-08")))
    expect(page.locator("[data-request-failed]")).to_be_visible()
    expect(day(page, "2031-05-13")).to_contain_text("Redo the signs")

    page.unroute("**/dates/")
    drag(page, spot(line, right=0.3), spot(day(page, "2031-05-08")))
    expect(page.get_by_text("It can't start after it is due.")).to_be_visible()
    expect(page.get_by_label("Due date")).to_have_value("2031-05-08")
    assert dates() == (date(2031, 5, 12), DUE)
    page.get_by_label("Start date").fill("2031-05-06")
    page.get_by_role("button", name="Save").click()
    expect(day(page, "2031-05-08")).to_contain_text("Redo the signs")


def test_the_ends_of_a_bar_are_dragged_by_mouse(
    new_page: NewPage, fanny: User, soon: Action
) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(PLAN + "timeline/")
    start, due = dates()
    assert start is not None
    end = spot(page.locator("[data-end=due]"))
    drag(page, end, (end[0] + 60, end[1] + 200))
    told(page)
    assert dates()[0] == start and dates()[1] > due

    due = dates()[1]
    begin = spot(page.locator("[data-end=start]"))
    drag(page, begin, (begin[0] + 40, begin[1] + 200))
    expect(page.locator(f'[data-line][data-start="{start}"]')).to_have_count(0)
    later = dates()[0]
    assert later is not None and later > start and dates()[1] == due

    # An end that is dragged beyond the other stops there; Escape lets all be.
    begin = spot(page.locator("[data-end=start]"))
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(begin[0] + 700, begin[1], steps=5)
    says = page.locator(".timeline-says").inner_text().split(" → ")
    assert says[0] == says[1]
    page.keyboard.press("Escape")
    page.mouse.up()
    assert dates() == (later, due)


def test_the_ends_of_a_bar_are_dragged_by_finger(
    new_page: NewPage, fanny: User, soon: Action
) -> None:
    page = new_page(fanny, viewport=TABLET, has_touch=True)
    page.goto(PLAN + "timeline/")
    start, due = dates()
    end = spot(page.locator("[data-end=due]"))
    Finger(page).draw(end, (end[0] + 40, end[1]), held=0)
    told(page)
    assert dates()[0] == start and dates()[1] > due


def test_the_timeline_by_keys_and_by_its_menu(new_page: NewPage, fanny: User, soon: Action) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(PLAN + "timeline/")
    start, due = dates()
    page.locator("[data-bar]").focus()
    page.keyboard.press("Shift+ArrowRight")
    told(page)
    assert dates() == (start, due + timedelta(days=1))
    page.get_by_label("Move “Redo the signs”").click()
    page.get_by_label("Start date").fill(str(due))
    assert_accessible(page)
    page.get_by_role("button", name="Move to these dates").click()
    expect(page.locator(f'[data-line][data-start="{due}"]')).to_have_count(1)
    assert dates() == (due, due + timedelta(days=1))


def test_a_bar_that_the_network_did_not_move_goes_back(
    new_page: NewPage, fanny: User, soon: Action
) -> None:
    page = new_page(fanny, viewport=DESK, expected_errors=("ERR_FAILED", "htmx:"))
    page.goto(PLAN + "timeline/")
    page.route("**/dates/", lambda route: route.abort())
    before, seen = page.evaluate(STANDS), dates()
    for what in ("[data-end=due]", "[data-bar]"):
        begin = spot(page.locator(what))
        drag(page, begin, (begin[0] + 60, begin[1]))
        expect(page.locator("[data-request-failed]")).to_be_visible()
        until = time.monotonic() + 20  # the word may stand there from the first time
        while page.evaluate(STANDS) != before and time.monotonic() < until:
            page.wait_for_timeout(50)
        assert page.evaluate(STANDS) == before, what
    assert dates() == seen
