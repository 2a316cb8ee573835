"""A visit with the network off from before opening to after finishing."""

from __future__ import annotations

import hashlib

import pytest
from playwright.sync_api import expect

from e2e.field.tablet import APP, Tablet
from observations.models import Media, Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STAGES: list[dict[str, str | int]] = [
    {"S1-b": 0, "S1-p": 1, "S1-d": "NO"},
    {"S2-b": -2, "S2-p": 2, "S2-d": 3},
    {"S3-b": 0, "S3-p": "NA"},
]


def test_nothing_observed_offline_is_lost(tablet: Tablet, code: str) -> None:
    tablet.ready(code)
    tablet.restart(offline=True)
    page = tablet.visit_app()
    one = tablet.begin()
    tablet.fill_in(STAGES[:1])
    tablet.photograph("S2-b")
    tablet.fill_in(STAGES[1:])
    expect(page.locator("[data-summary]")).to_contain_text("1 question has no answer")
    tablet.finish()
    expect(page.locator('[data-standing="tablet"]')).to_have_attribute("data-count", "1")
    assert Observation.objects.count() == 0

    tablet.restart()
    page = tablet.visit_app()
    expect(page.locator('[data-standing="server"]')).to_have_attribute("data-count", "1")
    observation = Observation.objects.get()
    assert str(observation.uuid) == one
    revision = observation.revisions.get()
    expected = {key: answer for stage in STAGES for key, answer in stage.items()}
    assert revision.answers == expected
    photo = Media.objects.get(observation=observation)
    with photo.file as file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == photo.sha256
    assert content[:3] == b"\xff\xd8\xff"
    assert tablet.states()["missing"] == 0


def test_where_the_app_is_first_seen_it_asks_to_be_enrolled(tablet: Tablet, code: str) -> None:
    page = tablet.visit_app()
    assert page.url.endswith(APP)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enrol this device")
