"""A whole workshop: one facilitator, four phones, from gaps to actions; no total leaks on the way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from accounts.models import User
from actionplans.models import Action
from actionplans.workshop_models import Idea, Vote, Workshop
from e2e.conftest import PHONE, NewPage, assert_accessible
from journeys.models import Programme
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_member,
    make_programme,
    make_stage,
    make_touchpoint,
    make_user,
)
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.browser
NAMES = ("Lea", "Max", "Zoe", "Ana")


@pytest.fixture
def programme_seen(transactional_db: None) -> Programme:
    """Two stages observed six times: nobody is greeted at the till."""
    cache.clear()
    programme = make_programme("casa-nord", name="Casa Nord")
    make_channel(programme, "store")
    programme.locations.create(code="PAR1", name="Paris")
    journey = make_journey(programme, "family-store")
    for key, name in (("S1", "Arrives"), ("S2", "Checkout")):
        make_touchpoint(make_stage(journey, key, name=name), f"t-{key}")
    make_framework(journey)
    for _visit in range(6):
        answers = {"S1-b": 0, "S1-p": 1, "S1-d": 0, "S2-b": -2, "S2-p": -1, "S2-d": 0}
        submit(programme, answers=answers)
    fold_pending()
    return programme


@pytest.fixture
def fanny(programme_seen: Programme) -> User:
    return make_member(programme_seen, "facilitator", make_user("Fanny"))


class Answers:
    """The raw bodies of what a page is sent by the workshop."""

    def __init__(self, page: Page) -> None:
        self.seen: list[str] = []
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        here = "/w/" in response.url or "/workshops/" in response.url
        if here and response.status in (200, 409, 422) and "text/html" in str(response.headers):
            try:
                self.seen.append(response.text())
            except Exception:  # noqa: BLE001 - a page that is left takes its answers along
                return


def on(page: Page, label: str) -> None:
    """Presses the facilitator's button, whose words say where it leads."""
    button = page.locator("[data-next]")
    expect(button).to_contain_text(label)
    button.click()


def prepare(desk: Page) -> Workshop:
    desk.goto("/programmes/casa-nord/workshops/new/")
    desk.get_by_label("Title").fill("End the wait")
    desk.get_by_label("Checkout", exact=False).first.check()
    assert_accessible(desk)
    desk.get_by_role("button", name="Prepare the workshop").click()
    expect(desk.locator("h1")).to_have_text("End the wait")
    on(desk, "Open the room")
    expect(desk.locator(".console-code b")).to_be_visible()
    return Workshop.objects.get()


def join(page: Page, workshop: Workshop, name: str) -> None:
    page.goto(f"/w/?code={workshop.code}")
    page.get_by_label("Your first name").fill(name)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"Welcome, {name}")


def say(page: Page, text: str) -> None:
    page.get_by_label("One idea at a time").fill(text)
    page.get_by_role("button", name="Send the idea").click()
    expect(page.locator("#own-ideas")).to_contain_text(text)


def group(desk: Page, *texts: str, title: str) -> None:
    for text in texts:
        desk.locator(".console-idea", has_text=text).locator("input").check()
    desk.get_by_label("Name of the new group").fill(title)
    desk.get_by_role("button", name="Group the chosen ideas").click()
    expect(desk.locator(f'.console-group input[value="{title}"]')).to_be_visible()


def dot(page: Page, title: str) -> None:
    page.get_by_role("button", name=title).click()
    expect(page.get_by_role("button", name=title)).to_have_attribute("aria-pressed", "true")


