"""How field data gets lost or doubled elsewhere, and does not here: the server's side, line by line.

Clocks are in test_clock.py, parallel sends in cxplan/tests/faults/, order in test_machine.py.
"""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys.models import Journey, Programme
from observations.devices import revoke_device
from observations.documents import canonical_sha256
from observations.folding import differing_cells, fold_pending
from observations.models import HeldCopy, Media, Observation, Revision
from observations.tests.factories import ANSWERS, make_document
from observations.tests.tablets import at, client_with, enrolled, make_tablet, put
from scoring.models import Framework
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.usefixtures("framework")
PHOTO = b"\xff\xd8 a photo"


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def announced(content: bytes = PHOTO) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "type": "image/jpeg",
    }


def send_photo(tablet: Any, programme: Programme, one: str, item: dict[str, Any]) -> Any:
    place = at(programme, f"observations/{one}/media/{item['id']}/")
    return tablet.put(place, PHOTO, content_type="image/jpeg")


def test_f5_every_answer_names_the_photos_still_missing(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    items = [announced(), announced()]
    document = make_document(media=items)
    one, first, second = document["id"], items[0]["id"], items[1]["id"]
    assert put(tablet, programme, document).json()["missing_media"] == [first, second]
    assert send_photo(tablet, programme, one, items[0]).json()["missing_media"] == [second]
    assert put(tablet, programme, document).json()["missing_media"] == [second]
    body = {"observations": [document]}
    synced = tablet.post(at(programme, "observations/sync/"), body, format="json").json()
    assert synced["results"][0]["missing_media"] == [second]
    status = at(programme, f"observations/{one}/status/")
    assert tablet.get(status).json()["missing_media"] == [second]
    assert send_photo(tablet, programme, one, items[1]).json()["missing_media"] == []
    assert tablet.get(status).json()["missing_media"] == []


def test_f25_the_same_photo_under_two_ids_and_two_observations_is_welcome(
    programme: Programme,
) -> None:
    _device, tablet = make_tablet(programme)
    for _ in range(2):
        document = make_document(media=[announced(), announced()])
        put(tablet, programme, document)
        for item in document["media"]:
            assert send_photo(tablet, programme, document["id"], item).status_code == 200
    assert Media.objects.exclude(file="").count() == 4


def test_f9_what_is_edited_after_a_half_sent_upload_is_a_revision(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    item = announced()
    document = make_document(media=[item])
    assert put(tablet, programme, document).status_code == 201  # the photo fails, the user edits
    edited = document | {"comment": "seen again"}
    refused = put(tablet, programme, edited)
    assert (refused.status_code, refused.json()["revision"]) == (409, 1)
    assert HeldCopy.objects.get().reason == "conflict"
    accepted = put(tablet, programme, edited | {"base_revision": 1})
    assert (accepted.status_code, accepted.json()["revision"]) == (200, 2)
    assert accepted.json()["missing_media"] == [item["id"]]
    assert send_photo(tablet, programme, document["id"], item).json()["missing_media"] == []


def test_f10_an_answer_that_got_lost_is_asked_for_cheaply(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    document = make_document()
    lost = put(tablet, programme, document).json()
    with CaptureQueriesContext(connection) as caught:
        status = tablet.get(at(programme, f"observations/{document['id']}/status/"))
    assert len(caught) == 5, "the device, copies taken in, the observation, its revision, photos"
    assert status.json() == lost == put(tablet, programme, document).json()
    assert lost["sha256"] == canonical_sha256(document)
    unknown = tablet.get(at(programme, f"observations/{uuid.uuid4()}/status/"))
    assert unknown.status_code == 404


def test_f11_a_queue_outlives_logins_people_and_a_revocation(
    programme: Programme, lead: User
) -> None:
    device, tablet = make_tablet(programme)
    User.objects.update(is_active=False)
    document, waiting = make_document(), make_document()
    assert put(tablet, programme, document).status_code == 201
    revoke_device(device=device, actor=lead)
    assert put(tablet, programme, waiting).status_code == 401
    again = client_with(enrolled(device))
    assert [put(again, programme, one).status_code for one in (document, waiting)] == [200, 201]
    assert Observation.objects.filter(device=device).count() == 2


def test_f12_a_stale_cookie_beside_the_token_changes_nothing(
    programme: Programme, executive: User
) -> None:
    device, _client = make_tablet(programme)
    token = enrolled(device)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(executive, backend="django.contrib.auth.backends.ModelBackend")
    browser.cookies["csrftoken"] = "stale"
    document = make_document()
    place = at(programme, f"observations/{document['id']}/")
    bearer = {"Authorization": f"Bearer {token}"}
    sent = browser.put(place, document, content_type="application/json", headers=bearer)
    assert sent.status_code == 201
    assert Observation.objects.get().uploaded_by is None
    without = browser.put(place, document, content_type="application/json")
    assert without.status_code == 403, "the session alone needs its CSRF token"


def test_f18_a_shared_tablet_sends_each_record_under_its_sealed_observer(
    programme: Programme,
) -> None:
    device, tablet = make_tablet(programme)
    documents = [make_document(observer=code) for code in ("OBS-1", "OBS-2", "OBS-1")]
    tablet.post(at(programme, "observations/sync/"), {"observations": documents}, format="json")
    rows = Revision.objects.filter(created_by=None, device=device).order_by("pk")
    assert [one.observer for one in rows] == ["OBS-1", "OBS-2", "OBS-1"]


def test_f19_a_record_of_an_older_guide_is_accepted_until_that_is_closed(
    programme: Programme, journey: Journey, framework: Framework
) -> None:
    _device, tablet = make_tablet(programme)
    open_draft, queued, late = make_document(), make_document(), make_document()
    make_framework(journey, version=2)
    Framework.objects.filter(version=1).update(status="closing")
    assert put(tablet, programme, open_draft).status_code == 201
    assert Revision.objects.get().framework == framework, "scored by its own version"
    offered = tablet.get(at(programme, "guides/")).json()["guides"]
    assert {(one["framework_version"], one["status"]) for one in offered} == {
        (1, "closing"),
        (2, "published"),
    }
    body = {"observations": [queued | {"framework_version": 2}, queued]}
    results = tablet.post(at(programme, "observations/sync/"), body, format="json").json()
    assert [one["status"] for one in results["results"]] == ["created", "conflict"]
    Framework.objects.filter(version=1).update(status="closed")
    refused = put(tablet, programme, late)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"path": "/framework_version", "detail": "This framework version is closed."}
    ]
    held = HeldCopy.objects.get(uuid=late["id"])
    assert (held.reason, held.device) == ("quarantine", _device)


def test_f23_what_arrives_out_of_order_is_kept_and_counted_once(
    programme: Programme, framework: Framework
) -> None:
    _device, tablet = make_tablet(programme)
    document = make_document()
    second = document | {"base_revision": 1, "answers": ANSWERS | {"S1-b": -2}}
    third = document | {"base_revision": 2, "answers": ANSWERS | {"S1-b": -2, "S2-b": 0}}
    order = (third, document, third, second, document, third, second)
    told = [put(tablet, programme, one) for one in order]
    # The last content comes first and creates it; a late edit takes its place until it comes again.
    assert [one.status_code for one in told] == [201, 409, 200, 200, 409, 200, 200]
    assert Revision.objects.get(is_current=True).sha256 == canonical_sha256(third)
    kept = set(HeldCopy.objects.values_list("sha256", flat=True))
    stored = set(Revision.objects.values_list("sha256", flat=True))
    assert kept | stored == {canonical_sha256(one) for one in order}
    fold_pending()
    assert differing_cells(framework) == []
