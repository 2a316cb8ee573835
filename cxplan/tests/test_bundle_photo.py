"""A bundle names a photo without its bytes: they come in later, and then tell no place either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from accounts.models import User
from conftest import ClientOf
from cxplan.bundle import load_bundle, parse_bundle
from cxplan.tests.bundles import exported
from journeys.models import Programme
from observations.intake import submit_observation
from observations.tests.factories import make_document
from observations.tests.tablets import at
from observations.tests.test_photo_places import PHOTO, announced, assert_kept_without_place

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.mark.usefixtures("framework")
def test_a_photo_that_follows_a_bundle_tells_no_place(
    programme: Programme,
    settings: Settings,
    tmp_path: Path,
    consultant: User,
    client_of: ClientOf,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    photo = announced()
    document = make_document(media=[photo])
    submit_observation(programme=programme, document=document, user=None)
    text = exported(programme)
    programme.delete()
    again = load_bundle(bundle=parse_bundle(text.encode()), owner=consultant)
    place = at(again, f"observations/{document['id']}/media/{photo['id']}/")
    answer = client_of(consultant).put(place, PHOTO, content_type="image/jpeg")
    assert (answer.status_code, answer.json()["missing_media"]) == (200, [])
    assert_kept_without_place(settings)