def test_from_gaps_to_actions(programme_seen: Programme, fanny: User, new_page: NewPage) -> None:
    desk, wall = new_page(fanny, expected_errors=("status of 404",)), new_page(fanny)
    phones = [
        new_page(viewport=PHONE, has_touch=True, expected_errors=("status of 404",))
        for _name in NAMES
    ]
    workshop = prepare(desk)
    wall.goto(f"/programmes/casa-nord/workshops/{workshop.pk}/wall/")
    for page, name in zip(phones, NAMES, strict=True):
        join(page, workshop, name)
        expect(wall.locator(".wall-people")).to_contain_text(name)
    assert_accessible(wall)

    on(desk, "Evidence")
    expect(phones[0].locator("main")).to_contain_text("below expectations in 6 of 6")
    on(desk, "Ideas")
    kept = Answers(phones[1])
    for page, text in zip(phones, ("A bell", "A louder bell", "One line", "Coffee"), strict=True):
        say(page, text)
    assert_accessible(phones[0])
    expect(wall.locator(".wall-count")).to_contain_text("4")
    expect(wall.locator("body")).not_to_contain_text("One line")
    assert not any("One line" in answer for answer in kept.seen)
    # A phone that dies comes back as the same person, with what it had typed.
    phones[0].get_by_label("One idea at a time").fill("half a thou")
    phones[0].reload()
    expect(phones[0].get_by_label("One idea at a time")).to_have_value("half a thou")
    expect(phones[0].locator("#own-ideas")).to_contain_text("A bell")
    phones[0].get_by_label("One idea at a time").fill("")

    on(desk, "Group")
    expect(phones[1].locator("main")).to_contain_text("One line")
    group(desk, "A bell", "A louder bell", title="A bell at the till")
    group(desk, "One line", title="One line for all")
    expect(wall.locator(".wall-card").first).to_contain_text("A bell at the till")

    screens = [Answers(page) for page in (desk, wall, *phones)]
    on(desk, "Vote")
    for page in phones[:3]:
        expect(page.locator(".room-dots")).to_contain_text("3 of 3")
        dot(page, "A bell at the till")
    dot(phones[0], "One line for all")
    expect(phones[0].locator(".room-dots")).to_contain_text("1 of 3")
    phones[0].get_by_role("button", name="One line for all").click()
    expect(phones[0].locator(".room-dots")).to_contain_text("2 of 3")
    dot(phones[0], "One line for all")
    assert_accessible(phones[0])
    for page in phones[:3]:
        page.get_by_role("button", name="I am done").click()
    expect(wall.locator(".wall-foot")).to_contain_text("3 of 4")
    expect(desk.locator(".console-people")).to_contain_text("done")
    assert_accessible(desk)
    secret = [answer for screen in screens for answer in screen.seen]
    assert len(secret) > 8
    # Nowhere a number of dots beside a group, and on a phone that voted for nothing no dot at all.
    assert not any(re.search(r"\b\d+ dots?\b(?! [a-z])", plain(answer)) for answer in secret)
    assert not any('aria-pressed="true"' in answer for answer in screens[5].seen)

    on(desk, "Close the vote")
    expect(phones[3].locator(".room-result").first).to_contain_text("A bell at the till")
    expect(phones[3].locator(".room-result").first).to_contain_text("3 dots")
    assert Vote.objects.count() == 4
    place(desk, wall)

    on(desk, "Commit")
    desk.get_by_role("link", name="Make it an action: A bell at the till").click()
    desk.get_by_label("Owner").select_option(label="Fanny")
    due_on = timezone.localdate() + timedelta(days=30)
    desk.get_by_label("Due date").fill(due_on.isoformat())
    desk.get_by_label("Dimension").select_option("process")
    desk.get_by_role("button", name="Create the action").click()
    expect(wall.locator(".wall-decisions")).to_contain_text("A bell at the till")
    expect(phones[2].locator("main")).to_contain_text("Fanny")
    desk.get_by_role("button", name="Park: One line for all").click()
    expect(desk.locator("#console-commit")).to_contain_text("Parked")

    on(desk, "Close the workshop")
    expect(desk.locator("#workshop-minutes")).to_contain_text("3 dots")
    assert_accessible(desk)
    expect(phones[0].locator("[data-over]")).to_be_visible()
    action = Action.objects.get()
    assert (action.title, action.owner, action.due_on) == ("A bell at the till", fanny, due_on)
    assert action.recommendation and action.recommendation.text == "A bell at the till"


