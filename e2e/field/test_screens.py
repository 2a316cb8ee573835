"""The app in the hand: one tap an answer, big targets, in both languages, for everybody."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import assert_accessible
from e2e.field.conftest import NewTablet
from e2e.field.tablet import Tablet, picture
from journeys.models import Journey
from journeys.tests.factories import make_stage
from observations.models import Observation
from scoring.models import Framework
from scoring.tests.factories import make_interaction

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(1440, 900), (1024, 768), (768, 1024), (844, 390), (390, 844)]
# Words of the method, which store teams never meet.
METHOD = ("interaction", "enchantment", "framework", "touchpoint", "moment of truth", "points")


# Seconds. Reading: 15 words of statement and levels at 238 words a minute (Brysbaert 2019). Deciding and
# tapping: M 1.35, P 1.1 and B 0.1 of the keystroke-level model (Card, Moran and Newell 1980), whose
# pointing is a mouse's. A photo: the tap, then ten for the camera to open, to aim, to release and to take.
READ, DECIDE, TAP, CAMERA = 15 / 238 * 60, 1.35, 1.1 + 0.1, 10.0


def arithmetic(answers: int, photos: int, others: int) -> str:
    each = READ + DECIDE + TAP
    seconds = answers * each + photos * (TAP + CAMERA) + others * TAP
    return (
        f"{answers} answers x {each:.1f} s + {photos} photos x {TAP + CAMERA:.1f} s"
        f" + {others} other taps x {TAP:.1f} s = {seconds:.0f} s"
    )


def test_twenty_answers_and_three_photos_take_a_tap_each(
    tablet: Tablet, code: str, framework: Framework, journey: Journey
) -> None:
    for number in range(4):
        stage = make_stage(journey, f"X{number}")
        for kind in ("a", "b", "c"):
            make_interaction(framework, stage, f"X{number}-{kind}")
    page = tablet.ready(code)
    page.evaluate(
        """() => { window.taps = 0;
                   addEventListener("pointerdown", () => { window.taps += 1; }, true); }"""
    )
    page.locator('a[href="#/start"]').tap()
    page.get_by_role("button", name="Begin").tap()
    answers = photos = stages = 0
    page.locator("[data-question]").first.wait_for()
    while not page.locator("[data-summary]").count():
        for question in page.locator("[data-question]").all():
            if answers < 20:
                question.locator(".level").first.tap()
                answers += 1
            if photos < 3:
                with page.expect_file_chooser() as chooser:
                    question.locator("label.chip").tap()
                chooser.value.set_files(picture())  # type: ignore[arg-type]
                expect(question.locator(".photos img")).to_be_visible()
                photos += 1
        title = page.get_by_role("heading", level=1).inner_text()
        page.locator(".bottom .button-main").tap()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(title)
        stages += 1
    page.get_by_role("button", name="Finish").tap()
    expect(page.locator(".news")).to_contain_text("kept on this tablet")
    taps = page.evaluate("window.taps")
    assert (answers, photos) == (20, 3)
    # To start, to begin, one a stage, to finish; the rest is one tap an answer and one a photo.
    assert stages == 7
    assert taps == 1 + 1 + answers + photos + stages + 1
    print(arithmetic(answers, photos, taps - answers - photos))  # noqa: T201
    tablet.until_received(1)
    assert len(Observation.objects.get().revisions.get().answers) == 20


def test_tapped_again_an_answer_is_taken_back(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.answer("S1-b", 0)
    tablet.answer("S1-p", "NA")
    tablet.answer("S1-p", "NO")
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-p": "NO"}


def test_it_goes_on_exactly_where_it_was_left(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    page.set_viewport_size({"width": 600, "height": 420})
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.next_stage()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stage S2")
    page.evaluate("scrollTo(0, 180)")
    tablet.until(
        """import("/static/js/field/records.js").then(({ allRecords }) => allRecords())
           .then(([one]) => one.place.scroll === 180)"""
    )
    page = tablet.restart(offline=True)
    page.set_viewport_size({"width": 600, "height": 420})
    tablet.visit_app()
    page.locator(f'[data-draft="{one}"] .button-main').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stage S2")
    assert page.evaluate("scrollY") == 180


def walk(tablet: Tablet) -> Any:
    """Every screen in turn, by name."""
    page = tablet.page
    yield "enrol", page
    page.goto("/field/#/start")
    page.locator("form").wait_for()
    yield "start", page
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    page.locator(".chip-note").first.click()
    page.locator("textarea:visible").fill("Unhöflichkeitsentschuldigungsversuch " * 3)
    tablet.photograph("S1-b")
    yield "stage", page
    page.get_by_role("button", name="All stages").click()
    yield "all stages", page
    page.keyboard.press("Escape")
    tablet.to_summary()
    yield "summary", page
    page.goto("/field/#/")
    page.locator(".queue").wait_for()
    yield "home", page
    page.evaluate(
        """(id) => import("/static/js/field/records.js").then(({ append }) => append(id, [{ kind: "finish" },
            { kind: "park", problem: { status: "quarantined", title: "Not acceptable", revision: null,
              at: 0, errors: [{ path: "/answers/S1-b", detail: "No level" }] } }]))""",
        one,
    )
    page.goto(f"/field/#/item/{one}")
    page.locator("[data-problem]").wait_for()
    yield "item", page
    page.goto("/field/#/settings")
    page.locator(".facts").wait_for()
    yield "settings", page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_is_accessible_fits_and_speaks_no_method(
    new_tablet: NewTablet, code: str, scheme: Literal["light", "dark"]
) -> None:
    tablet = new_tablet(color_scheme=scheme)
    tablet.ready(code)
    tablet.network(on=False)
    too_wide = []
    for name, page in walk(tablet):
        show_whole(page)
        assert_accessible(page)
        too_wide += [(name, width) for width in wide(page)]
        text = page.locator("body").inner_text().lower().replace("interaction s", "")
        assert not [word for word in METHOD if word in text], name
    assert not too_wide


def show_whole(page: Page) -> None:
    """What scrolls would lie half under the bar at the bottom, and be measured without that half."""
    size = page.viewport_size
    assert size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})


def wide(page: Page) -> list[int]:
    found = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


@pytest.mark.parametrize("size", [(768, 1024), (390, 844), (844, 390)])
def test_a_thumb_hits_everything(tablet: Tablet, code: str, size: tuple[int, int]) -> None:
    page = tablet.ready(code)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    tablet.begin()
    targets = page.locator("button:visible, a:visible, label.chip:visible")
    boxes = [target.bounding_box() for target in targets.all()]
    assert len(boxes) > 15
    assert all(box and box["width"] >= 44 and box["height"] >= 44 for box in boxes)


def test_the_keyboard_alone_is_enough(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    page.locator('[data-question="S1-b"] [data-answer="-2"]').focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tablet.saved()
    assert tablet.records()[0]["answers"] == {"S1-b": 0}
    assert page.evaluate("document.activeElement.dataset.answer") == "0"


def test_the_language_is_chosen_on_the_device_without_a_network(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    page.goto("/field/#/settings")
    page.locator("select[name=language]").select_option("fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Réglages")
    page = tablet.restart(offline=True)
    tablet.visit_app()
    expect(page.get_by_role("link", name="Commencer une visite")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr"
