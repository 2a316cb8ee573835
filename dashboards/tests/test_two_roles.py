"""Two roles in one programme: neither the files nor the gaps of one show what only the other might."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from actionplans.tests.factories import make_action
from dashboards.exports import kind_of
from dashboards.tests.documents import contents_for
from journeys.documents import ask_for_document, make
from journeys.models import Membership, Programme
from journeys.tests.factories import make_member, make_user
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework

ClientOf = Callable[[User], Client]
BASE = "/programmes/casa-nord/"


@pytest.fixture
def measured(programme: Programme, framework: Framework) -> Programme:
    for _number in range(6):
        submit(programme, answers=ANSWERS | {"S2-b": -2})
    fold_pending()
    return programme


def status(client: Client, address: str) -> int:
    """A file is read to its end, which closes it."""
    answer = client.get(address)
    if answer.streaming:
        assert b"".join(answer)
    code: int = answer.status_code
    return code


def test_a_manager_who_moved_on_downloads_no_answers_of_the_old_place(
    measured: Programme, client_of: ClientOf
) -> None:
    """As an executive they go on reading every score, but single answers of their own places only."""
    person = make_member(measured, "executive", make_user("Mia"))
    make_member(measured, "location_manager", person, measured.locations.filter(code="PAR1"))
    document = ask_for_document(
        programme=measured,
        kind=kind_of("workbook"),
        parameters={"journey": "family-store", "filters": {"location": "PAR1"}},
        origin="/",
        asked_by=person,
    )
    make(document.pk)
    address = f"{BASE}documents/{document.pk}/file/"
    assert status(client_of(person), address) == 200
    managing = Membership.objects.get(user=person, role="location_manager")
    managing.locations.set(measured.locations.filter(code="LYO1"))
    assert status(client_of(person), address) == 404
    managing.locations.add(measured.locations.get(code="PAR1"))
    assert status(client_of(person), address) == 200


def test_where_others_actions_are_not_seen_nobody_says_that_there_is_none(
    measured: Programme, lead: User, client_of: ClientOf
) -> None:
    """A contributor sees own actions; as a manager of a place they read its gaps."""
    person = make_member(measured, "contributor", make_user("Max"))
    make_member(measured, "location_manager", person, measured.locations.filter(code="PAR1"))
    make_action(measured.journeys.get().stages.get(key="S2"), lead, title="Close the shop")
    page = client_of(person).get(f"{BASE}dashboard/").content.decode()
    assert "Close the shop" not in page and "No action yet" not in page
    contents = contents_for(person, measured.journeys.get())
    assert contents.actions is None
    home = client_of(person).get(BASE)
    assert home.context["lacking"] == 0
