"""The password of a link: what it opens, for whom, and how often it may be wrong."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Journey
from journeys.sharing import WRONG_TRIES, share_maps


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def share(journey: Journey, actor: User, password: str) -> str:
    return share_maps(
        programme=journey.programme,
        name="The board",
        journeys=[journey],
        lanes=["needs"],
        password=password,
        last_day=None,
        actor=actor,
    )


def pages_of(token: str) -> list[str]:
    page = reverse("journeys:shared-map", args=[token, "family-store"])
    return [page, f"{page}?view=table", f"{page}map.pdf", f"{page}map.png"]


def test_ten_wrong_passwords_shut_the_door_for_an_hour(journey: Journey, lead: User) -> None:
    token, other = share(journey, lead, "open sesame"), share(journey, lead, "another one")
    url = reverse("journeys:shared", args=[token])
    for number in range(WRONG_TRIES):
        # From a new browser each: the count is the link's.
        assert Client().post(url, {"password": f"wrong {number}"}).status_code == 422
    for password in ("wrong again", "open sesame"):
        assert Client().post(url, {"password": password}).status_code == 429
    elsewhere = reverse("journeys:shared", args=[other])
    assert Client().post(elsewhere, {"password": "another one"}).status_code == 302
    cache.clear()  # as after an hour
    assert Client().post(url, {"password": "open sesame"}).status_code == 302


def test_a_password_opens_its_link_in_that_browser_only(journey: Journey, lead: User) -> None:
    token = share(journey, lead, " open sesame")
    url = reverse("journeys:shared", args=[token])
    reader = Client(enforce_csrf_checks=True)
    asked = reader.get(url)
    assert asked.status_code == 200
    assert b"password" in asked.content
    for page in pages_of(token):
        answer = reader.get(page)
        assert (answer.status_code, answer["Location"][:3]) == (302, "../")
        assert b"Stage S1" not in answer.content
    assert reader.post(url, {}).status_code == 422
    wrong = reader.post(url, {"password": "open sesame"})
    assert wrong.status_code == 422
    assert b"open sesame" not in wrong.content
    assert not reader.cookies
    assert reader.post(url, {"password": " open sesame"}).status_code == 302
    assert list(reader.cookies) == ["sessionid"]
    assert all(reader.get(page).status_code == 200 for page in pages_of(token))
    assert Client().get(pages_of(token)[0]).status_code == 302
