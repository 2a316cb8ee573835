"""Planned visits, who observes, warnings that never stand in the way; drafts that the server kept."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from e2e.field.tablet import Tablet
from observations.devices import make_code
from observations.models import Device, Observation
from observations.tests.tablets import someone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VISIT = "0199c0de-0000-7000-8000-00000000000a"


def guides_with(tablet: Tablet, **more: Any) -> None:
    """The guides as the server answers them, with what the contract adds."""

    def extend(route: Route) -> None:
        answer = route.fetch()
        book = answer.json()
        place = {"hours": None, "closures": []} | more.pop("place", {})
        book |= {"locations": [one | place for one in book["locations"]]} | more
        route.fulfill(status=200, json=book, headers={"ETag": '"other"'})

    tablet.context.route("**/guides/", extend, times=1)


def test_a_planned_visit_is_begun_by_a_tap_and_says_which_it_is(tablet: Tablet, code: str) -> None:
    today = timezone.localdate()
    visit = {
        "id": VISIT,
        "journey": "family-store",
        "method": "store_team",
        "location": "PAR1",
        "observer": None,
        "wave": "W1",
        "from": str(today),
        "to": str(today + timedelta(days=3)),
        "note": "Ask for a tap washer",
        "done": 1,
        "quota": 4,
    }
    people = [{"code": "OBS-1", "name": "Odile"}, {"code": "OBS-2", "name": "Omar"}]
    guides_with(tablet, visits=[visit], observer=None, observers=people)
    page = tablet.ready(code)
    card = page.locator(f'[data-planned="{VISIT}"]')
    expect(card).to_contain_text("1 of 4 done")
    expect(card).to_contain_text("Ask for a tap washer")
    # On a shared tablet nobody observes without a name.
    card.get_by_role("button", name="Begin").tap()
    assert "visit" not in page.url
    page.get_by_label("Who observes").select_option("OBS-2")
    expect(page.get_by_label("Who observes")).to_have_value("OBS-2")
    card.get_by_role("button", name="Begin").tap()
    tablet.answer("S1-b", 0)
    tablet.saved()
    # Sealed at the start: who takes the tablet next changes nothing.
    page.evaluate(
        """() => import("/static/js/field/store.js")
                 .then(({ putSetting }) => putSetting("observer", "OBS-1"))"""
    )
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    revision = Observation.objects.get().revisions.get()
    assert revision.details["visit"] == VISIT
    assert (revision.observer, revision.method) == ("OBS-2", "store_team")


def test_closures_and_hours_are_told_and_never_stand_in_the_way(tablet: Tablet, code: str) -> None:
    today = timezone.localdate()
    closed = {"from": str(today), "to": str(today + timedelta(days=2)), "reason": "Stocktaking"}
    nights = {
        day: [["00:00", "00:01"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
    guides_with(tablet, place={"closures": [closed], "hours": nights})
    page = tablet.ready(code)
    page.goto("/field/#/start")
    warnings = page.locator("[data-warnings]")
    expect(warnings).to_contain_text("Stocktaking")
    expect(warnings).to_contain_text(re.compile("closed at this hour|Closed until"))
    page.get_by_role("button", name="Begin").tap()
    expect(page.locator("[data-question]").first).to_be_visible()


def test_a_begun_visit_is_mirrored_and_offered_again_when_all_is_cleared(
    tablet: Tablet, device: Device, code: str
) -> None:
    kept: dict[str, Any] = {}

    def drafts(route: Route) -> None:
        request = route.request
        if request.method == "PUT":
            body = json.loads(request.post_data or "")
            kept[body["id"]] = body
            route.fulfill(status=200, json={"id": body["id"], "saved_at": body["saved_at"]})
        else:
            route.fulfill(status=200, json={"drafts": list(kept.values())})

    tablet.context.route("**/drafts/**", drafts)
    page = tablet.ready(code)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.answer("S1-p", 2)
    tablet.saved()
    tablet.drain()
    assert kept[one]["document"]["answers"] == {"S1-b": 0, "S1-p": 2}
    assert "token" not in json.dumps(kept)
    page.goto("about:blank")
    session = tablet.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": tablet.url, "storageTypes": "all"})
    tablet.ready(make_code(device=device, actor=someone()))
    offered = page.locator("[data-offered]")
    expect(offered).to_contain_text("1 visit begun earlier")
    offered.get_by_role("button", name="Take back").tap()
    page.locator(f'[data-draft="{one}"] .button-main').tap()
    tablet.answer("S1-d", 3)
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    tablet.until_received(1)
    observation = Observation.objects.get()
    assert str(observation.uuid) == one
    assert observation.revisions.get().answers == {"S1-b": 0, "S1-p": 2, "S1-d": 3}


def test_a_login_that_ends_means_nothing_to_the_queue(tablet: Tablet, code: str) -> None:
    """The app holds no cookie and meets no login page."""
    tablet.ready(code)
    tablet.context.add_cookies([{"name": "sessionid", "value": "long-gone", "url": tablet.url}])
    tablet.finish_one()
    tablet.context.clear_cookies()
    tablet.until_received(1)
    assert Observation.objects.count() == 1


def test_the_queue_is_a_file_as_the_last_resort(tablet: Tablet, code: str) -> None:
    page = tablet.ready(code)
    tablet.network(on=False)
    one = tablet.begin()
    tablet.answer("S1-b", 0)
    tablet.photograph("S1-b")
    tablet.saved()
    tablet.to_summary()
    tablet.finish()
    page.goto("/field/#/settings")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the file").click()
    content = json.loads(download.value.path().read_text())
    assert (content["format"], content["version"]) == ("cxplan.queue", 1)
    [document], [medium] = content["observations"], content["media"]
    assert (document["id"], document["answers"]) == (one, {"S1-b": 0})
    assert (medium["observation"], medium["id"]) == (one, document["media"][0]["id"])
    assert medium["sha256"] == document["media"][0]["sha256"]
    assert content["programme"] == "casa-nord"
    token = page.evaluate(
        """() => import("/static/js/field/device.js").then(({ getDevice }) => getDevice())
            .then(({ token }) => token)"""
    )
    assert token.startswith("cxd_")
    assert token not in json.dumps(content)
