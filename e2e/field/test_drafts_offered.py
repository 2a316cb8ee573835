"""Begun visits that the server kept: what they are, whose, and whether they can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import STORE, Tablet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWN = {"id": "0199c0de-0000-7000-8000-000000000001", "name": "Tablet 1"}
OTHER = {"id": "0199c0de-0000-7000-8000-000000000002", "name": "Tablet 2"}


def draft(number: int, **more: Any) -> dict[str, Any]:
    document = {
        "method": "store_team",
        "location": "PAR1",
        "started_at": "2026-10-03T09:00:00+02:00",
        "answers": {"S1-b": 0},
    }
    return {
        "id": f"0199c0de-0000-7000-8000-0000000000a{number}",
        "saved_at": "2026-10-03T10:42:00+02:00",
        "journey": "family-store",
        "framework_version": 1,
        "document": document,
        "place": {},
    } | more


def test_a_draft_on_the_server_says_what_it_is_and_whose(tablet: Tablet, code: str) -> None:
    drafts = [
        draft(1, device=OWN),
        draft(2, device=OTHER),
        draft(3),
        draft(4, device=OWN, framework_version=9),
    ]
    tablet.context.route("**/drafts/", lambda route: route.fulfill(json={"drafts": drafts}))
    # Enrolled, it stays who it says that it is.
    tablet.visit_app()
    put_self = f'import("{STORE}").then(({{ putSetting }}) => putSetting("self", "{OWN["id"]}"))'
    tablet.page.evaluate(put_self)
    page = tablet.ready(code)
    cards = [page.locator(f'[data-earlier="{one["id"]}"]') for one in drafts]
    expect(cards[0]).to_contain_text("3 Oct, 10:42 on this tablet")
    expect(cards[1]).to_contain_text("on “Tablet 2”")
    expect(cards[1]).to_contain_text("may still be open on “Tablet 2”")
    expect(cards[2]).to_contain_text("may still be open on another tablet")
    for card, own in zip(cards, (1, 0, 0, 1), strict=True):
        expect(card.get_by_role("button", name="Put away")).to_have_count(own)
    expect(cards[0].locator(".card-warning")).to_have_count(0)
    cards[3].get_by_role("button", name="Take back").tap()
    expect(page.locator(".news")).to_contain_text("the guide that it was begun with is closed")
    cards[1].get_by_role("button", name="Take back").tap()
    expect(page.locator(f'[data-draft="{drafts[1]["id"]}"]')).to_be_visible()
    assert [one["id"] for one in tablet.records()] == [drafts[1]["id"]]
