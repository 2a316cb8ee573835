"""Who reads the drafts of others: a mystery visit that was begun is no news for the store."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import create_token
from journeys.models import Programme
from observations.models import Device
from observations.tests.tablets import client_with, make_tablet
from observations.tests.test_drafts import listed, make_draft, mirror

pytestmark = pytest.mark.usefixtures("framework", "own_cache")


def begun(method: str, location: str = "PAR1") -> dict[str, Any]:
    draft = make_draft(location=location)
    draft["document"]["method"] = method
    return draft


def ids(client: APIClient, programme: Programme) -> list[str]:
    return [one["id"] for one in listed(client, programme)]


@pytest.mark.parametrize("method", ["mystery_visit", "shadowing"])
def test_a_stores_tablet_reads_no_trained_observers_draft(
    programme: Programme, method: str
) -> None:
    _own, tablet = make_tablet(programme)
    store, stores = make_tablet(programme, name="Tablet 2")
    secret, open_one = begun(method), begun("store_team")
    for draft in (secret, open_one):
        mirror(tablet, programme, draft)
    assert ids(stores, programme) == [open_one["id"]]
    assert ids(tablet, programme) == [secret["id"], open_one["id"]], "its own it reads"
    Device.objects.filter(pk=store.pk).update(takes_mystery_visits=True)
    assert ids(stores, programme) == [secret["id"], open_one["id"]]


def test_a_draft_says_whose_it_is(programme: Programme, observer: User, lead: User) -> None:
    device, tablet = make_tablet(programme)
    person = client_with(create_token(user=observer))
    for client in (tablet, person):
        mirror(client, programme, begun("store_team"))
    told = [one["device"] for one in listed(client_with(create_token(user=lead)), programme)]
    assert told == [{"id": str(device.uuid), "name": "Tablet 1"}, None]


def test_a_device_puts_no_draft_before_another_place(programme: Programme) -> None:
    _own, tablet = make_tablet(programme)
    _other, lyon = make_tablet(programme, name="Tablet 2", codes=("LYO1",))
    draft = begun("store_team", "LYO1")
    assert mirror(tablet, programme, draft).status_code == 200
    assert ids(lyon, programme) == []
    assert ids(tablet, programme) == [draft["id"]], "to itself it is not lost"
