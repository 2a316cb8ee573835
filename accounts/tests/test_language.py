"""The EN / FR switch of every page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

ClientOf = Callable[[User], Client]
SWITCH = "/account/language/"


def test_it_is_kept_on_the_person_and_wins_over_the_browser(
    outsider: User, client_of: ClientOf
) -> None:
    client = client_of(outsider)
    answer = client.post(SWITCH, {"language": "fr", "next": "/account/profile/"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/profile/")
    outsider.refresh_from_db()
    assert outsider.language == "fr"
    page = client.get("/account/profile/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="fr">' in page


def test_before_login_a_cookie_keeps_it(client: Client, db: None) -> None:
    client.post(SWITCH, {"language": "fr", "next": reverse("account_login")})
    page = client.get(reverse("account_login"), headers={"accept-language": "en"}).content.decode()
    assert '<html lang="fr">' in page


def test_an_unknown_language_is_refused(client: Client, db: None) -> None:
    assert client.post(SWITCH, {"language": "xx"}).status_code == 400


@pytest.mark.parametrize("next_url", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_it_never_leads_to_another_site(client: Client, db: None, next_url: str) -> None:
    assert client.post(SWITCH, {"language": "en", "next": next_url})["Location"] == "/"


def test_the_switch_leads_back_to_the_page_it_stands_on(
    outsider: User, client_of: ClientOf
) -> None:
    page = client_of(outsider).get("/account/profile/?from=menu").content.decode()
    assert re.search(r'name="next"\s+value="/account/profile/\?from=menu"', page)
