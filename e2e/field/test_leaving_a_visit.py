"""Left in the middle of a photo, of a word or after finishing: what was done is kept, and no more."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from e2e.field.tablet import Tablet, picture
from observations.models import Media

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLOW = """() => {
    const real = window.createImageBitmap.bind(window);
    const gate = new Promise((resolve) => { window.goOn = resolve; });
    window.createImageBitmap = async (...all) => { await gate; return real(...all); };
}"""
# Without these a page that is shut says so only by what is missing afterwards.
NEWS = """() => {
    window.news = [];
    const region = document.getElementById("app");
    new MutationObserver(() => {
        const words = document.getElementById("news")?.textContent;
        if (words && window.news.at(-1) !== words) window.news.push(words);
    }).observe(region, { childList: true, subtree: true, characterData: true });
}"""


def photograph_slowly(tablet: Tablet, page: Page) -> None:
    page.evaluate(SLOW)
    page.evaluate(NEWS)
    page.locator('input[data-photo="S1-b"]').set_input_files(picture())  # type: ignore[arg-type]


def test_finished_while_a_photo_is_made_small_it_has_the_photo(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    photograph_slowly(tablet, page)
    page.evaluate("(id) => { location.hash = `#/visit/${id}/summary`; }", one)
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".news")).to_contain_text("being kept")
    assert tablet.records()[0]["state"] == "draft"
    page.evaluate("window.goOn()")
    expect(page.locator(".news")).to_contain_text("Finished, and kept on this tablet")
    assert len(tablet.records()[0]["media"]) == 1
    tablet.until_received(1)
    assert Media.objects.get(observation__uuid=one).file


def test_left_while_a_photo_is_made_small_the_photo_is_kept(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    photograph_slowly(tablet, page)
    page.evaluate("location.hash = '#/'")
    page.wait_for_timeout(300)
    page.evaluate("window.goOn()")
    page.locator(".queue").wait_for()
    assert len(tablet.records()[0]["media"]) == 1


def test_taken_over_while_a_photo_is_made_small_the_loss_is_said(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    photograph_slowly(tablet, page)
    second = tablet.context.new_page()
    second.goto(f"/field/#/visit/{one}")
    second.get_by_role("button", name="Go on here instead").click()
    expect(page.get_by_role("alert")).to_contain_text("goes on in another page")
    page.evaluate("window.goOn()")
    expect(page.locator(".news")).to_contain_text("The photo is NOT kept")
    assert "Photo kept." not in page.evaluate("window.news")
    assert tablet.records()[0]["media"] == []


def test_taken_over_while_it_is_being_finished_it_is_not_called_finished(
    tablet: Tablet, code: str
) -> None:
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    photograph_slowly(tablet, page)
    page.evaluate("(id) => { location.hash = `#/visit/${id}/summary`; }", one)
    page.get_by_role("button", name="Finish").click()
    second = tablet.context.new_page()
    second.goto(f"/field/#/visit/{one}")
    second.get_by_role("button", name="Go on here instead").click()
    expect(page.get_by_role("alert")).to_contain_text("goes on in another page")
    page.evaluate("window.goOn()")
    expect(page.locator(".news")).to_contain_text("The photo is NOT kept")
    page.wait_for_timeout(300)
    assert "/done/" not in page.url
    assert tablet.records()[0]["state"] == "draft"


def test_left_within_the_pause_of_typing_the_words_are_kept(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    page.locator(".chip-note").first.click()
    # In one go, faster than any hand: typed, and away.
    page.evaluate(
        """() => { const area = document.querySelector("[data-note]");
                   area.value = "Nobody at the desk";
                   area.dispatchEvent(new Event("input"));
                   location.hash = "#/"; }"""
    )
    page.locator(".queue").wait_for()
    page.wait_for_timeout(500)
    assert tablet.records()[0]["notes"] == {"S1-b": "Nobody at the desk"}


def standing(tablet: Tablet) -> list[object]:
    """What a person did; the engine's notes of its tries are apart."""
    [record] = tablet.records()
    return [record[name] for name in ("state", "edits", "place", "saved_at", "duration_ms")]


def test_looking_at_a_finished_visit_does_not_reopen_it(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    one = tablet.finish_one()
    before = standing(tablet)
    page.go_back()
    page.locator("[data-question]").first.wait_for()
    assert "summary" not in page.url
    tablet.next_stage()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stage S2")
    page.goto("/field/#/")
    page.locator(".queue").wait_for()
    assert standing(tablet) == before
    # The first change is what opens it again; where one stands stays.
    page.goto(f"/field/#/visit/{one}")
    tablet.next_stage()
    tablet.answer("S2-b", 0)
    tablet.saved()
    [after] = tablet.records()
    assert (after["state"], after["answers"]) == ("draft", {"S1-b": 0, "S2-b": 0})
    assert after["place"]["stage"] == 1


def test_a_night_left_open_is_not_time_spent(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    page.evaluate(
        """() => { const real = performance.now.bind(performance);
                   performance.now = () => real() + 10 * 3_600_000; }"""
    )
    tablet.answer("S1-p", 1)
    tablet.saved()
    spent = tablet.records()[0]["duration_ms"]
    assert 30 * 60_000 <= spent < 35 * 60_000
