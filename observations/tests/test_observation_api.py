from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import create_token
from journeys.models import Programme
from observations.models import HeldCopy, Observation
from observations.tests.factories import make_document
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


@pytest.fixture
def api(observer: User) -> APIClient:
    """A program with the observer's token: no session, no cookie."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user=observer)}")
    return client


def url(programme: Programme, path: str = "") -> str:
    return f"/api/v1/programmes/{programme.slug}/{path}"


def put(api: APIClient, programme: Programme, document: dict[str, Any]) -> Any:
    return api.put(url(programme, f"observations/{document['id']}/"), document, format="json")


def test_put_creates_then_repeats_then_revises(api: APIClient, programme: Programme) -> None:
    document = make_document()
    first = put(api, programme, document)
    assert first.status_code == 201
    assert first.json() == {
        "id": document["id"],
        "sha256": first.json()["sha256"],
        "revision": 1,
        "missing_media": [],
    }
    again = put(api, programme, document)
    assert (again.status_code, again.json()) == (200, first.json())
    revised = put(api, programme, document | {"base_revision": 1, "comment": "better"})
    assert (revised.status_code, revised.json()["revision"]) == (200, 2)


def test_the_hash_is_that_of_the_canonical_document(api: APIClient, programme: Programme) -> None:
    document = make_document(comment="Été à 10 €", answers={"S1-p": 1, "S1-b": 0})
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert (
        put(api, programme, document).json()["sha256"]
        == hashlib.sha256(canonical.encode()).hexdigest()
    )


def test_errors_are_problem_documents_with_a_path_to_each_field(
    api: APIClient, programme: Programme
) -> None:
    answer = put(api, programme, make_document(answers={"S1-b": 9}))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"] == [
        {"path": "/answers/S1-b", "detail": "One of its levels (-2, 0), “NA” or “NO”."}
    ]
    assert HeldCopy.objects.get().reason == "quarantine"


def test_each_status_has_its_code(api: APIClient, programme: Programme, observer: User) -> None:
    document = make_document()
    put(api, programme, document)
    assert put(api, programme, document | {"comment": "other"}).status_code == 409
    assert put(api, programme, make_document(location="LYO1")).status_code == 403
    assert put(api, programme, {"id": document["id"], "x": 1}).status_code == 422
    observation = url(programme, f"observations/{document['id']}/")
    assert api.put(observation, {"no": "id"}, format="json").status_code == 400
    assert api.put(observation, "{", content_type="application/json").status_code == 400
    assert api.put(observation, [], format="json").status_code == 400
    elsewhere = url(programme, f"observations/{uuid.uuid4()}/")
    assert api.put(elsewhere, document, format="json").status_code == 422
    assert api.delete(observation).status_code == 204
    assert put(api, programme, document).status_code == 410
    assert Observation.objects.get().is_withdrawn


def test_who_may_not_see_gets_404_and_who_may_not_write_403(
    programme: Programme, executive: User, outsider: User
) -> None:
    document = make_document()
    for user, code in ((executive, 403), (outsider, 404)):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {create_token(user=user)}")
        assert put(client, programme, document).status_code == code
    nobody = APIClient()
    nobody.credentials(HTTP_AUTHORIZATION="Bearer wrong")
    refused = put(nobody, programme, document)
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Bearer"


def test_sync_answers_each_item(api: APIClient, programme: Programme) -> None:
    good, bad = make_document(), make_document(answers={"S1-b": 9})
    answer = api.post(
        url(programme, "observations/sync/"), {"observations": [good, bad]}, format="json"
    )
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [(one["id"], one["status"]) for one in results] == [
        (good["id"], "created"),
        (bad["id"], "quarantined"),
    ]
    assert results[1]["errors"][0]["path"] == "/answers/S1-b"
    many = [make_document() for _ in range(501)]
    too_many = api.post(url(programme, "observations/sync/"), {"observations": many}, format="json")
    assert too_many.status_code == 413
    assert api.post(url(programme, "observations/sync/"), {}, format="json").status_code == 400


def test_sync_asks_as_often_for_fifty_as_for_five(api: APIClient, programme: Programme) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite takes so few values a statement that a batch needs several")
    counts = []
    for size in (5, 50):
        body = {"observations": [make_document() for _ in range(size)]}
        with CaptureQueriesContext(connection) as caught:
            assert (
                api.post(url(programme, "observations/sync/"), body, format="json").status_code
                == 200
            )
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_photos_are_asked_for_until_they_arrive(
    api: APIClient, programme: Programme, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    content, medium = b"\xff\xd8 a photo", str(uuid.uuid4())
    item = {
        "id": medium,
        "interaction": "S1-b",
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "type": "image/jpeg",
    }
    document = make_document(media=[item])
    assert put(api, programme, document).json()["missing_media"] == [medium]
    place = url(programme, f"observations/{document['id']}/media/{medium}/")
    wrong = api.put(place, b"something else", content_type="image/jpeg")
    assert wrong.status_code == 422
    for _ in range(2):
        stored = api.put(place, content, content_type="image/jpeg")
        assert (stored.status_code, stored.json()["missing_media"]) == (200, [])
    status = api.get(url(programme, f"observations/{document['id']}/status/")).json()
    assert status["missing_media"] == []
    assert put(api, programme, document).json()["missing_media"] == []
    unknown = url(programme, f"observations/{document['id']}/media/{uuid.uuid4()}/")
    assert api.put(unknown, content, content_type="image/jpeg").status_code == 404


def test_guides_are_what_a_tablet_stores_and_cost_nothing_when_unchanged(
    api: APIClient, programme: Programme, framework: Framework
) -> None:
    answer = api.get(url(programme, "guides/"))
    document = answer.json()
    assert [place["code"] for place in document["locations"]] == ["PAR1"]
    (guide,) = document["guides"]
    assert (guide["journey"], guide["framework_version"]) == ("family-store", 1)
    assert [stage["key"] for stage in guide["stages"]] == ["S1", "S2", "S3"]
    assert guide["stages"][0]["interactions"][0]["levels"] == [
        {"points": -2, "label": "Level -2"},
        {"points": 0, "label": "Level 0"},
    ]
    same = api.get(url(programme, "guides/"), headers={"If-None-Match": answer["ETag"]})
    assert same.status_code == 304
    framework.journey.stages.filter(key="S1").update(name="Welcome")
    changed = api.get(url(programme, "guides/"), headers={"If-None-Match": answer["ETag"]})
    assert changed.status_code == 200
