"""From the invitation to the member: by mail, by link, once, for 14 days, for one address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.tokens import digest_of
from journeys.invitations import InvitationClosed, accept
from journeys.models import Invitation, Programme
from journeys.tests.factories import make_user
from journeys.tests.pages import url

ClientOf = Callable[[User], Client]
PASSWORD = "a long enough passphrase"


@pytest.fixture
def page(client_of: ClientOf, lead: User) -> Client:
    return client_of(lead)


@pytest.fixture
def link(
    page: Client,
    programme: Programme,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> str:
    """The path of the accept page, as new@example.com reads it in the mail."""
    paris = programme.locations.get(code="PAR1")
    data = {"email": "New@Example.com", "role": "observer", "observer_code": "OBS-5"}
    with django_capture_on_commit_callbacks(execute=True):
        page.post(url("invitation-create"), data | {"locations": [paris.pk]})
    return link_in(str(mail.outbox[-1].body))


def link_in(text: str) -> str:
    found = re.search(r"http://testserver(/invitations/\S+/)", text)
    assert found is not None
    return found[1]


def test_the_mail_carries_the_link_and_the_database_its_digest(link: str) -> None:
    assert mail.outbox[0].to == ["new@example.com"]
    token = link.split("/")[2]
    invitation = Invitation.objects.get()
    assert invitation.digest == digest_of(token)
    assert invitation.expires_at - invitation.created_at <= timedelta(days=14, seconds=1)


def test_the_link_is_shown_once(page: Client, link: str) -> None:
    assert link in page.get(url("member-list")).content.decode()
    assert link not in page.get(url("member-list")).content.decode()


def test_somebody_new_signs_up_and_joins(link: str, programme: Programme) -> None:
    visitor = Client()
    assert visitor.get(reverse("account_signup")).context.get("form") is None
    to_signup = visitor.post(link)
    signup = visitor.get(to_signup["Location"])
    assert signup.context["form"]["email"].value() == "new@example.com"
    data = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert visitor.post(to_signup["Location"], data)["Location"] == link
    joined = visitor.post(link)
    assert joined["Location"] == programme.get_absolute_url()
    membership = programme.memberships.get(user__email="new@example.com")
    assert (membership.role, membership.observer_code) == ("observer", "OBS-5")
    assert [each.code for each in membership.locations.all()] == ["PAR1"]
    assert visitor.get(reverse("account_signup")).status_code == 302


def test_the_sign_up_opens_an_account_for_the_invited_address_only(link: str) -> None:
    visitor = Client()
    signup = visitor.post(link)["Location"]
    data = {"email": "thief@example.com", "password1": PASSWORD, "password2": PASSWORD}
    visitor.post(signup, data)
    assert not User.objects.filter(email="thief@example.com").exists()


def test_somebody_with_an_account_logs_in_and_joins(
    link: str, programme: Programme, client_of: ClientOf
) -> None:
    user = make_user("New", email="new@example.com")
    asked = Client().post(link)
    assert asked["Location"].startswith(reverse("account_login"))
    assert client_of(user).post(link).status_code == 302
    assert programme.memberships.filter(user=user).count() == 1


def test_somebody_else_is_told_so(
    link: str, outsider: User, client_of: ClientOf, programme: Programme
) -> None:
    client = client_of(outsider)
    assert "You are logged in as otto.outsider@example.com" in client.get(link).content.decode()
    assert client.post(link).status_code == 403
    assert not programme.memberships.filter(user=outsider).exists()


def test_a_link_works_once(link: str, client_of: ClientOf) -> None:
    client = client_of(make_user("New", email="new@example.com"))
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410
    assert client.get(link).status_code == 410


def test_of_two_clicks_at_once_the_second_finds_it_closed(link: str) -> None:
    user = make_user("New", email="new@example.com")
    both = [Invitation.objects.get() for _ in range(2)]
    accept(invitation=both[0], user=user)
    with pytest.raises(InvitationClosed):
        accept(invitation=both[1], user=user)


@pytest.mark.parametrize("how", ["expired", "revoked", "unknown"])
def test_a_closed_link_says_so(link: str, page: Client, how: str) -> None:
    invitation = Invitation.objects.get()
    if how == "expired":
        Invitation.objects.update(expires_at=timezone.now())
    elif how == "revoked":
        page.post(url("invitation-revoke", invitation.pk))
    else:
        link = reverse("journeys:invitation-accept", args=["guessed"])
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "Whoever invited you can send a new link." in answer.content.decode()
    assert Client().post(link).status_code == 410


def test_sending_again_makes_the_old_link_useless(
    link: str,
    page: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        page.post(url("invitation-resend", Invitation.objects.get().pk))
    assert Client().get(link).status_code == 410
    assert Client().get(link_in(str(mail.outbox[-1].body))).status_code == 200


@pytest.mark.parametrize(
    ("email", "role", "code", "field"),
    [
        ("no address", "observer", "", "email"),
        ("new@example.com", "observer", "", "email"),
        ("lea.lead@example.com", "lead", "", "role"),
        ("x@example.com", "observer", "OBS-5", "observer_code"),
    ],
)
def test_an_invitation_that_makes_no_sense(
    link: str, page: Client, email: str, role: str, code: str, field: str
) -> None:
    data = {"email": email, "role": role, "observer_code": code}
    answer = page.post(url("invitation-create"), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Invitation.objects.count() == 1


def test_an_observer_code_given_away_in_between_is_left_out(
    link: str, programme: Programme, observer: User, client_of: ClientOf
) -> None:
    programme.memberships.filter(user=observer).update(observer_code="OBS-5")
    user = make_user("New", email="new@example.com")
    assert client_of(user).post(link).status_code == 302
    assert programme.memberships.get(user=user).observer_code == ""
