"""A device's token at every address of the site: it opens the field calls and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.tests.permission_rows import Row
from cxplan.tests.permission_matrix import all_rows, prepare_all
from journeys.models import Programme
from observations.models import Observation
from observations.tests.tablets import make_tablet

pytestmark = pytest.mark.usefixtures(
    "lead",
    "consultant",
    "facilitator",
    "location_manager",
    "observer",
    "executive",
    "contributor",
)

# What the calls of the table answer to the device that brought the observation of the table.
ALLOWED = {
    ("api-guides", "GET"): 200,
    ("api-observation", "PUT"): 400,  # an empty object
    ("api-observation", "DELETE"): 204,
    ("api-observation-sync", "POST"): 400,
    ("api-observation-status", "GET"): 200,
    ("api-observation-media", "PUT"): 422,
    ("api-draft-list", "GET"): 200,
    ("api-draft", "PUT"): 400,
    ("api-draft", "DELETE"): 204,
}
# Open to everybody, with a token or without.
WITHOUT_LOGIN = {("api-enrolment", "POST"): 400}
# They know tokens of their own, and no other: whoever brings one of another kind is nobody.
FEED = {"api-feed", "api-feed-csv"}
A_PAGE = "api-docs"


def send(client: Any, row: Row, world: dict[str, Any]) -> int:
    args = [world[each[1:]] if each.startswith("$") else each for each in row.args]
    body = (row.body or "{}") if row.method != "GET" else ""
    with transaction.atomic():
        place = reverse(row.url_name, args=args)
        answer = client.generic(row.method, place, body, "application/json")
        transaction.set_rollback(True)
    status: int = answer.status_code
    return status


def is_call(row: Row) -> bool:
    return row.url_name.startswith("api-") and row.url_name != A_PAGE


def api_rows() -> list[Row]:
    return [row for row in all_rows() if is_call(row)]


def test_every_call_of_the_api_answers_a_device_as_the_contract_says(programme: Programme) -> None:
    world = prepare_all(programme)
    device, tablet = make_tablet(programme, name="Tablet 9")
    Observation.objects.filter(uuid=world["observation"]).update(device=device)
    wrong, met = [], set()
    for row in api_rows():
        key, status = (row.url_name, row.method), send(tablet, row, world)
        if key in WITHOUT_LOGIN:
            assert status == WITHOUT_LOGIN[key]
        elif key in ALLOWED and "$foreign" not in row.args:
            met.add(key)
            if status != ALLOWED[key]:
                wrong.append(f"{row.method} {row.url_name}: {status}, not {ALLOWED[key]}")
        elif status not in ((401,) if row.url_name in FEED else (403, 404)):
            wrong.append(f"{row.method} {row.url_name} {row.args}: {status} for a device")
    assert wrong == []
    assert met == set(ALLOWED)


def test_what_somebody_else_brought_is_not_there_for_a_device(programme: Programme) -> None:
    world = prepare_all(programme)
    _device, tablet = make_tablet(programme, name="Tablet 9")
    for row in api_rows():
        if {"$observation", "$foreign", "$withdrawn"} & set(row.args) and row.body is None:
            assert send(tablet, row, world) == 404, row


def test_no_page_opens_for_a_device(programme: Programme) -> None:
    """A page looks at the session alone: with a token only, everybody is a stranger."""
    world = prepare_all(programme)
    _device, tablet = make_tablet(programme, name="Tablet 9")
    pages = [row for row in all_rows() if not is_call(row)]
    opened = [
        f"{row.method} {row.url_name}"
        for row in pages
        if row.status_for("anonymous") in (302, 404)
        and send(tablet, row, world) != row.status_for("anonymous")
    ]
    assert len(pages) > 50
    assert opened == []
