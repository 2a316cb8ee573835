"""Log in by e-mail address, forgotten password, closed sign-up."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "a-long-Password-9"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("ada@example.com", PASSWORD, name="Ada")


def test_an_address_and_a_password_let_in(client: Client, person: User) -> None:
    answer = client.post(
        reverse("account_login"), {"login": "ADA@example.com", "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, reverse("journeys:programme-list"))
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_wrong_password_is_said_in_words(client: Client, person: User) -> None:
    answer = client.post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    page = answer.content.decode()
    assert "alert-danger" in page
    assert person.email in page
    assert "_auth_user_id" not in client.session


def test_logging_out_is_a_post(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_replaced_by_a_link(client: Client, person: User) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": person.email})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert client.get(answer["Location"]).status_code == 200
    found = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert found
    form = client.get(found[1], follow=True)
    assert 'name="password1"' in form.content.decode()
    new = {"password1": "Another-long-1", "password2": "Another-long-1"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    assert done.status_code == 200
    person.refresh_from_db()
    assert person.check_password("Another-long-1")
    assert 'name="password1"' not in client.get(found[1], follow=True).content.decode()


def test_an_unknown_address_gets_the_same_answer(client: Client, db: None) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert answer["Location"] == reverse("account_reset_password_done")


def test_nobody_signs_up_without_an_invitation(client: Client, db: None) -> None:
    sent = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (
        client.get(reverse("account_signup")),
        client.post(reverse("account_signup"), sent),
    ):
        assert 'name="password1"' not in answer.content.decode()
    assert not User.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize("name", ["change_password", "email", "reauthenticate"])
def test_pages_of_a_person_who_is_logged_in(client: Client, person: User, name: str) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse(f"account_{name}"), follow=True)
    assert answer.status_code == 200
    assert "cx<b>plan</b>" in answer.content.decode()


def test_a_page_that_is_not_there(client: Client, person: User) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert reverse("home") in answer.content.decode()
