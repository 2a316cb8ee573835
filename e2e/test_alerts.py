"""What leaves a programme by itself, as its lead sets it up: a rule, a webhook, a token of the feed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import APIRequestContext, Page, Playwright, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer
from standardwebhooks import Webhook as Verifier

from accounts.models import User
from actionplans.tests.factories import make_action
from alerts.models import Delivery, Rule
from alerts.tests.receiver import receiving
from e2e.conftest import NewPage, assert_accessible
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BASE = "/programmes/casa-nord"


@pytest.fixture
def measured(programme: Programme, framework: Framework, settings: Settings) -> Programme:
    settings.WEBHOOKS_MAY_REACH_PRIVATE = True
    for _number in range(6):
        submit(programme)
    fold_pending()
    return programme


@pytest.fixture
def program(driver: Playwright, live_server: LiveServer) -> Iterator[APIRequestContext]:
    """What reads the feed: no browser, no cookies."""
    context = driver.request.new_context(base_url=live_server.url)
    yield context
    context.dispose()


def shown_once(page: Page, pattern: str) -> str:
    """What the message says, which is gone when the page is loaded again."""
    found = re.search(pattern, page.locator(".messages").inner_text())
    assert found is not None
    page.reload()
    assert found[0] not in page.content()
    return found[0]


def test_a_rule_is_tried_on_the_past_and_switched_on(
    measured: Programme, journey: Journey, lead: User, new_page: NewPage
) -> None:
    late, born = timezone.localdate() - timedelta(days=3), timezone.now() - timedelta(days=40)
    make_action(journey.stages.get(key="S1"), lead, due_on=late, created_at=born)
    page = new_page(lead)
    page.goto(f"{BASE}/dashboard/")
    page.get_by_role("link", name="Alerts by e-mail").click()
    page.get_by_role("link", name="Try on the past: Action late").click()
    trial = page.locator(".trial")
    expect(trial.get_by_role("heading")).to_contain_text("you would have had 1 e-mail since")
    expect(trial).to_contain_text("Late: Mend Stage S1")
    assert_accessible(page)
    assert not Rule.objects.exists()
    page.get_by_role("button", name="Switch on: Action late").click()
    expect(page.get_by_role("button", name="Switch off: Action late")).to_be_visible()
    assert Rule.objects.get().kind == "late_action"


def test_a_webhook_is_added_tested_and_seen_in_its_log(
    measured: Programme, lead: User, new_page: NewPage
) -> None:
    page = new_page(lead)
    with receiving(204) as receiver:
        page.goto(f"{BASE}/alerts/")
        page.get_by_role("link", name="Webhooks").click()
        page.get_by_role("link", name="Add a webhook").first.click()
        page.get_by_label("Address").fill(receiver.url)
        page.get_by_role("button", name="Save").click()
        secret = shown_once(page, r"whsec_[A-Za-z0-9+/=]+")
        page.get_by_role("button", name="Send a test message").click()
        row = page.get_by_role("row", name="Test message")
        expect(row).to_contain_text("Delivered")
        expect(row).to_contain_text("204")
        assert_accessible(page)
    [(headers, body)] = receiver.got
    assert Verifier(secret).verify(body, headers)["data"] == {"programme": "casa-nord"}
    assert json.loads(body)["type"] == "test"
    assert Delivery.objects.get(kind="test").state == "delivered"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_token_reads_the_feed_until_it_is_revoked(
    measured: Programme, lead: User, new_page: NewPage, program: APIRequestContext
) -> None:
    page = new_page(lead)
    page.goto(f"{BASE}/alerts/feed/")
    page.get_by_label("Name").fill("Power BI")
    page.get_by_role("button", name="Create a token").click()
    token = shown_once(page, r"cxf_[\w-]+")
    feed = f"/api/v1{BASE}/feed.csv?wave=all&place=all"
    assert program.get(feed).status == 401
    answer = program.get(feed, headers={"Authorization": f"Bearer {token}"})
    rows = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))
    found = [(row["stage"], row["n"]) for row in rows]
    assert found == [("S1", "6"), ("S2", "6"), ("S3", "6"), ("", "6")], "the journey comes last"
    page.reload()
    expect(page.get_by_role("row", name="Power BI")).not_to_contain_text("never")
    page.get_by_role("button", name="Revoke Power BI").click()
    expect(page.get_by_role("row", name="Power BI")).to_contain_text("Revoked on")
    assert_accessible(page)
    assert program.get(feed, headers={"Authorization": f"Bearer {token}"}).status == 401
