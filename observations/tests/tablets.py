"""Enrolled devices for tests, and the client of one."""

from __future__ import annotations

from typing import Any

from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import Programme
from journeys.tests.factories import make_user
from observations.devices import add_device, enrol, make_code
from observations.models import Device


def make_device(
    programme: Programme, name: str = "Tablet 1", *, codes: tuple[str, ...] = ("PAR1",)
) -> Device:
    locations = programme.locations.filter(code__in=codes)
    return add_device(programme=programme, name=name, locations=locations, actor=someone())


def someone() -> User:
    """The lead who sets tablets up, where a test has no other use for one."""
    return User.objects.filter(email="set-up@example.org").first() or make_user(
        "Setter", email="set-up@example.org"
    )


def enrolled(device: Device) -> str:
    """The token of the device, which is enrolled now."""
    _device, token = enrol(code=make_code(device=device, actor=someone()), own_uuid=None)
    device.refresh_from_db()
    return token


def client_with(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def make_tablet(programme: Programme, **device: Any) -> tuple[Device, APIClient]:
    made = make_device(programme, **device)
    return made, client_with(enrolled(made))


def at(programme: Programme, path: str = "") -> str:
    return f"/api/v1/programmes/{programme.slug}/{path}"


def put(client: APIClient, programme: Programme, document: dict[str, Any], **headers: str) -> Any:
    place = at(programme, f"observations/{document['id']}/")
    return client.put(place, document, format="json", headers=headers)
