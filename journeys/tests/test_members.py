"""Roles given, changed and taken; one lead, always."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Location, Programme
from journeys.tests.factories import make_location, make_programme
from journeys.tests.pages import url


@pytest.fixture
def page(client_of: Callable[[User], Client], lead: User) -> Client:
    return client_of(lead)


def locations_of(user: User, role: str) -> list[str]:
    held = Location.objects.filter(memberships__user=user, memberships__role=role)
    return list(held.values_list("code", flat=True))


def test_a_role_is_added_with_its_locations(
    page: Client, programme: Programme, consultant: User
) -> None:
    paris = programme.locations.get(code="PAR1")
    data = {"role": "observer", "locations": [paris.pk], "observer_code": "OBS-9"}
    assert page.post(url("role-create", consultant.pk), data).status_code == 302
    assert locations_of(consultant, "observer") == ["PAR1"]
    entry = programme.audit_entries.get()
    assert entry.changes["role"] == [None, "observer"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"role": "consultant"}, "role"),
        ({"role": "lead"}, "role"),
        ({"role": "king"}, "role"),
        ({"role": "facilitator", "observer_code": "X"}, "observer_code"),
        ({"role": "observer", "observer_code": "OBS-1"}, "observer_code"),
        ({"role": "observer", "locations": ["0"]}, "locations"),
    ],
)
def test_a_role_that_cant_be_given(
    page: Client, consultant: User, observer: User, data: dict[str, str], field: str
) -> None:
    answer = page.post(url("role-create", consultant.pk), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_only_held_roles_have_locations(
    page: Client, programme: Programme, consultant: User
) -> None:
    data = {"role": "executive", "locations": [programme.locations.all()[0].pk]}
    answer = page.post(url("role-create", consultant.pk), data)
    assert "locations" in answer.context["form"].errors


def test_locations_and_code_are_changed(page: Client, programme: Programme, observer: User) -> None:
    membership = programme.memberships.get(user=observer)
    data = {"locations": [programme.locations.get(code="LYO1").pk], "observer_code": "OBS-1"}
    assert page.post(url("role-edit", membership.pk), data).status_code == 302
    assert locations_of(observer, "observer") == ["LYO1"]
    assert programme.audit_entries.get().changes == {"locations": [["PAR1"], ["LYO1"]]}


def test_a_location_of_another_programme_is_no_choice(
    page: Client, programme: Programme, observer: User
) -> None:
    foreign = make_location(make_programme("other"), "X")
    membership = programme.memberships.get(user=observer)
    answer = page.post(url("role-edit", membership.pk), {"locations": [foreign.pk]})
    assert answer.status_code == 422


def test_a_role_is_taken(page: Client, programme: Programme, executive: User) -> None:
    page.post(url("role-remove", programme.memberships.get(user=executive).pk))
    assert not programme.memberships.filter(user=executive).exists()
    assert programme.audit_entries.get().verb == "removed"


def test_the_lead_cant_leave(page: Client, programme: Programme, lead: User) -> None:
    answer = page.post(url("role-remove", programme.memberships.get(user=lead).pk))
    assert answer.status_code == 409
    assert "hand the lead over first" in answer.content.decode()
    assert programme.memberships.filter(user=lead, role="lead").exists()


def test_the_lead_is_handed_over(
    page: Client, programme: Programme, lead: User, executive: User
) -> None:
    assert page.post(url("lead-hand-over", executive.pk)).status_code == 302
    roles = {(each.user, each.role) for each in programme.memberships.select_related("user")}
    assert roles == {(lead, "consultant"), (executive, "lead"), (executive, "executive")}
    assert page.get(url("member-list")).status_code == 403


def test_the_lead_goes_to_members_only(page: Client, outsider: User) -> None:
    assert page.post(url("lead-hand-over", outsider.pk)).status_code == 404
