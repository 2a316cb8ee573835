"""`GET bundle/`: what export_programme writes, for those who may export."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cxplan.tests.bundles import EX1, exported, load
from journeys.models import Programme
from journeys.tests.factories import make_member

ClientOf = Callable[[User], Client]


@pytest.fixture
def golden(db: None) -> Programme:
    return load(EX1)


def address(programme: Programme) -> str:
    return reverse("api-bundle", args=[programme.slug])


def test_it_is_the_export(golden: Programme, client_of: ClientOf) -> None:
    client = client_of(make_member(golden, "lead"))
    without = client.get(address(golden))
    assert without.status_code == 200
    assert without["Content-Type"] == "application/json"
    assert without.getvalue().decode() == exported(golden, with_observations=False)
    whole = client.get(address(golden), {"observations": "1"})
    assert whole.getvalue().decode() == exported(golden)


def test_only_who_may_export(golden: Programme, client_of: ClientOf, outsider: User) -> None:
    for role in ("consultant", "facilitator", "executive", "observer"):
        assert client_of(make_member(golden, role)).get(address(golden)).status_code == 403
    assert client_of(outsider).get(address(golden)).status_code == 404
    assert Client().get(address(golden)).status_code == 401


def test_another_value_is_refused(golden: Programme, client_of: ClientOf) -> None:
    answer = client_of(make_member(golden, "lead")).get(address(golden), {"observations": "all"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"path": "/observations", "detail": "0 or 1."}]


def test_it_is_not_written_to(golden: Programme, client_of: ClientOf) -> None:
    assert client_of(make_member(golden, "lead")).post(address(golden)).status_code == 405
