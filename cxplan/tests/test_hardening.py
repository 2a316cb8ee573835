"""Requests that no page sends."""

from __future__ import annotations

import json

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ClientOf
from journeys.models import Programme
from observations.models import HeldCopy, Observation, PendingFold
from observations.tasks import fold_pending_observations
from observations.tests.factories import make_document
from scoring.models import Framework


@pytest.mark.parametrize(
    "address",
    [
        "/programmes/casa-nord/observations/?journey=%00",
        "/programmes/casa-nord/dashboard/?wave=%00",
        "/api/v1/programmes/casa-nord/journeys/%00/scores/",
    ],
)
def test_a_nul_in_an_address_is_a_bad_request(
    address: str, lead: User, client_of: ClientOf
) -> None:
    assert client_of(lead).get(address).status_code == 400


def test_an_endless_version_is_no_version(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    url = "/api/v1/programmes/casa-nord/journeys/family-store/scores/"
    answer = client_of(lead).get(url, {"framework": "9" * 5000})
    assert answer.status_code == 400


def test_nobody_becomes_somebody_else_by_changing_the_own_address(
    observer: User, client_of: ClientOf
) -> None:
    client = client_of(observer)
    for data in ({"action_add": "", "email": "ceo@client.example"}, {"action_primary": ""}):
        assert client.post("/accounts/email/", data).status_code == 302
    observer.refresh_from_db()
    assert observer.email != "ceo@client.example"


@pytest.fixture
def api(observer: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(observer)
    return client


def put(api: APIClient, document: dict[str, object]) -> int:
    url = f"/api/v1/programmes/casa-nord/observations/{document['id']}/"
    answer = api.put(url, json.dumps(document), content_type="application/json")
    return int(answer.status_code)


@pytest.mark.parametrize(
    "change",
    [
        {"media": [{"id": "0199a000-0000-7000-8000-000000000001", "interaction": ["x"]}]},
        {"a\x00b": 1},
        {"notes": {"\ud800": "half"}},
        {"answers": {"S1-b": {"deep": []}}},
        {"framework_version": 10**30},
        {"duration_s": 10**400},
    ],
)
def test_what_is_malformed_waits_in_quarantine(
    change: dict[str, object], api: APIClient, programme: Programme, framework: Framework
) -> None:
    document = make_document(**change)
    good = make_document()
    assert put(api, document) == 422
    assert HeldCopy.objects.get().reason == "quarantine"
    body = json.dumps({"observations": [document, good]})
    url = "/api/v1/programmes/casa-nord/observations/sync/"
    results = api.post(url, body, content_type="application/json").json()["results"]
    assert [one["status"] for one in results] == ["quarantined", "created"]


def test_json_without_end_is_no_observation(api: APIClient, programme: Programme) -> None:
    url = "/api/v1/programmes/casa-nord/observations/sync/"
    for depth in (30, 100_000):
        answer = api.post(url, "[" * depth + "]" * depth, content_type="application/json")
        assert answer.status_code == 400


@pytest.mark.django_db(transaction=True)
def test_an_observation_is_accepted_while_the_broker_is_down(
    api: APIClient,
    programme: Programme,
    framework: Framework,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreachable() -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(fold_pending_observations, "delay", unreachable)
    assert put(api, make_document()) == 201
    assert Observation.objects.count() == PendingFold.objects.count() == 1
