"""What a device's token opens, and when it stops doing so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_token
from journeys.models import Programme
from journeys.tests.factories import make_programme
from observations.devices import change_device, revoke_device
from observations.models import Device, HeldCopy, Observation, Revision
from observations.tests.factories import make_document
from observations.tests.tablets import at, client_with, make_tablet, put

pytestmark = pytest.mark.usefixtures("framework")


def test_what_a_device_sends_is_its_own_and_names_no_person(programme: Programme) -> None:
    device, tablet = make_tablet(programme)
    document = make_document(observer="OBS-7")
    assert put(tablet, programme, document).status_code == 201
    row = Observation.objects.get()
    revision = row.revisions.get()
    assert (row.device, row.uploaded_by, revision.observer) == (device, None, "OBS-7")
    assert (revision.device, revision.created_by) == (device, None)
    again = put(tablet, programme, document)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    edited = document | {"base_revision": 1, "comment": "better"}
    assert put(tablet, programme, edited).json()["revision"] == 2
    assert set(Revision.objects.values_list("device", flat=True)) == {device.pk}
    place = at(programme, f"observations/{document['id']}/")
    assert tablet.get(f"{place}status/").json()["revision"] == 2
    assert tablet.delete(place).status_code == 204


def test_another_device_neither_reads_nor_changes_it(programme: Programme) -> None:
    _first, one = make_tablet(programme)
    _second, other = make_tablet(programme, name="Tablet 2")
    document = make_document()
    put(one, programme, document)
    place = at(programme, f"observations/{document['id']}/")
    assert other.get(f"{place}status/").status_code == 404
    assert other.delete(place).status_code == 404
    edited = document | {"base_revision": 1, "comment": "mine"}
    assert put(other, programme, edited).status_code == 403
    assert put(other, programme, document | {"comment": "mine"}).status_code == 409
    assert HeldCopy.objects.get().device == _second
    assert Revision.objects.count() == 1


def test_a_person_and_a_device_do_not_change_each_others(
    programme: Programme, observer: User
) -> None:
    _device, tablet = make_tablet(programme)
    person = client_with(create_token(user=observer))
    by_device, by_person = make_document(observer="OBS-9"), make_document(observer="OBS-1")
    assert put(tablet, programme, by_device).status_code == 201
    assert put(person, programme, by_person).status_code == 201
    assert (
        put(person, programme, by_device | {"base_revision": 1, "comment": "x"}).status_code == 403
    )
    assert (
        put(tablet, programme, by_person | {"base_revision": 1, "comment": "x"}).status_code == 403
    )
    assert Observation.objects.get(uuid=by_person["id"]).device is None


def test_it_is_held_to_its_locations_as_they_are_now(programme: Programme, lead: User) -> None:
    device, tablet = make_tablet(programme)
    elsewhere = make_document(location="LYO1")
    assert put(tablet, programme, elsewhere).status_code == 403
    lyon = programme.locations.filter(code="LYO1")
    change_device(device=device, name=device.name, locations=lyon, actor=lead)
    assert put(tablet, programme, elsewhere).status_code == 201
    refused = put(tablet, programme, make_document())
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (403, "/location")
    assert put(tablet, programme, make_document(location=None)).status_code == 403


def test_a_revoked_or_unknown_token_is_401_and_nothing_is_lost(
    programme: Programme, lead: User
) -> None:
    device, tablet = make_tablet(programme)
    put(tablet, programme, make_document())
    revoke_device(device=device, actor=lead)
    refused = put(tablet, programme, make_document())
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Bearer"
    assert refused["Content-Type"] == "application/problem+json"
    assert client_with("cxd_made-up").get(at(programme, "guides/")).status_code == 401
    assert Observation.objects.get().device == device


def test_an_archived_programme_takes_nothing_and_another_is_unknown(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    other = make_programme("elsewhere")
    assert tablet.get(at(other, "guides/")).status_code == 404
    assert put(tablet, other, make_document()).status_code == 404
    Programme.objects.filter(pk=programme.pk).update(archived_at=timezone.now())
    assert put(tablet, programme, make_document()).status_code == 403
    assert tablet.get(at(programme, "guides/")).status_code == 200


def seen(device: Device) -> Any:
    device.refresh_from_db()
    return device.last_seen_at


def test_it_is_seen_once_a_minute(programme: Programme) -> None:
    device, tablet = make_tablet(programme)
    headers = {"X-Client-Version": "1.2\x00\n3", "X-Queue-Length": "4"}
    tablet.get(at(programme, "guides/"), headers=headers)
    first = seen(device)
    assert first is not None
    assert (device.client_version, device.queue_length) == ("1.23", 4)
    tablet.get(at(programme, "guides/"), headers={"X-Queue-Length": "3"})
    assert (seen(device), device.queue_length) == (first, 4)
    tablet.get(at(programme, "guides/"), headers={"X-Queue-Length": "0"})
    assert device.queue_length == 4 and seen(device) > first and device.queue_length == 0
    Device.objects.update(last_seen_at=timezone.now() - timedelta(seconds=61))
    before = seen(device)
    for odd in ("many", "-1", "²", "9" * 40):
        tablet.get(at(programme, "guides/"), headers={"X-Queue-Length": odd})
    assert seen(device) > before and device.queue_length == 0


def test_a_device_costs_no_query_more_than_a_person(programme: Programme, observer: User) -> None:
    _device, tablet = make_tablet(programme)
    person = client_with(create_token(user=observer))
    counts = {}
    for name, client in (("device", tablet), ("person", person)):
        put(client, programme, make_document())
        document = make_document()
        with CaptureQueriesContext(connection) as caught:
            assert put(client, programme, document).status_code == 201
        counts[name] = [one["sql"] for one in caught.captured_queries]
    # The person and their roles are two questions; the device with its programme is one.
    assert len(counts["device"]) == len(counts["person"]) - 1
    assert not [sql for sql in counts["device"] if sql.startswith("UPDATE")]
