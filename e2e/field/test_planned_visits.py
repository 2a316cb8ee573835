"""Planned visits: warned of what speaks against going, counted with what waits here, shown when missed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet
from journeys.models import Journey
from scoring.models import Framework
from scoring.tests.factories import make_framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def planned(number: int, *, ends: date, **more: Any) -> dict[str, Any]:
    return {
        "id": f"0199c0de-0000-7000-8000-0000000000b{number}",
        "journey": "family-store",
        "method": "mystery_visit",
        "location": "PAR1",
        "observer": None,
        "wave": None,
        "from": str(ends - timedelta(days=3)),
        "to": str(ends),
        "note": "",
        "done": 0,
        "quota": 2,
    } | more


def serve(tablet: Tablet, *, closures: list[dict[str, str]] | None = None, **more: Any) -> None:
    def extend(route: Route) -> None:
        book = route.fetch().json()
        place = {"hours": None, "closures": closures or []}
        book |= {"locations": [one | place for one in book["locations"]]} | more
        route.fulfill(json=book, headers={"ETag": '"planned"'})

    tablet.context.route("**/guides/", extend)


def test_a_closure_is_told_on_the_card_and_does_not_stand_in_the_way(
    tablet: Tablet, code: str
) -> None:
    today = timezone.localdate()
    closed = {"from": str(today), "to": str(today), "reason": "Stocktaking"}
    visit = planned(1, ends=today)
    serve(tablet, closures=[closed], visits=[visit])
    page = tablet.ready(code)
    card = page.locator(f'[data-planned="{visit["id"]}"]')
    expect(card).to_contain_text("Closed today. Stocktaking")
    card.get_by_role("button", name="Begin").tap()
    expect(page.locator("[data-question]").first).to_be_visible()


def test_a_mystery_visitor_who_was_there_lately_is_told(tablet: Tablet, code: str) -> None:
    today = timezone.localdate()
    mystery, team = planned(1, ends=today), planned(2, ends=today, method="store_team")
    people = [{"code": "OBS-1", "name": "Odile"}]
    serve(tablet, visits=[mystery, team], lockout_days=30, observer=None, observers=people)
    page = tablet.ready(code)
    card = page.locator(f'[data-planned="{mystery["id"]}"]')
    expect(card).to_be_visible()
    assert "You were here" not in card.inner_text()
    tablet.network(on=False)
    tablet.finish_one()
    expect(card).to_contain_text("You were here on")
    expect(card.get_by_role("button", name="Begin")).to_be_enabled()
    other = page.locator(f'[data-planned="{team["id"]}"]')
    assert "You were here" not in other.inner_text()


def test_what_is_finished_here_counts_and_says_that_it_is_only_here(
    tablet: Tablet, code: str
) -> None:
    visit = planned(1, ends=timezone.localdate(), method="store_team")
    serve(tablet, visits=[visit])
    page = tablet.ready(code)
    tablet.network(on=False)
    card = page.locator(f'[data-planned="{visit["id"]}"]')
    for count in (1, 2):
        card.get_by_role("button", name="Begin").tap()
        tablet.answer("S1-b", 0)
        tablet.saved()
        tablet.to_summary()
        tablet.finish()
        expect(card).to_contain_text(f"{count} of 2 done, {count} of them only on this tablet")
    expect(card).to_contain_text("Done; it goes to the server by itself.")
    expect(card.get_by_role("button", name="Begin")).to_have_count(0)
    assert [one["visit"] for one in tablet.records()] == [visit["id"]] * 2


def test_a_missed_visit_is_shown_as_overdue_for_a_week(tablet: Tablet, code: str) -> None:
    today = timezone.localdate()
    late = planned(1, ends=today - timedelta(days=6))
    gone = planned(2, ends=today - timedelta(days=9))
    serve(tablet, visits=[late, gone])
    page = tablet.ready(code)
    card = page.locator(f'[data-planned="{late["id"]}"]')
    expect(card.locator("[data-overdue]")).to_contain_text("Overdue since")
    expect(card.get_by_role("button", name="Begin")).to_be_enabled()
    assert page.locator(f'[data-planned="{gone["id"]}"]').count() == 0


def test_a_guide_taken_away_meanwhile_is_said_and_the_choices_are_new(
    tablet: Tablet, code: str, framework: Framework, journey: Journey
) -> None:
    page = tablet.ready(code)
    page.goto("/field/#/start")
    page.get_by_role("button", name="Begin").wait_for()
    Framework.objects.filter(pk=framework.pk).update(status="closing")
    make_framework(journey, version=2)
    tablet.drain()
    page.get_by_role("button", name="Begin").tap()
    expect(page.get_by_role("alert")).to_contain_text("not open any more")
    assert page.locator("select[name=guide]").input_value() == "family-store@2@casa-nord"
    assert tablet.records() == []
    page.get_by_role("button", name="Begin").tap()
    page.wait_for_url("**/#/visit/*")
