"""A table that is brought in, in each state, and the way out of letters: as axe and a phone see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from alerts.models import Kind
from alerts.rules import switch_on
from alerts.unsubscribing import unsubscribe_link
from e2e.conftest import PHONE, NewPage, assert_accessible
from journeys.access import access_of
from journeys.models import Programme
from observations.indicator_imports import hold_table
from observations.models import ImportRun
from observations.tests.indicator_factories import make_indicator

pytestmark = pytest.mark.browser

TABLE = """month;location;promoters;passives;detractors
2026-01;PAR1;4;3;2
2026-13;NOWHERE;4;-3;two
"""
NAME = "a_table_with_a_name_that_is_longer_than_any_screen_of_a_phone_is_wide.csv"
WIDE = "() => document.documentElement.scrollWidth > innerWidth"
ASKED = {"asked_at": timezone.now()}
STATES: dict[str, tuple[dict[str, Any], str]] = {
    "held": ({}, "What it would do"),
    "reading": ({"state": "reading", **ASKED}, "It is being read."),
    "failed": ({"has_failed": True}, "It could not be imported"),
    "applying": ({"state": "applying", **ASKED}, "It is being imported."),
    "undone": (
        {
            "state": "undone",
            "applied_at": timezone.now(),
            "undone_at": timezone.now(),
            "content": "",
        },
        "Undone",
    ),
}


def test_every_state_of_an_import(programme: Programme, lead: User, new_page: NewPage) -> None:
    indicator = make_indicator(programme, name="Net Promoter Score")
    for scheme in ("light", "dark"):
        page = new_page(lead, viewport=PHONE, color_scheme=scheme)
        for changes, words in STATES.values():
            run = hold_table(definition=indicator, text=TABLE, source=NAME, actor=lead)
            ImportRun.objects.filter(pk=run.pk).update(**changes)
            page.goto(run.get_absolute_url())
            expect(page.locator("main")).to_contain_text(words)
            assert not page.evaluate(WIDE), words
            assert_accessible(page)


def test_an_import_whose_indicator_has_a_new_version(
    programme: Programme, lead: User, new_page: NewPage
) -> None:
    closed = make_indicator(programme, name="NPS", replaced_at=timezone.now())
    make_indicator(programme, name="NPS", edition=2)
    for scheme in ("light", "dark"):
        page = new_page(lead, viewport=PHONE, color_scheme=scheme)
        run = hold_table(definition=closed, text=TABLE, source=NAME, actor=lead)
        page.goto(run.get_absolute_url())
        expect(page.locator("main")).to_contain_text("The indicator has a new version")
        assert not page.evaluate(WIDE)
        assert_accessible(page)
        page.get_by_role("button", name="Read it for the new version").click()
        expect(page.locator("main")).to_contain_text("What it would do")


def test_the_way_out_of_letters(programme: Programme, lead: User, new_page: NewPage) -> None:
    access = access_of(lead, programme)
    switch_on(access=access, kind=Kind.DIGEST, today=timezone.localdate())
    link = unsubscribe_link(access, [Kind.DIGEST.value])
    page = new_page(viewport=PHONE)
    page.goto(link[link.index("/unsubscribe/") :])
    expect(page.locator("main")).to_contain_text("Monthly digest")
    assert not page.evaluate(WIDE)
    assert_accessible(page)
    page.get_by_role("button").last.click()
    expect(page.locator("main")).to_contain_text("Switched off")
    assert not lead.alert_rules.exists()
    assert_accessible(page)
