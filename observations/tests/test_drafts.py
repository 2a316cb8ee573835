"""Begun visits mirrored by a tablet: the newer copy stays, until the observation arrives."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import create_token
from journeys.models import Programme
from observations.models import Draft, Observation
from observations.tasks import drop_old_drafts
from observations.tests.factories import make_document
from observations.tests.tablets import at, client_with, make_tablet, put

pytestmark = pytest.mark.usefixtures("framework", "own_cache")

EARLY, LATE = "2026-11-28T09:00:00.250+01:00", "2026-11-28T08:00:01Z"


def make_draft(saved_at: str = EARLY, location: str | None = "PAR1", **more: Any) -> dict[str, Any]:
    one = str(uuid.uuid4())
    document = {"id": one, "location": location, "answers": {"S1-b": 0}, "comment": "\x00 \ud800"}
    return {
        "id": one,
        "saved_at": saved_at,
        "journey": "family-store",
        "framework_version": 1,
        "document": document,
        "place": {"stage": 2},
        **more,
    }


def mirror(client: APIClient, programme: Programme, draft: dict[str, Any]) -> Any:
    place = at(programme, f"drafts/{draft['id']}/")
    return client.put(place, json.dumps(draft), content_type="application/json")


def listed(client: APIClient, programme: Programme) -> list[Any]:
    drafts: list[Any] = client.get(at(programme, "drafts/")).json()["drafts"]
    return drafts


def words(client: APIClient, programme: Programme) -> list[Any]:
    """As they came, without whose they are."""
    return [{k: v for k, v in one.items() if k != "device"} for one in listed(client, programme)]


def test_a_draft_comes_back_word_for_word(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    draft = make_draft()
    answer = mirror(tablet, programme, draft)
    assert answer.status_code == 200
    assert answer.json() == {"id": draft["id"], "saved_at": EARLY}
    assert words(tablet, programme) == [draft]


def test_an_older_copy_changes_nothing_whichever_comes_last(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    older = make_draft(EARLY)
    newer = older | {"saved_at": LATE, "place": {"stage": 3}}
    for order in ((older, newer), (newer, older)):
        Draft.objects.all().delete()
        answers = [mirror(tablet, programme, one).json()["saved_at"] for one in order]
        assert answers[-1] == LATE
        assert words(tablet, programme) == [newer]


def test_a_place_shares_its_drafts_and_nobody_else_reads_them(
    programme: Programme, observer: User, lead: User
) -> None:
    _a, paris = make_tablet(programme, codes=("PAR1",))
    _b, both = make_tablet(programme, name="Tablet 2", codes=("PAR1", "LYO1"))
    _c, lyon = make_tablet(programme, name="Tablet 3", codes=("LYO1",))
    here, nowhere = make_draft(), make_draft(location=None)
    for draft in (here, nowhere):
        mirror(paris, programme, draft)
    person, leader = client_with(create_token(user=observer)), client_with(create_token(user=lead))
    assert words(both, programme) == [here] == words(person, programme)
    assert words(lyon, programme) == []
    assert words(leader, programme) == [here, nowhere]
    taken_over = here | {"saved_at": LATE}
    assert mirror(lyon, programme, taken_over).status_code == 404
    assert mirror(both, programme, taken_over).status_code == 200
    place = at(programme, f"drafts/{here['id']}/")
    assert lyon.delete(place).status_code == 204
    assert words(both, programme) == [taken_over], "another place's draft is out of reach"
    assert both.delete(place).status_code == 204
    assert words(both, programme) == []


@pytest.mark.parametrize("way", ["put", "sync", "revision"])
def test_it_goes_when_its_observation_arrives(programme: Programme, way: str) -> None:
    _device, tablet = make_tablet(programme)
    document, other = make_document(), make_draft()
    draft = make_draft() | {"id": document["id"]}
    mirror(tablet, programme, other)
    if way == "revision":
        assert put(tablet, programme, document).status_code == 201
        Draft.objects.create(
            programme=programme, uuid=document["id"], saved_at=timezone.now(), body="{}"
        )
        put(tablet, programme, document | {"base_revision": 1, "comment": "better"})
    else:
        mirror(tablet, programme, draft)
        body = {"observations": [document]}
        if way == "put":
            put(tablet, programme, document)
        else:
            tablet.post(at(programme, "observations/sync/"), body, format="json")
    assert Observation.objects.count() == 1
    assert [str(one.uuid) for one in Draft.objects.all()] == [other["id"]]
    refused = mirror(tablet, programme, draft | {"saved_at": LATE})
    assert refused.status_code == 409


def test_a_late_copy_of_what_has_arrived_is_not_listed(programme: Programme) -> None:
    device, tablet = make_tablet(programme)
    document = make_document()
    put(tablet, programme, document)
    Draft.objects.create(
        programme=programme, uuid=document["id"], device=device, saved_at=timezone.now(), body="{}"
    )
    assert words(tablet, programme) == []


def test_what_is_not_acceptable_stays_a_draft(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    draft = make_draft()
    mirror(tablet, programme, draft)
    assert (
        put(tablet, programme, make_document(id=draft["id"], answers={"S1-b": 9})).status_code
        == 422
    )
    assert words(tablet, programme) == [draft]


def test_after_thirty_days_it_is_dropped(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    old, young = make_draft(), make_draft()
    mirror(tablet, programme, old)
    mirror(tablet, programme, young)
    ago = timezone.now() - timedelta(days=30, seconds=1)
    Draft.objects.filter(uuid=old["id"]).update(stored_at=ago)
    assert words(tablet, programme) == [young]
    assert drop_old_drafts.delay().get() == 1
    assert [str(one.uuid) for one in Draft.objects.all()] == [young["id"]]


def test_the_list_asks_as_often_for_many(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    counts = []
    for _round in range(2):
        mirror(tablet, programme, make_draft())
        mirror(tablet, programme, make_draft())
        with CaptureQueriesContext(connection) as caught:
            listed(tablet, programme)
        counts.append(len(caught))
    assert counts[0] == counts[1]
