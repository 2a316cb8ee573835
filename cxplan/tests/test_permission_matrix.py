"""Every address of the site, every method, every role: nobody sees or changes more than they may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.permission_rows import PEOPLE, Row
from cxplan.tests.permission_matrix import OWN_RULE, all_rows, prepare_all, site_names
from journeys.models import Programme
from journeys.tests.factories import make_user

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def people(  # each of the cast by the name that the table uses
    lead: User,
    consultant: User,
    facilitator: User,
    location_manager: User,
    observer: User,
    executive: User,
    contributor: User,
    outsider: User,
) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "outsider": outsider,
        "lead": lead,
        "consultant": consultant,
        "facilitator": facilitator,
        "location_manager": location_manager,
        "observer": observer,
        "executive": executive,
        "contributor": contributor,
        "superuser": make_user("Root", is_superuser=True),
    }


def client_for(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, row: Row, world: dict[str, Any], method: str = "") -> int:
    """The status it answers, with all that it wrote taken back."""
    args = [world[each[1:]] if each.startswith("$") else each for each in row.args]
    kind = "application/json" if row.body is not None else "application/x-www-form-urlencoded"
    with transaction.atomic():
        answer = client.generic(
            method or row.method, reverse(row.url_name, args=args), row.body or "", kind
        )
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_answers_each_person_as_the_table_says(
    person: str, programme: Programme, people: dict[str, User | None]
) -> None:
    world = prepare_all(programme)
    client = client_for(people[person])
    wrong = []
    for row in all_rows():
        status = ask(client, row, world)
        if status != row.status_for(person):
            wrong.append(f"{row.method} {row.url_name}: {status}, not {row.status_for(person)}")
    assert wrong == []


def test_a_method_in_no_row_is_refused(
    programme: Programme, people: dict[str, User | None]
) -> None:
    world = prepare_all(programme)
    client = client_for(people["superuser"])
    rows = all_rows()
    known = {(row.url_name, row.method) for row in rows}
    taken = [
        f"{method} {row.url_name}"
        for row in {row.url_name: row for row in rows}.values()
        for method in METHODS
        if (row.url_name, method) not in known and ask(client, row, world, method) != 405
    ]
    assert taken == []


def test_no_address_of_the_site_is_in_no_row() -> None:
    listed = {row.url_name for row in all_rows()} | set(OWN_RULE)
    assert sorted(site_names() - listed) == []


def test_no_row_names_what_is_no_address() -> None:
    listed = {row.url_name for row in all_rows()} | set(OWN_RULE)
    assert sorted(listed - site_names()) == []
