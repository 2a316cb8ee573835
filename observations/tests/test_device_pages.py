"""The lead's pages about tablets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import AuditEntry, Programme
from observations.models import Device, EnrolmentCode, Observation
from observations.tests.factories import make_document
from observations.tests.tablets import enrolled, make_device, make_tablet
from observations.tests.test_queue_files import make_file

pytestmark = pytest.mark.usefixtures("own_cache")
ClientOf = Callable[[User], Client]


def url(programme: Programme, name: str, *more: int) -> str:
    return reverse(f"observations:{name}", args=[programme.slug, *more])


def facts(programme: Programme, name: str = "Tablet 1", *codes: str) -> dict[str, Any]:
    places = programme.locations.filter(code__in=codes or ("PAR1",))
    return {"name": name, "locations": [one.pk for one in places]}


def test_a_new_device_shows_a_code_that_works_once(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    client = client_of(lead)
    answer = client.post(url(programme, "device-create"), facts(programme))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    [code] = re.findall(r">([0-9A-Z]{4}-[0-9A-Z]{4})<", page)
    assert "<svg" in page and "qr" in page
    assert "http://testserver/field/" in page
    assert "not served by HTTPS" in page
    place = "/api/v1/devices/"
    assert APIClient().post(place, {"code": code}, format="json").status_code == 201
    assert APIClient().post(place, {"code": code}, format="json").status_code == 400
    assert code not in client.get(url(programme, "device-list")).content.decode()


def test_what_was_typed_is_kept_and_a_name_is_taken_once(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    make_device(programme)
    client = client_of(lead)
    taken = client.post(url(programme, "device-create"), facts(programme))
    assert taken.status_code == 422
    assert "Another device has this name." in taken.content.decode()
    placeless = client.post(url(programme, "device-create"), {"name": "Tablet 9"})
    assert placeless.status_code == 422
    assert 'value="Tablet 9"' in placeless.content.decode()
    assert Device.objects.count() == 1


def test_a_device_is_renamed_and_moved(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    device, client = make_device(programme), client_of(lead)
    edit = url(programme, "device-edit", device.pk)
    assert 'value="Tablet 1"' in client.get(edit).content.decode()
    answer = client.post(edit, facts(programme, "At the till", "LYO1"))
    assert answer.status_code == 302
    device.refresh_from_db()
    assert (device.name, [one.code for one in device.locations.all()]) == ("At the till", ["LYO1"])
    entry = AuditEntry.objects.get(verb="changed")
    assert entry.changes == {"name": ["Tablet 1", "At the till"], "locations": [["PAR1"], ["LYO1"]]}
    client.post(edit, facts(programme, "At the till", "LYO1"))
    assert AuditEntry.objects.filter(verb="changed").count() == 1, "nothing changed"


def test_a_device_takes_mystery_visits_once_the_lead_says_so(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    def taking() -> list[bool]:
        return list(Device.objects.values_list("takes_mystery_visits", flat=True))

    client = client_of(lead)
    client.post(url(programme, "device-create"), facts(programme))
    assert taking() == [False]
    edit = url(programme, "device-edit", Device.objects.get().pk)
    client.post(edit, facts(programme) | {"takes_mystery_visits": "on"})
    assert taking() == [True]
    assert AuditEntry.objects.get(verb="changed").changes == {"mystery visits": [False, True]}
    assert "used for mystery visits" in client.get(url(programme, "device-list")).content.decode()
    client.post(edit, facts(programme))
    assert taking() == [False]


def test_a_device_is_revoked_and_can_be_enrolled_again(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    device, tablet = make_tablet(programme)
    client = client_of(lead)
    page = client.post(url(programme, "device-revoke", device.pk), follow=True).content.decode()
    assert "revoked on" in page
    guides = f"/api/v1/programmes/{programme.slug}/guides/"
    assert tablet.get(guides).status_code == 401
    assert client.post(url(programme, "device-code", device.pk)).status_code == 200
    assert tablet.get(guides).status_code == 401, "not before the tablet used the code"
    enrolled(device)
    assert "enrolled on" in client.get(url(programme, "device-list")).content.decode()


def test_an_archived_programme_lets_nobody_in_and_still_revokes(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    device = make_device(programme)
    Programme.objects.update(archived_at=timezone.now())
    client = client_of(lead)
    assert client.post(url(programme, "device-code", device.pk)).status_code == 403
    assert client.get(url(programme, "device-create")).status_code == 403
    assert client.get(url(programme, "device-list")).status_code == 200
    assert client.post(url(programme, "device-revoke", device.pk)).status_code == 302
    assert not EnrolmentCode.objects.exists()


def test_a_device_of_another_programme_is_not_there(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    other = Programme.objects.create(slug="other", name="Other")
    foreign = Device.objects.create(programme=other, name="Theirs")
    assert client_of(lead).get(url(programme, "device-edit", foreign.pk)).status_code == 404


def test_the_list_asks_as_often_for_many(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    client, counts = client_of(lead), []
    for times in range(2):
        for number in range(3):
            make_device(programme, f"Tablet {times}-{number}", codes=("PAR1", "LYO1"))
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(programme, "device-list")).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("framework")
def test_a_queue_file_is_brought_and_each_item_told(
    programme: Programme, lead: User, client_of: ClientOf
) -> None:
    good, bad = make_document(), make_document(answers={"S1-b": 9})

    def post(content: bytes) -> Any:
        file = SimpleUploadedFile("queue.json", content, "application/json")
        return client_of(lead).post(url(programme, "queue-import"), {"file": file})

    content = json.dumps(make_file(good, bad)).encode()
    answer = post(content)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert good["id"] in page and "/answers/S1-b" in page
    assert "Created (1)" in " ".join(page.split())
    assert "Already there (1)" in " ".join(post(content).content.decode().split())
    assert Observation.objects.get().uploaded_by == lead
    refused = post(json.dumps(make_file(good, programme="elsewhere")).encode())
    assert refused.status_code == 422
    assert "belongs to the programme “elsewhere”, not to “casa-nord”" in refused.content.decode()
    assert post(b"").status_code == 422
