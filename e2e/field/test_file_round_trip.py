"""The last resort from end to end: from a revoked tablet by a file and a lead, and the tablet agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from accounts.models import User
from e2e.conftest import NewPage
from e2e.field.storm import on_the_server
from e2e.field.tablet import Tablet
from observations.devices import revoke_device
from observations.models import Device, HeldCopy, Media, Observation, Revision
from observations.tests.tablets import someone

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEVICES = "/programmes/casa-nord/devices/"


def visit_with_photos(tablet: Tablet, *answers: str | int) -> None:
    tablet.begin()
    for question, answer in zip(("S1-b", "S1-p"), answers, strict=True):
        tablet.answer(question, answer)
        tablet.photograph(question)
    tablet.saved()
    tablet.to_summary()
    tablet.finish()


@pytest.fixture
def tablet(tablet: Tablet, code: str) -> Tablet:
    tablet.ready(code)
    return tablet


def test_a_queue_goes_round_by_a_file_and_nothing_is_there_twice(
    tablet: Tablet, device: Device, lead: User, new_page: NewPage, tmp_path: Path
) -> None:
    tablet.network(on=False)
    visit_with_photos(tablet, 0, 2)
    visit_with_photos(tablet, -2, "NA")
    revoke_device(device=device, actor=someone())
    tablet.network(on=True)
    expect(tablet.page.locator('[data-banner="paused"]')).to_be_visible()
    finished = {
        one["id"]: (one["answers"], [photo["sha256"] for photo in one["media"]])
        for one in tablet.records()
    }

    tablet.page.goto("/field/#/settings")
    with tablet.page.expect_download() as download:
        tablet.page.get_by_role("button", name="Save the file").tap()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    desk = new_page(lead)
    desk.goto(DEVICES)
    desk.get_by_role("link", name="Bring a queue file").click()
    desk.locator('input[type="file"]').set_input_files(file)
    desk.get_by_role("button", name="Bring it").click()
    told = desk.locator("#queue-import")
    expect(told).to_contain_text("Created (2)")
    assert told.locator(".tag", has_text="Created").count() == 2
    assert told.locator(".tag", has_text="Stored").count() == 4
    assert on_the_server() == finished

    # The lead lets the tablet in again: what waits on it is there already, and it learns that.
    desk.goto(DEVICES)
    desk.get_by_role("button", name="Enrol again: Tablet 1").click()
    letters = desk.locator(".enrolment-code").inner_text()
    tablet.page.goto("/field/#/enrol")
    tablet.page.get_by_label("Code").fill(letters)
    tablet.page.get_by_role("button", name="Enrol this device").tap()
    tablet.until_received(2)
    assert tablet.states()["parked"] == 0
    assert on_the_server() == finished
    assert (Observation.objects.count(), Revision.objects.count()) == (2, 2)
    assert (Media.objects.count(), HeldCopy.objects.count()) == (4, 0)
    assert set(Revision.objects.values_list("created_by", flat=True)) == {lead.pk}
