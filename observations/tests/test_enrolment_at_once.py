"""Enrolments at the same moment, each in a transaction of its own."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connection

from journeys.models import Programme
from observations.devices import CodeRefused, enrol, make_code, revoke_device
from observations.folding import differing_cells, fold_pending
from observations.models import Device, EnrolmentCode, Observation
from observations.tests.factories import make_document
from observations.tests.tablets import client_with, make_device, make_tablet, put, someone
from scoring.models import Framework

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """What each answered; all begin at the same moment."""
    gate = threading.Barrier(len(works))
    answers: list[object] = [None] * len(works)

    def run(number: int) -> None:
        gate.wait(10)
        try:
            answers[number] = works[number]()
        except CodeRefused as refused:
            answers[number] = refused.why
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def enrols_as(code: str, own: uuid.UUID | None) -> uuid.UUID:
    """The identifier that the tablet is then known by."""
    return enrol(code=code, own_uuid=own)[0].uuid


@pytest.fixture(autouse=True)
def _several_writers(db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")


def test_of_two_tablets_with_one_code_exactly_one_is_let_in(programme: Programme) -> None:
    for number in range(10):
        device = make_device(programme, f"Tablet {number}")
        code = make_code(device=device, actor=someone())
        tablets = [uuid.uuid4() for _ in range(4)]
        answers = Counter(at_once([partial(enrols_as, code, one) for one in tablets]))
        assert answers.pop("used") == 3
        device.refresh_from_db()
        assert answers == {device.uuid: 1} and device.uuid in tablets
    assert EnrolmentCode.objects.filter(used_at=None).count() == 0


def test_one_tablet_with_two_codes_is_one_device(programme: Programme) -> None:
    for number in range(10):
        own = uuid.uuid4()
        codes = [
            make_code(device=make_device(programme, f"{number}-{side}"), actor=someone())
            for side in "ab"
        ]
        assert at_once([partial(enrols_as, code, own) for code in codes]) == [own, own]
        assert Device.objects.filter(uuid=own).count() == 1


def test_a_revocation_while_the_tablet_enrols_leaves_one_of_the_two(programme: Programme) -> None:
    for number in range(10):
        device = make_device(programme, f"Tablet {number}")
        code = make_code(device=device, actor=someone())

        works: list[Callable[[], object]] = [
            partial(enrols_as, code, None),
            partial(revoke_device, device=device, actor=someone()),
        ]
        enrolled_as, _none = at_once(works)
        device.refresh_from_db()
        if enrolled_as == "expired":
            assert not device.is_enrolled
        else:
            assert (enrolled_as, bool(device.digest)) == (device.uuid, True)


def test_enrolling_again_while_its_uploads_run_loses_nothing(
    programme: Programme, framework: Framework
) -> None:
    device, tablet = make_tablet(programme)
    documents = [make_document() for _ in range(20)]
    code = make_code(device=device, actor=someone())

    def uploads() -> list[int]:
        return [put(tablet, programme, document).status_code for document in documents]

    def enrols() -> str:
        return enrol(code=code, own_uuid=device.uuid)[1]

    told, token = at_once([uploads, enrols])
    assert isinstance(told, list) and set(told) <= {201, 401}
    again = client_with(str(token))
    told_again = [put(again, programme, document).status_code for document in documents]
    assert told_again == [200 if one == 201 else 201 for one in told]
    assert Observation.objects.filter(device=device).count() == len(documents)
    assert Device.objects.count() == 1
    fold_pending()
    assert differing_cells(framework) == []
