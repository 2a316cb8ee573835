"""Two people on one map: each sees the other, what the other changes, and what the other says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from e2e.conftest import NewPage, assert_accessible
from journeys import presence
from journeys.models import Comment, Journey, Programme, Stage
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


@pytest.fixture(autouse=True)
def _quick_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's data-interval comes from here."""
    monkeypatch.setattr(presence, "PULSE_SECONDS", 0.4)


@pytest.fixture
def hotel(transactional_db: None) -> Programme:
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    return programme


@pytest.fixture
def journey(hotel: Programme) -> Journey:
    journey = make_journey(hotel, "couple")
    for name in ("Arrives", "Stays"):
        make_touchpoint(
            make_stage(journey, name.lower(), name=name), f"t-{name}", name=f"{name} desk"
        )
    return journey


@pytest.fixture
def colin(hotel: Programme) -> User:
    return make_member(hotel, "consultant", make_user("Colin"))


@pytest.fixture
def lea(hotel: Programme) -> User:
    return make_member(hotel, "lead", make_user("Lea"))


@pytest.fixture
def eve(hotel: Programme) -> User:
    return make_member(hotel, "executive", make_user("Eve Executive"))


def cell(page: Page, part: str, stage: Stage) -> str:
    return f"#map-cell-{part}-{stage.pk}"


def add(page: Page, part: str, stage: Stage, line: str) -> None:
    page.locator(f"#map-add-{part}-{stage.pk} [data-item]").focus()
    page.keyboard.press("Enter")
    page.locator("[data-lines-form] textarea").fill(line)
    page.keyboard.press("Enter")
    expect(page.locator(cell(page, part, stage))).to_contain_text(line)
    page.keyboard.press("Escape")


def test_the_other_is_here_and_what_they_add_arrives(
    journey: Journey, lea: User, colin: User, eve: User, new_page: NewPage
) -> None:
    first, _second = journey.stages.all()
    hers, his, reader = new_page(lea), new_page(colin), new_page(eve)
    for page in (hers, his, reader):
        page.goto(MAP)
    expect(his.locator("#presence")).to_contain_text("Lea")
    expect(hers.locator("#presence")).to_contain_text("Colin")
    expect(hers.locator("#presence")).not_to_contain_text("LEA Lea")
    head = his.locator(".map-head").nth(1)
    head.focus()
    add(hers, "touchpoints", first, "Lift")
    expect(his.locator(cell(his, "touchpoints", first))).to_contain_text("Lift")
    expect(head).to_be_focused()
    expect(reader.locator(".map")).to_contain_text("Lift")
    hers.locator(".map-head").first.focus()
    hers.keyboard.press("Control+z")
    expect(his.locator(cell(his, "touchpoints", first))).not_to_contain_text("Lift")
    expect(reader.locator(".map")).not_to_contain_text("Lift")


def test_a_cell_in_which_i_type_waits_until_i_leave(
    journey: Journey, lea: User, colin: User, new_page: NewPage
) -> None:
    first, second = journey.stages.all()
    hers, his = new_page(lea), new_page(colin, expected_errors=("status of 409",))
    for page in (hers, his):
        page.goto(MAP)
    his.locator(f"{cell(his, 'touchpoints', first)} .entry").focus()
    his.keyboard.press("F2")
    field = his.locator(".map-field [name=name]")
    expect(field).to_be_focused()
    field.fill("Mine")
    add(hers, "touchpoints", first, "Lift")
    expect(his.locator(".map-elsewhere")).to_have_text("Changed by Lea: shown when you leave.")
    expect(field).to_have_value("Mine")
    expect(field).to_be_focused()
    his.keyboard.press("Escape")
    expect(his.locator(cell(his, "touchpoints", first))).to_contain_text("Lift")
    expect(his.locator(cell(his, "touchpoints", first))).to_contain_text("Arrives desk")
    # A whole stage goes under the field.
    his.locator(f"{cell(his, 'touchpoints', second)} .entry").focus()
    his.keyboard.press("F2")
    expect(field).to_be_focused()
    field.fill("Mine too")
    hers.locator(".map-head").nth(1).focus()
    hers.keyboard.press("Delete")
    expect(his.locator(".map-elsewhere")).to_contain_text("Deleted by Lea")
    expect(field).to_have_value("Mine too")
    his.keyboard.press("Enter")
    expect(his.locator("#map-problem")).to_contain_text("Lea deleted “Stays” at")
    his.wait_for_timeout(100)  # htmx settles what it has drawn
    expect(field).to_have_value("Mine too")
    expect(field).to_be_focused()
    his.keyboard.press("Escape")
    expect(his.locator(".map-head")).to_have_count(1)
    hers.keyboard.press("Control+z")
    expect(his.locator(".map-head .map-stage-name")).to_have_text(["Arrives", "Stays"])


def test_a_comment_with_a_mention_arrives(
    journey: Journey, colin: User, eve: User, new_page: NewPage
) -> None:
    first, _second = journey.stages.all()
    his = new_page(colin, expected_errors=("status of 422",))
    his.goto(MAP)
    his.locator(".map-head").first.focus()
    his.keyboard.press("c")
    text = his.locator("[data-comment-text]")
    expect(text).to_be_focused()
    his.keyboard.type("Too long a wait, @ev")
    his.keyboard.press("ArrowDown")
    his.keyboard.press("Enter")
    expect(text).to_have_value("Too long a wait, @Eve Executive ")
    assert_accessible(his)
    his.get_by_role("button", name="Comment", exact=True).click()
    expect(his.locator(".comment-text .mention")).to_have_text("@Eve Executive")
    his.keyboard.press("Escape")
    bubble = his.locator(f".map .map-bubble[data-bubble='stages/{first.pk}']")
    expect(bubble).to_contain_text("1 open comment on Arrives")
    hers = new_page(eve)
    hers.goto(MAP)
    hers.get_by_role("link", name="1 new mention of you").click()
    hers.get_by_role("link", name="Arrives").click()
    hers.get_by_role("link", name="Reply").click()
    expect(hers.get_by_role("link", name="Cancel")).to_be_visible()
    hers.locator("[data-comment-text]").fill("Agreed")
    assert_accessible(hers)
    hers.get_by_role("button", name="Reply").click()
    expect(hers.locator(".replies")).to_contain_text("Agreed")
    bubble.click()
    expect(his.locator(".replies")).to_contain_text("Agreed")
    his.get_by_role("button", name="Resolve").click()
    expect(bubble).not_to_contain_text("1 open")
    assert Comment.objects.exclude(resolved_at=None).get().resolved_by == colin
