"""The audit page: what was changed, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.models import User
from journeys.audit import record
from journeys.models import Programme
from journeys.tests.pages import url


def test_changes_are_read_field_by_field(
    programme: Programme, lead: User, client_of: Callable[[User], Client]
) -> None:
    record(
        programme=programme,
        actor=lead,
        verb="changed",
        subject="Store",
        changes={"in_perimeter": [True, False], "locations": [[], ["PAR1", "LYO1"]]},
    )
    text = client_of(lead).get(url("history")).content.decode()
    assert "Changed <strong>Store</strong>" in text
    assert "in the perimeter: <del>yes</del> → <ins>no</ins>" in text
    assert "locations: <del>none</del> → <ins>PAR1, LYO1</ins>" in text


def test_the_history_is_paged(
    programme: Programme, lead: User, client_of: Callable[[User], Client]
) -> None:
    for number in range(51):
        record(programme=programme, actor=None, verb="published", subject=f"row {number}")
    client = client_of(lead)
    first = client.get(url("history")).context["page"]
    second = client.get(url("history") + "?page=2").context["page"]
    assert (len(first), len(second)) == (50, 1)
    assert first[0].subject == "row 50"
    assert second[0].subject == "row 0"
