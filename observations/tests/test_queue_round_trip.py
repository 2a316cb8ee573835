"""A tablet's queue goes by file while its access is revoked, and comes by itself afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from journeys.access import enter_as
from journeys.models import Programme
from observations.devices import revoke_device
from observations.documents import canonical_sha256
from observations.models import HeldCopy, Media, Observation, Revision
from observations.queue_files import bring_queue, read_queue_file
from observations.tests.factories import ANSWERS, make_document
from observations.tests.tablets import at, client_with, enrolled, make_tablet, put
from observations.tests.test_queue_files import PHOTO, announced, carried, make_file

pytestmark = pytest.mark.usefixtures("framework", "own_cache")


@pytest.fixture(autouse=True)
def _media_root(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def frozen(**changes: Any) -> dict[str, Any]:
    """As the app freezes a record at its first sending."""
    return make_document(
        notes={"S1-b": "«Très» bien 🙂"},
        started_at="2026-10-03T10:30:00.250+02:00",
        device_time="2026-10-03T11:00:00.125+02:00",
        duration_s=1800,
        **changes,
    )


def test_what_a_lead_brought_is_there_when_the_tablet_sends_it(
    programme: Programme, lead: User
) -> None:
    device, tablet = make_tablet(programme)
    photo, late = announced(), announced()
    sent = frozen()
    put(tablet, programme, sent)
    revised = sent | {"base_revision": 1, "answers": ANSWERS | {"S1-p": 2}}
    queue = [frozen(media=[photo, late]), revised, frozen(location="PAR1", channel=None)]
    content = make_file(
        *queue,
        device={"id": str(device.uuid), "name": device.name},
        media=[carried(queue[0], photo, PHOTO)],
    )
    revoke_device(device=device, actor=lead)
    assert tablet.get(at(programme, "guides/")).status_code == 401
    read = read_queue_file(json.dumps(content).encode(), programme=programme)
    brought = bring_queue(queue=read, access=enter_as(lead, programme.slug), user=lead)
    assert [one.status for one in brought.outcomes] == ["created", "revised", "created"]
    assert [one.status for one in brought.photos] == ["stored"]

    again = client_with(enrolled(device))
    body = {"observations": queue}
    told = again.post(at(programme, "observations/sync/"), body, format="json").json()["results"]
    assert [one["status"] for one in told] == ["unchanged"] * 3
    assert [one["sha256"] for one in told] == [canonical_sha256(one) for one in queue]
    assert [one["missing_media"] for one in told] == [[late["id"]], [], []]
    assert not HeldCopy.objects.exists()
    assert (Observation.objects.count(), Revision.objects.count()) == (3, 4)
    place = at(programme, f"observations/{queue[0]['id']}/media/{late['id']}/")
    receipt = again.put(place, PHOTO, content_type="image/jpeg")
    assert receipt.json()["missing_media"] == []
    assert Media.objects.exclude(file="").count() == 2
    mine = revised | {"base_revision": 2, "comment": "still mine"}
    assert put(again, programme, mine).json()["revision"] == 3
