"""What looks alike is not the same: visits with equal answers, photos with equal bytes, older versions."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ClientOf
from cxplan.bundle import export_bundle
from journeys.models import Journey, Programme
from observations.models import Media, Observation
from observations.tests.factories import make_document
from observations.tests.tablets import at, make_tablet, put
from scoring.models import Framework
from scoring.tests.factories import make_framework

PHOTO = b"\xff\xd8\xff the same view twice"


def announced() -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "interaction": "S1-b",
        "sha256": hashlib.sha256(PHOTO).hexdigest(),
        "size": len(PHOTO),
        "type": "image/jpeg",
    }


def test_the_same_answers_and_the_same_photo_twice_are_two_visits(
    programme: Programme, framework: Framework
) -> None:
    """No uniqueness but that of the identifier, and many references to one content."""
    _device, tablet = make_tablet(programme)
    first, second, third = announced(), announced(), announced()
    for media in ([first, second], [third]):
        document = make_document(media=media)
        answer = put(tablet, programme, document)
        assert (answer.status_code, len(answer.json()["missing_media"])) == (201, len(media))
        assert send_photos(tablet, programme, document) == []
    assert Observation.objects.count() == 2
    assert Media.objects.exclude(file="").count() == 3
    for stored in Media.objects.all():
        with stored.file.open() as content:
            assert content.read() == PHOTO


def send_photos(tablet: APIClient, programme: Programme, document: dict[str, Any]) -> list[str]:
    """What is missing after the last of them."""
    missing: list[str] = []
    for photo in document["media"]:
        place = at(programme, f"observations/{document['id']}/media/{photo['id']}/")
        answer = tablet.put(place, PHOTO, content_type="image/jpeg")
        assert answer.status_code in {200, 201}, answer.content
        missing = answer.json()["missing_media"]
    return missing


def test_answers_of_an_older_version_stay_to_be_read_and_exported(
    programme: Programme, journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    """The next version asks something else: what was asked before is nowhere left out."""
    old = make_framework(journey)
    _device, tablet = make_tablet(programme)
    document = make_document(answers={"S1-b": -2, "S2-d": 3})
    assert put(tablet, programme, document).status_code == 201
    Framework.objects.filter(pk=old.pk).update(status="closing")
    new = make_framework(journey, version=2)
    new.interactions.filter(key__in=("S1-b", "S2-d")).delete()
    assert "Interaction S1-b" in shown(client_of(consultant), document)
    exported = json.loads("".join(export_bundle(programme, with_observations=True)))
    [observation] = exported["observations"]
    assert observation["answers"] == {"S1-b": -2, "S2-d": 3}
    assert asked(exported) == {1: True, 2: False}


def shown(client: Client, document: Mapping[str, str]) -> str:
    page = reverse("observations:observation-detail", args=["casa-nord", document["id"]])
    return client.get(page).content.decode()


def asked(exported: dict[str, Any]) -> dict[int, bool]:
    """By version, whether its guide has the question."""
    return {
        framework["version"]: any(one["key"] == "S1-b" for one in framework["interactions"])
        for framework in exported["journeys"][0]["frameworks"]
    }