def plain(page: str) -> str:
    """The words of a page: without tags, and without what says how many dots a person has."""
    words = re.sub(r"<[^>]+>", " ", page)
    words = " ".join(words.split())
    return re.sub(r"(Dots left: \d+ of \d+|done with their \d+ dots|\d+ dots each)", "", words)


def place(desk: Page, wall: Page) -> None:
    """Typed, by an arrow, and dragged."""
    row = desk.locator(".matrix-table tr", has_text="A bell at the till")
    row.get_by_label("impact", exact=True).fill("10")
    row.get_by_label("days", exact=True).fill("4")
    row.get_by_role("button", name="Place").click()
    spot = desk.locator("[data-spot]", has_text="A bell at the till")
    expect(spot).to_have_attribute("x", "20.0%")
    expect(wall.locator("[data-spot]")).to_have_attribute("y", "50.0%")
    row.get_by_role("button", name="More impact").press("Enter")
    expect(spot).to_have_attribute("y", "25.0%")
    field = desk.locator(".matrix-field").bounding_box()
    at = spot.locator("circle").bounding_box()
    assert field and at
    desk.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    desk.mouse.down()
    desk.mouse.move(field["x"] + field["width"] * 0.5, field["y"] + field["height"] * 0.25)
    desk.mouse.up()
    expect(wall.locator("[data-spot]")).to_have_attribute("x", "50.0%")


def test_ideas_outlast_a_dead_spot_and_the_facilitator_going_on(
    programme_seen: Programme, fanny: User, new_page: NewPage
) -> None:
    lost = ("Failed to load", "ERR_INTERNET_DISCONNECTED", "status of 404")
    desk, phone = new_page(fanny), new_page(viewport=PHONE, expected_errors=lost)
    workshop = prepare(desk)
    join(phone, workshop, "Lea")
    on(desk, "Evidence")
    on(desk, "Ideas")
    box = phone.get_by_label("One idea at a time")
    expect(box).to_be_visible()
    phone.context.set_offline(True)
    box.fill("typed in the lift")
    phone.get_by_role("button", name="Send the idea").click()
    expect(phone.locator("[data-outbox]")).to_contain_text("typed in the lift")
    box.fill("and half of another")
    on(desk, "Group")
    expect(desk.locator("#console-board")).to_be_visible()
    phone.context.set_offline(False)
    expect(desk.locator("#console-board")).to_contain_text("typed in the lift")
    expect(desk.locator("#console-board")).to_contain_text("came late")
    expect(phone.get_by_label("One more idea, seen by all")).to_have_value("and half of another")
    on(desk, "Vote")
    expect(phone.locator("[data-outbox]")).to_contain_text("and half of another")
    assert Idea.objects.get().is_late
    phone.locator("[data-again]").click()
    expect(phone.locator("[data-outbox]")).to_be_hidden()
    assert {idea.text for idea in Idea.objects.all()} == {
        "typed in the lift",
        "and half of another",
    }


def test_a_phone_without_a_script(
    programme_seen: Programme, fanny: User, new_page: NewPage
) -> None:
    desk = new_page(fanny)
    phone = new_page(viewport=PHONE, java_script_enabled=False)
    workshop = prepare(desk)
    join(phone, workshop, "Lea")
    on(desk, "Evidence")
    on(desk, "Ideas")
    expect(desk.locator("#console-count")).to_be_visible()
    phone.reload()
    say(phone, "A bell")
    phone.get_by_role("button", name="I am done").click()
    expect(phone.locator(".room-foot")).to_contain_text("You said that you are done")
    expect(desk.locator(".console-people")).to_contain_text("done")
