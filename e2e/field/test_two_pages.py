"""The same visit twice: tapped twice, sent twice, open in two pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import ENGINE, Tablet
from observations.models import Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_tapped_and_sent_twice_it_is_stored_once(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.saved()
    tablet.to_summary()
    page.evaluate(
        """() => { const finish = document.querySelector(".bottom button.button-main");
                   finish.click(); finish.click(); finish.click(); }"""
    )
    page.evaluate(
        f'import("{ENGINE}").then(({{ engine }}) => Promise.all([1, 2, 3].map(() => engine.drain())))'
    )
    tablet.until_received(1)
    observation = Observation.objects.get()
    assert str(observation.uuid) == one
    assert observation.revisions.count() == 1


def test_a_second_page_is_told_and_may_take_over(tablet: Tablet, code: str) -> None:
    first = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", -2)
    tablet.saved()
    second = tablet.context.new_page()
    second.goto(f"/field/#/visit/{one}")
    expect(second.get_by_role("alert")).to_contain_text("open in another page")
    second.get_by_role("button", name="Go on here instead").click()
    expect(second.locator('[data-question="S1-b"] [data-answer="-2"]')).to_have_attribute(
        "aria-pressed", "true"
    )
    # The first page was told, and writes nothing any more.
    expect(first.get_by_role("alert")).to_contain_text("goes on in another page")
    second.locator('[data-question="S1-b"] [data-answer="0"]').click()
    expect(second.locator("[data-saved]")).to_contain_text("saved")
    [record] = tablet.records()
    assert record["answers"] == {"S1-b": 0}


def test_a_second_page_may_make_a_copy_of_its_own(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.photograph("S1-b")
    tablet.saved()
    second = tablet.context.new_page()
    second.goto(f"/field/#/visit/{one}")
    second.get_by_role("button", name="Make a separate copy").click()
    expect(second.locator('[data-photos="S1-b"] img')).to_have_count(1)
    second.locator('[data-question="S1-p"] [data-answer="2"]').click()
    expect(second.locator("[data-saved]")).to_contain_text("saved")
    original, copy = sorted(tablet.records(), key=lambda record: bool(record["forked_from"]))
    assert copy["forked_from"] == original["id"] == one
    assert copy["answers"] == {"S1-b": 0, "S1-p": 2}
    assert original["answers"] == {"S1-b": 0}
    # Its photo is its own: sent and removed apart.
    assert copy["media"][0]["id"] != original["media"][0]["id"]
    assert copy["media"][0]["sha256"] == original["media"][0]["sha256"]
