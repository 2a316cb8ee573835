"""What the database itself refuses of devices, codes and drafts."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from journeys.models import Programme
from journeys.tests.factories import make_programme
from observations.models import Device, Draft, EnrolmentCode

Make = Callable[[Programme, uuid.UUID], object]
NOW = timezone.now()


def a_device(programme: Programme, **fields: object) -> Device:
    return Device.objects.create(programme=programme, **fields)


BROKEN: dict[str, Make] = {
    "device_uuid_unique_in_programme": lambda p, one: [
        a_device(p, name=name, uuid=one) for name in "ab"
    ],
    "device_name_unique_in_programme": lambda p, one: [a_device(p, name="a") for _ in "ab"],
    "device_token_unique": lambda p, one: [
        a_device(p, name=name, digest="d", enrolled_at=NOW) for name in "ab"
    ],
    "device_token_once_enrolled": lambda p, one: a_device(p, name="a", digest="d"),
    "observations_enrolmentcode": lambda p, one: [
        EnrolmentCode.objects.create(device=a_device(p, name=name), digest="d", expires_at=NOW)
        for name in "ab"
    ],
    "draft_uuid_unique_in_programme": lambda p, one: [
        Draft.objects.create(programme=p, uuid=one, saved_at=NOW, body="{}") for _ in "ab"
    ],
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_refused(programme: Programme, name: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        BROKEN[name](programme, uuid.uuid4())
    assert connection.vendor == "sqlite" or name in str(caught.value)


def test_the_same_is_welcome_in_another_programme(programme: Programme) -> None:
    one, other = uuid.uuid4(), make_programme("other")
    for each in (programme, other):
        a_device(each, name="Tablet 1", uuid=one)
        a_device(each, name="Not enrolled")
        Draft.objects.create(programme=each, uuid=one, saved_at=NOW, body="{}")
    assert Device.objects.filter(digest="").count() == 4
