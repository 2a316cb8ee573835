"""The main pages as axe sees them, and at the four sizes they are made for."""

from __future__ import annotations

from typing import Literal

import pytest

from accounts.models import User
from actionplans.models import Action
from actionplans.tests.factories import make_action
from alerts.models import FeedToken, Webhook
from e2e.conftest import NewPage, assert_accessible
from journeys.models import Choice, Journey, Need, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from observations.tests.indicator_factories import count_nps, make_indicator
from scoring.models import Framework

pytestmark = pytest.mark.browser

BASE = "/programmes/casa-nord"
JOURNEY = f"{BASE}/journeys/family-store"
PAGES = {
    "programme list": "/programmes/",
    "overview": f"{BASE}/",
    "perimeter": f"{BASE}/perimeter/",
    "map": f"{JOURNEY}/",
    "table view": f"{JOURNEY}/?view=table",
    "curve view": f"{JOURNEY}/?view=curve",
    "matrix": f"{JOURNEY}/?view=matrix",
    "snapshots": f"{JOURNEY}/snapshots/",
    "stage library": f"{JOURNEY}/library/",
    "copy of a journey": f"{JOURNEY}/copy/",
    "new journey": f"{BASE}/new-journey/",
    "comparison": f"{BASE}/compare/?left=journey:family-store&right=journey:family-store",
    "share links": f"{BASE}/links/",
    "new link": f"{BASE}/new-link/",
    "mentions": f"{BASE}/mentions/",
    "framework": f"{JOURNEY}/framework/1/",
    "guide": f"{JOURNEY}/guide/",
    "observation form": f"{BASE}/observations/new/family-store/",
    "observation list": f"{BASE}/observations/",
    "dashboard": f"{BASE}/dashboard/",
    "saved views": f"{BASE}/dashboard/views/",
    "saving a view": f"{BASE}/dashboard/views/new/?location=PAR1",
    "heat map by segment": f"{JOURNEY}/heat-map/?by=segment",
    "trend": f"{JOURNEY}/trend/",
    "side by side": f"{JOURNEY}/compare/",
    "presentation": f"{JOURNEY}/present/",
    "export": f"{BASE}/dashboard/export/",
    "journey evidence": f"{JOURNEY}/scores/",
    "evidence": f"{JOURNEY}/scores/S2/",
    "league": f"{JOURNEY}/locations/?stage=S2",
    "changes": (
        f"{JOURNEY}/changes/"
        "?before_from=2026-09&before_to=2026-09&after_from=2026-10&after_to=2026-10"
    ),
    "indicators": f"{BASE}/indicators/",
    "indicator": f"{BASE}/indicators/figures/nps/",
    "counts": f"{BASE}/indicators/figures/nps/readings/",
    "typing counts": f"{BASE}/indicators/figures/nps/readings/new/",
    "importing": f"{BASE}/indicators/figures/nps/import/",
    "definitions": f"{BASE}/indicators/definitions/",
    "defining": f"{BASE}/indicators/definitions/new/",
    "drivers": f"{BASE}/indicators/drivers/",
    "alerts": f"{BASE}/alerts/",
    "digest tried": f"{BASE}/alerts/?try=digest",
    "class changes tried": f"{BASE}/alerts/?try=class_change",
    "webhooks": f"{BASE}/alerts/webhooks/",
    "new webhook": f"{BASE}/alerts/webhooks/new/",
    "feed tokens": f"{BASE}/alerts/feed/",
    "plan": f"{BASE}/plan/",
    "action list": f"{BASE}/actions/",
    "action library": f"{BASE}/plan/library/?target=family-store:S2",
    "planner": f"{BASE}/plan/journeys/family-store/planner/?stages=S2&planned_n=30&delta=15",
    "new action": f"{BASE}/plan/journeys/family-store/stages/S2/action/new/?pattern=call-button",
    "board": f"{BASE}/actions/board/",
    "timeline": f"{BASE}/actions/timeline/",
    "calendar": f"{BASE}/actions/calendar/",
    "existing project": f"{BASE}/actions/projects/new/",
    "import of projects": f"{BASE}/actions/projects/import/",
    "my actions": "/my/actions/",
}
SIZES = [(1440, 900), (1024, 768), (768, 1024), (390, 844)]
LONG = "Rückgaberechtsbelehrung und Wiederinbetriebnahmeprotokoll"


@pytest.fixture
def full(programme: Programme, framework: Framework, journey: Journey, lead: User) -> Programme:
    """Something in every lane, a moment of truth, one stage outside, one word without a break."""
    first, second, third = journey.stages.all()
    journey.stages.filter(pk=first.pk).update(name=LONG, phase="before")
    journey.stages.filter(pk=second.pk).update(criticality=3)
    journey.stages.filter(pk=third.pk).update(phase="after", in_perimeter=False)
    Need.objects.create(stage=first, text=LONG, level="implicit")
    choice = Choice.objects.create(stage=second, question="Which one?")
    choice.criteria.create(text="price")
    title = "Let every adviser draw the plan of the room with the customer"
    make_action(second, lead, title=title, kind=Action.Kind.INNOVATION)
    for _number in range(6):
        submit(programme)
    fold_pending()
    indicator = make_indicator(programme, name=f"Net {LONG} Score", codir_rank=1)
    count_nps(indicator, 40, 20, location="PAR1")
    Webhook.objects.create(
        programme=programme, url=f"https://{LONG.replace(' ', '-')}.example/", nonce="n"
    )
    FeedToken.objects.create(programme=programme, person=lead, name=LONG, digest="d")
    return programme


@pytest.mark.usefixtures("full")
def test_axe_finds_nothing(new_page: NewPage, lead: User) -> None:
    page = new_page(lead)
    for address in PAGES.values():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_one_logs_in(
    new_page: NewPage, transactional_db: None, scheme: Literal["light", "dark"]
) -> None:
    page = new_page(color_scheme=scheme)
    page.goto("/accounts/login/")
    assert_accessible(page)


@pytest.mark.usefixtures("full")
def test_axe_finds_nothing_in_the_dark(new_page: NewPage, lead: User) -> None:
    page = new_page(lead, color_scheme="dark")
    for name in ("dashboard", "map", "digest tried", "webhooks", "feed tokens"):
        page.goto(PAGES[name])
        page.wait_for_load_state("networkidle")
        assert page.locator("html[data-bs-theme=dark]").count() == 1
        assert_accessible(page)


@pytest.mark.usefixtures("full")
def test_no_page_scrolls_sideways(new_page: NewPage, lead: User) -> None:
    page = new_page(lead)
    too_wide = []
    for name, address in PAGES.items():
        page.goto(address)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                too_wide.append((name, width))
    assert not too_wide


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("width", [768, 390])
def test_a_thumb_hits_every_answer(new_page: NewPage, observer: User, width: int) -> None:
    """At least 44 by 44 pixels: levels, not applicable, not seen, note, back and next."""
    page = new_page(observer, viewport=(width, 1024))
    page.goto(PAGES["observation form"])
    page.locator("[data-observe-next]").click()
    targets = page.locator("label.level:visible, .note summary:visible, .observe-steps button")
    boxes = [target.bounding_box() for target in targets.all()]
    assert len(boxes) > 10
    assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)
