"""A person's own page: name, language, keys to the API."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.tokens import create_token, user_of_token

ClientOf = Callable[[User], Client]
PROFILE = "/account/profile/"


def test_a_stranger_is_asked_to_log_in(client: Client, db: None) -> None:
    answer = client.get(PROFILE)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_name_and_language_are_kept(outsider: User, client_of: ClientOf) -> None:
    answer = client_of(outsider).post(PROFILE, {"name": "Otto Neu", "language": "fr"})
    assert (answer.status_code, answer["Location"]) == (302, PROFILE)
    outsider.refresh_from_db()
    assert (outsider.name, outsider.language) == ("Otto Neu", "fr")


def test_an_unknown_language_is_refused_with_what_was_typed(
    outsider: User, client_of: ClientOf
) -> None:
    answer = client_of(outsider).post(PROFILE, {"name": "Otto Neu", "language": "xx"})
    assert answer.status_code == 422
    assert 'value="Otto Neu"' in answer.content.decode()
    outsider.refresh_from_db()
    assert outsider.name == "Otto Outsider"


def test_a_new_key_is_shown_once_and_works(outsider: User, client_of: ClientOf) -> None:
    client = client_of(outsider)
    token = client.post(reverse("accounts:token-create")).context["new_token"]
    assert user_of_token(token) == outsider
    assert token not in client.get(PROFILE).content.decode()


def test_a_revoked_key_works_no_more(outsider: User, client_of: ClientOf) -> None:
    token = create_token(user=outsider)
    key = ApiToken.objects.get(user=outsider)
    client = client_of(outsider)
    revoke = reverse("accounts:token-revoke", args=[key.pk])
    assert revoke in client.get(PROFILE).content.decode()
    assert client.post(revoke).status_code == 302
    assert user_of_token(token) is None
    assert revoke not in client.get(PROFILE).content.decode()


def test_nobody_revokes_the_key_of_another(outsider: User, lead: User, client_of: ClientOf) -> None:
    token = create_token(user=lead)
    key = ApiToken.objects.get(user=lead)
    answer = client_of(outsider).post(reverse("accounts:token-revoke", args=[key.pk]))
    assert answer.status_code == 404
    assert user_of_token(token) == lead
