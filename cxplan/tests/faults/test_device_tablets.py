"""Tablets with a device's token against a real server: eight of the same, in parallel (F6, F7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from cxplan.tests.faults.tablet import Tablet, at_once
from cxplan.tests.faults.truth import assert_each_counts_once
from journeys.models import Programme
from observations.documents import canonical_sha256
from observations.folding import fold_pending
from observations.models import Device, HeldCopy, Observation
from observations.tests.factories import ANSWERS, make_document
from observations.tests.tablets import enrolled, make_device
from scoring.models import Framework

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
MakeOfDevice = Callable[[Device, int], list[Tablet]]


@pytest.fixture
def of_device(transactional_db: None, server: int) -> Iterator[MakeOfDevice]:
    """So many connections of one device."""
    made: list[Tablet] = []

    def make(device: Device, count: int) -> list[Tablet]:
        token = enrolled(device)
        made.extend(Tablet(server, token) for _ in range(count))
        return made[-count:]

    yield make
    for tablet in made:
        tablet.hang_up()


def test_eight_sends_of_one_device_are_one_observation(
    programme: Programme, framework: Framework, of_device: MakeOfDevice
) -> None:
    device = make_device(programme)
    eight = of_device(device, 8)
    for _round in range(10):
        document = make_document()
        assert sorted(at_once(eight, [document] * 8)) == [*[200] * 7, 201]
        edit = document | {"base_revision": 1, "answers": ANSWERS | {"S3-b": -2}}
        assert at_once(eight, [edit] * 8) == [200] * 8
    assert Observation.objects.filter(device=device).count() == 10
    assert not HeldCopy.objects.exists()
    fold_pending()
    assert_each_counts_once(set().union(*(one.acknowledged for one in eight)), framework)


def test_two_devices_with_one_id_are_told_the_truth(
    programme: Programme, framework: Framework, of_device: MakeOfDevice
) -> None:
    pair = [of_device(make_device(programme, f"Tablet {n}"), 1)[0] for n in range(2)]
    for _round in range(10):
        document = make_document()
        other = document | {"comment": "of the other tablet"}
        assert sorted(at_once(pair, [document, other])) == [201, 409]
        kept = HeldCopy.objects.get(uuid=document["id"])
        row = Observation.objects.get(uuid=document["id"])
        assert {kept.sha256, row.revisions.get().sha256} == {
            canonical_sha256(document),
            canonical_sha256(other),
        }
        assert kept.device != row.device
