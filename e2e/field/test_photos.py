"""Photos: small, without their place, sent apart, asked about before they are sent again."""

from __future__ import annotations

import re
import struct

import pytest
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet, noise
from observations.models import Media, Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEDIA = re.compile(r"/media/[^/]+/$")
STATUS = re.compile(r"/status/$")
KEPT = """(id) => import("/static/js/field/records.js").then(async ({ getPhoto }) => {
    const photo = await getPhoto(id);
    return photo ? [...new Uint8Array(photo.bytes)] : null;
})"""


def jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height from the start-of-frame segment."""
    place = 2
    while content[place + 1] not in (0xC0, 0xC2):
        place += 2 + struct.unpack(">H", content[place + 2 : place + 4])[0]
    height, width = struct.unpack(">HH", content[place + 5 : place + 9])
    return width, height


def with_place(jpeg: bytes) -> bytes:
    """The same picture with an EXIF segment that tells where it was taken."""
    exif = b"Exif\x00\x00MM\x00*GPSLatitude 50.6292 GPSLongitude 3.0573"
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def test_a_photo_is_made_small_and_its_place_forgotten(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    tablet.photograph("S1-b", noise())
    [item] = tablet.records()[0]["media"]
    first = bytes(page.evaluate(KEPT, item["id"]))
    assert len(first) <= 300_000
    assert max(jpeg_size(first)) <= 1600
    placed = {"name": "gps.jpg", "mimeType": "image/jpeg", "buffer": with_place(first)}
    tablet.photograph("S1-b", placed)
    second = bytes(page.evaluate(KEPT, tablet.records()[0]["media"][1]["id"]))
    assert b"GPS" not in second
    assert b"Exif" not in second


def test_no_picture_is_told(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.begin()
    text = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
    page.locator('input[data-photo="S1-b"]').set_input_files(text)  # type: ignore[arg-type]
    expect(page.locator(".news")).to_contain_text("no picture that the tablet can read")


def finished_with_photo(tablet: Tablet) -> str:
    one = tablet.begin()
    tablet.photograph("S1-b")
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    return one


def test_a_photo_whose_answer_was_lost_is_asked_about_and_not_sent_again(
    tablet: Tablet, code: str
) -> None:
    """The server got it, the device did not hear."""
    page = tablet.ready(code)
    asked: list[str] = []

    def swallow(route: Route) -> None:
        asked.append("photo")
        route.fetch()
        route.abort()

    def status(route: Route) -> None:
        asked.append("status")
        route.continue_()

    tablet.context.route(MEDIA, swallow)
    tablet.context.route(STATUS, status)
    one = finished_with_photo(tablet)
    tablet.until('import("/static/js/field/engine.js").then(({ engine }) => engine.failures > 0)')
    photo = tablet.records()[0]["media"][0]["id"]
    assert page.evaluate(KEPT, photo) is not None
    tablet.until_received(1)
    assert asked == ["photo", "status"]
    assert page.evaluate(KEPT, photo) is None
    assert Media.objects.get(observation__uuid=one).file


def test_photos_stay_until_the_server_misses_none(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.context.route(MEDIA, lambda route: route.fulfill(status=502, body="bad gateway"))
    finished_with_photo(tablet)
    expect(page.locator('[data-standing="sending"]')).to_have_attribute("data-count", "1")
    expect(page.locator('[data-standing="sending"]')).to_contain_text("1 photo to go")
    photo = tablet.records()[0]["media"][0]["id"]
    assert Observation.objects.count() == 1
    assert page.evaluate(KEPT, photo) is not None
    tablet.context.unroute(MEDIA)
    tablet.until_received(1)
    assert page.evaluate(KEPT, photo) is None


def test_a_photo_that_can_not_be_read_any_more_is_told_before_finishing(
    tablet: Tablet, code: str
) -> None:
    page = tablet.ready(code)
    tablet.begin()
    tablet.photograph("S1-b")
    tablet.saved()
    photo = tablet.records()[0]["media"][0]["id"]
    page.evaluate(
        """(id) => import("/static/js/field/store.js").then(({ write }) =>
            write(["photos"], (tx) => tx.objectStore("photos").delete(id)))""",
        photo,
    )
    tablet.to_summary()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".news")).to_contain_text("be read any more")
    assert tablet.records()[0]["state"] == "draft"


def test_a_photo_that_is_gone_after_finishing_needs_a_person(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.context.route(MEDIA, lambda route: route.abort())
    finished_with_photo(tablet)
    expect(page.locator('[data-standing="sending"]')).to_have_attribute("data-count", "1")
    photo = tablet.records()[0]["media"][0]["id"]
    page.evaluate(
        """(id) => import("/static/js/field/store.js").then(({ write }) =>
            write(["photos"], (tx) => tx.objectStore("photos").delete(id)))""",
        photo,
    )
    tablet.context.unroute(MEDIA)
    tablet.drain()
    you = page.locator('[data-standing="you"]')
    expect(you).to_have_attribute("data-count", "1")
    you.get_by_role("link").click()
    expect(page.locator('[data-problem="photo-lost"]')).to_contain_text("Interaction S1-b")
