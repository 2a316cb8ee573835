"""The five steps on one programme, by the four people who do them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from actionplans.models import Action
from e2e.conftest import TABLET, NewPage
from journeys.models import Programme
from journeys.tests.factories import (
    make_channel,
    make_location,
    make_member,
    make_programme,
    make_user,
)
from observations.intake import submit_observation
from observations.models import Observation
from observations.tests.factories import make_document
from scoring.models import Framework

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
STAGES = (("Arrives", "before"), ("Asks for advice", "during"), ("Pays", "after"))
BASE = "/programmes/hotel-azur"


@pytest.fixture
def hotel(transactional_db: None) -> Programme:
    """A programme with a channel and a location, and nothing else yet."""
    programme = make_programme("hotel-azur", name="Hotel Azur")
    make_channel(programme, "desk", name="Desk")
    make_location(programme, "NCE", name="Nice", share_bp=10_000)
    return programme


@pytest.fixture
def people(hotel: Programme) -> dict[str, User]:
    own = hotel.locations.all()
    return {
        "consultant": make_member(hotel, "consultant", make_user("Colin")),
        "observer": make_member(hotel, "observer", make_user("Odile"), own, observer_code="OBS-1"),
        "executive": make_member(hotel, "executive", make_user("Eve")),
        "facilitator": make_member(hotel, "facilitator", make_user("Fanny")),
    }


def test_five_steps_as_four_people(
    hotel: Programme, people: dict[str, User], new_page: NewPage
) -> None:
    consultant = new_page(people["consultant"])
    build_segment_and_journey(consultant)
    build_framework(consultant)
    framework = Framework.objects.get(journey__programme=hotel)
    assert framework.status == "published"
    four_earlier_visits(hotel, framework)

    executive = new_page(people["executive"])
    before = figures(executive, "Pays")
    assert before == Figures("n = 4, 1 more needed", None)

    record_observation(new_page(people["observer"], viewport=TABLET))
    assert Observation.objects.filter(programme=hotel).count() == 5
    after = figures(executive, "Pays")
    # Two of five missed the basic: (-2 - 2) of 10 to lose.
    assert after == Figures("n = 5", -40)

    plan_action(new_page(people["facilitator"]), owner="Colin")
    action = Action.objects.get(programme=hotel)
    assert (action.stage.name, action.owner.name) == ("Pays", "Colin")
    executive.goto(f"{BASE}/dashboard/")
    expect(executive.locator("main")).to_contain_text("Open a second desk at noon")


def build_segment_and_journey(page: Page) -> None:
    """Steps 1 and 2: a segment, its journey, three stages with a touchpoint each."""
    page.goto(f"{BASE}/perimeter/segments/new/")
    page.fill("[name=name]", "Couples")
    page.get_by_role("button", name=re.compile("Add|Save")).first.click()
    expect(page.locator("main")).to_contain_text("Couples")
    page.goto(f"{BASE}/new-journey/")
    page.fill("[name=name]", "A couple's weekend")
    page.select_option("[name=segment]", label="Couples")
    page.get_by_role("button", name=re.compile("Add|Create")).click()
    page.wait_for_url(re.compile(r"/journeys/[^/]+/"))
    for name, phase in STAGES:
        page.goto(f"{journey_of(page)}new-stage/")
        page.fill("[name=name]", name)
        page.select_option("[name=phase]", phase)
        if name == "Pays":
            page.select_option("[name=criticality]", "3")
        page.get_by_role("button", name="Add the stage").click()
        expect(page.locator("main")).to_contain_text(name)
    page.goto(journey_of(page))
    expect(page.locator("main")).to_contain_text("moment of truth")


def journey_of(page: Page) -> str:
    """The address of the one journey, from wherever the page is."""
    found = re.search(r"/programmes/[^/]+/journeys/[^/]+/", page.url)
    assert found, page.url
    return found.group()


def build_framework(page: Page) -> None:
    """Step 3: a basic and a delight in each stage, checked and published."""
    journey = journey_of(page)
    page.goto(f"{BASE}/frameworks/")
    page.get_by_role("button", name=re.compile("[Dd]raft|Start|Begin|framework")).first.click()
    page.wait_for_url(re.compile("/framework/1/"))
    for stage, _phase in STAGES:
        basic = {"minus_2": "No", "zero": "Yes"}
        add_interaction(page, journey, stage, "basic", basic, statement="It works")
        delight = {"zero": "Nothing special", "plus_3": "A gift"}
        add_interaction(
            page, journey, stage, "delight", delight, statement="A surprise", target="3"
        )
    page.goto(f"{journey}framework/1/publish/")
    page.get_by_role("button", name=re.compile("Publish")).click()
    expect(page.locator("main")).to_contain_text(re.compile("[Pp]ublished"))


def add_interaction(
    page: Page,
    journey: str,
    stage: str,
    kind: str,
    levels: dict[str, str],
    *,
    statement: str,
    target: str = "0",
) -> None:
    page.goto(f"{journey}framework/1/interactions/add/")
    page.select_option("[name=stage]", label=stage)
    page.fill("[name=statement]", f"{statement} ({stage})")
    page.check(f"[name=kind][value={kind}]")
    for field, words in levels.items():
        page.fill(f"[name={field}]", words)
    page.select_option("[name=target]", target)
    page.get_by_role("button", name="Save and finish").click()
    page.wait_for_url(re.compile(r"/framework/1/(#.*)?$"))


def four_earlier_visits(hotel: Programme, framework: Framework) -> None:
    """Visits in which nothing surprised and paying failed once."""
    keys = {one.stage.name + one.kind: one.key for one in framework.interactions.all()}
    for visit in range(4):
        answers: dict[str, Any] = dict.fromkeys(keys.values(), 0)
        answers[keys["Paysbasic"]] = -2 if visit == 0 else 0
        document = make_document(
            journey=framework.journey.key,
            method="mystery_visit",
            location="NCE",
            channel="desk",
            answers=answers,
        )
        outcome = submit_observation(programme=hotel, document=document, user=None)
        assert outcome.status == "created", outcome.errors


def record_observation(page: Page) -> None:
    """Step 4, on a tablet: the guide stage by stage, with one finger."""
    page.goto(f"{BASE}/observations/new/")
    page.select_option("[name=method]", "mystery_visit")
    for name, _phase in STAGES:
        page.locator("[data-observe-next]").click()
        expect(page.locator("[data-observe-stage]:visible h2")).to_have_text(name)
        page.locator(
            "label.level:visible", has_text="No" if name == "Pays" else "Yes"
        ).first.click()
        page.locator("label.level:visible", has_text="Nothing special").click()
    page.locator("[data-observe-next]").click()
    page.get_by_role("button", name="Send the observation").click()
    expect(page.locator(".message-success")).to_contain_text("Recorded")


@dataclass(frozen=True)
class Figures:
    n: str
    score: float | None


def figures(page: Page, stage: str) -> Figures:
    """What the dashboard's own table says of a stage."""
    page.goto(f"{BASE}/dashboard/")
    row = page.locator("[data-curve-table] tbody tr", has_text=stage)
    score = row.locator("td.num").first.text_content() or ""
    return Figures(
        n=(row.locator("td.n").text_content() or "").strip(),
        score=float(found.group()) if (found := NUMBER.search(score)) else None,
    )


def plan_action(page: Page, *, owner: str) -> None:
    """Step 5: the widest gap becomes an action that somebody owns."""
    page.goto(f"{BASE}/plan/")
    gap = page.locator("article, li, section", has_text="Pays").first
    gap.get_by_role("link", name=re.compile("[Aa]ction")).first.click()
    page.fill("[name=recommendation_text]", "Nobody should queue to pay")
    page.fill("[name=title]", "Open a second desk at noon")
    page.select_option("[name=owner]", label=owner)
    page.fill("[name=due_on]", (timezone.localdate() + timedelta(days=30)).isoformat())
    page.locator("[name=dimension]").first.wait_for()
    page.select_option("[name=dimension]", "process")
    page.get_by_role("button", name=re.compile("Create|Add|Plan")).click()
    expect(page.locator("main")).to_contain_text("Open a second desk at noon")
