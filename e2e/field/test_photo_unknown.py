"""A photo that the server has no place for: it is asked what it has, and told again what it lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route

from e2e.field.tablet import RECORDS, Tablet
from e2e.field.test_queue_file import finished
from observations.models import HeldCopy, Media, Observation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_FOUND: dict[str, Any] = {"status": 404, "json": {"title": "Not found", "status": 404}}
MEDIA = "**/media/**"


@pytest.fixture
def owing(tablet: Tablet, code: str) -> Tablet:
    """The server has the observation and not its photo."""
    tablet.ready(code)
    tablet.context.route(MEDIA, lambda route: route.abort())
    finished(tablet, 1)
    tablet.drain()
    assert (tablet.states()["received"], tablet.states()["missing"]) == (1, 1)
    # Nothing is in doubt: the photo is sent before anything is asked.
    tablet.page.evaluate(
        f"""async () => {{
            const {{ allRecords, append }} = await import("{RECORDS}");
            const [record] = await allRecords();
            await append(record.id, [{{ kind: "doubt", doubt: false }}]);
        }}"""
    )
    return tablet


def test_an_observation_that_the_server_lost_is_sent_again_with_its_photo(owing: Tablet) -> None:
    Observation.objects.all().delete()
    owing.context.unroute(MEDIA)
    owing.until_received(1)
    assert bool(Media.objects.get().file)
    assert HeldCopy.objects.count() == 0
    assert owing.states()["parked"] == 0


def test_a_photo_that_is_not_wanted_any_more_ends_the_sending(owing: Tablet) -> None:
    [record] = owing.records()
    owing.context.unroute(MEDIA)
    owing.context.route(MEDIA, lambda route: route.fulfill(**NOT_FOUND))
    answer = {"id": record["id"], "missing_media": []}
    owing.context.route("**/status/", lambda route: route.fulfill(status=200, json=answer))
    owing.drain()
    states = owing.states()
    assert (states["received"], states["missing"], states["parked"]) == (1, 0, 0)


def test_one_that_is_missing_and_refused_needs_a_person(owing: Tablet) -> None:
    """Neither does it go round for ever."""
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append("photo")
        route.fulfill(**NOT_FOUND)

    owing.context.unroute(MEDIA)
    owing.context.route(MEDIA, refuse)
    for _drain in range(3):
        owing.drain()
    assert owing.states()["parked"] == 1
    assert asked == ["photo"]
