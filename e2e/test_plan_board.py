"""The board and the timeline of the plan: by drag, by menu and by keys, and without any script."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from e2e.conftest import PHONE, NewPage, assert_accessible
from journeys.models import Programme
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_member,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.browser
PLAN = "/programmes/casa-nord/actions/"
DESK = (1440, 900)


@pytest.fixture
def plan(transactional_db: None) -> Programme:
    programme = make_programme("casa-nord", name="Casa Nord")
    make_channel(programme, "store")
    make_journey(programme, "family-store", stages=3)
    return programme


@pytest.fixture
def fanny(plan: Programme) -> User:
    return make_member(plan, "facilitator", make_user("Fanny"))


@pytest.fixture
def signs(plan: Programme, fanny: User) -> Action:
    today = timezone.localdate()
    return make_action(
        plan.journeys.get().stages.get(key="S1"),
        fanny,
        title="Redo the signs",
        start_on=today + timedelta(days=10),
        due_on=today + timedelta(days=40),
    )


def card(page: Page) -> Locator:
    return page.locator(".board-card", has_text="Redo the signs")


def column(page: Page, status: str) -> Locator:
    return page.locator(f'[data-column="{status}"]')


def drag(page: Page, what: Locator, to: tuple[float, float]) -> None:
    box = what.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(to[0] - 30, to[1] + 4, steps=6)
    page.mouse.move(*to, steps=6)
    page.mouse.up()


def middle(where: Locator) -> tuple[float, float]:
    box = where.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 20


def test_a_card_is_dragged_sent_by_keys_and_by_its_menu(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(PLAN + "board/?origin=plan")
    drag(page, card(page), middle(column(page, "doing")))
    expect(column(page, "doing").locator(".board-card")).to_have_count(1)
    expect(page.get_by_role("status")).to_contain_text("is now: In progress")
    assert Action.objects.get().status == "doing"

    expect(card(page)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(column(page, "todo").locator(".board-card")).to_have_count(1)
    expect(card(page)).to_be_focused()
    assert Action.objects.get().status == "todo"

    card(page).get_by_text("Move", exact=True).click()
    assert_accessible(page)
    card(page).get_by_role("button", name="Done").click()
    expect(column(page, "done").locator(".board-card")).to_have_count(1)
    assert page.url.endswith("board/?origin=plan")
    assert Action.objects.get().status == "done"


def test_a_block_by_drag_asks_for_its_reason(new_page: NewPage, fanny: User, signs: Action) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(PLAN + "board/?origin=plan")
    drag(page, card(page), middle(column(page, "blocked")))
    page.get_by_label("Note").fill("No money")
    page.get_by_role("button", name="Save").click()
    expect(column(page, "blocked")).to_contain_text("No money")
    assert page.url.endswith("board/?origin=plan")


def test_who_comes_second_is_told_and_may_insist(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    page = new_page(fanny, viewport=DESK, expected_errors=("status of 409",))
    page.goto(PLAN + "board/")
    Action.objects.filter(pk=signs.pk).update(status="done", version=1)
    drag(page, card(page), middle(column(page, "doing")))
    expect(page.get_by_text("changed meanwhile")).to_be_visible()
    assert Action.objects.get().status == "done"
    page.get_by_role("button", name="Save mine all the same").click()
    expect(column(page, "doing").locator(".board-card")).to_have_count(1)


def test_without_a_script_the_menu_does_it(new_page: NewPage, fanny: User, signs: Action) -> None:
    page = new_page(fanny, viewport=DESK, java_script_enabled=False)
    page.goto(PLAN + "board/")
    card(page).get_by_text("Move", exact=True).click()
    card(page).get_by_role("button", name="In progress").click()
    expect(column(page, "doing").locator(".board-card")).to_have_count(1)
    page.goto(PLAN + "timeline/")
    page.get_by_text("Move", exact=True).click()
    page.get_by_role("button", name="A week later").click()
    expect(page.get_by_role("status")).to_contain_text("is now due on")
    assert Action.objects.get().due_on == signs.due_on + timedelta(days=7)


def test_a_bar_moves_in_time_and_only_in_time(
    new_page: NewPage, fanny: User, signs: Action
) -> None:
    page = new_page(fanny, viewport=DESK)
    page.goto(PLAN + "timeline/")
    bar = page.locator("[data-bar]")
    box = bar.bounding_box()
    assert box is not None
    # Straight down, over the other stages: nothing happens.
    drag(page, bar, (box["x"] + box["width"] / 2, box["y"] + 300))
    page.wait_for_timeout(300)
    assert (Action.objects.get().due_on, Action.objects.get().version) == (signs.due_on, 0)

    bar.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("is now due on")
    moved = Action.objects.get()
    assert moved.due_on == signs.due_on + timedelta(days=7)
    assert moved.start_on is not None and signs.start_on is not None
    assert moved.start_on == signs.start_on + timedelta(days=7)
    expect(bar).to_be_focused()

    box = bar.bounding_box()
    assert box is not None
    with page.expect_response(lambda answer: answer.url.endswith("/dates/")):
        drag(page, bar, (box["x"] + box["width"] / 2 + 150, box["y"] + 8))
    expect(bar).to_have_count(1)
    dragged = Action.objects.get()
    assert dragged.due_on > moved.due_on and dragged.stage_id == signs.stage_id
    assert dragged.start_on is not None
    assert dragged.due_on - dragged.start_on == timedelta(days=30)
    assert_accessible(page)


def test_my_actions_on_a_phone(new_page: NewPage, plan: Programme) -> None:
    carla = make_member(plan, "contributor", make_user("Carla"))
    action = make_action(plan.journeys.get().stages.get(key="S2"), carla, title="Train two people")
    action.tasks.create(position=1, text="Find a trainer")
    page = new_page(carla, viewport=PHONE)
    page.goto("/my/actions/")
    assert_accessible(page)
    page.get_by_role("checkbox", name="Find a trainer").click()
    expect(page.get_by_role("checkbox", name="Find a trainer")).to_be_checked()
    page.get_by_role("button", name="Done", exact=True).click()
    expect(page.get_by_text("Nothing is waiting for you")).to_be_visible()
    assert Action.objects.get().status == "done"
    page.get_by_role("button", name="Make an address").click()
    address = page.locator("code").inner_text()
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
