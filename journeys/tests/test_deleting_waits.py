"""Who deletes and who saves at the very same time: one waits for the other, and is then told."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import User
from journeys import map_building, snapshots
from journeys.deleting import StillUsed, delete_row
from journeys.holding import Overtaken
from journeys.models import Channel, Journey, Snapshot, Stage, Touchpoint
from journeys.tests.factories import make_channel

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="SQLite lets one writer in at a time anyway"
    ),
]


@pytest.fixture
def app(journey: Journey) -> Channel:
    return make_channel(journey.programme, "app", name="App")


def beside(work: Callable[[], Any]) -> Future[Any]:
    """Begun on a connection of its own."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return ThreadPoolExecutor(1).submit(run)


def until_it_waits() -> None:
    """Some connection waits for what this one holds."""
    for _attempt in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def stage_of(journey: Journey) -> Stage:
    return Stage.objects.select_related("journey__programme").get(journey=journey, key="S1")


def test_a_channel_taken_into_use_is_not_deleted_any_more(
    journey: Journey, app: Channel, consultant: User, lead: User
) -> None:
    with transaction.atomic():
        map_building.add_touchpoints(
            stage=stage_of(journey), names=["Mine"], channel=app, actor=consultant
        )
        deleting = beside(lambda: delete_row(row=app, programme=journey.programme, actor=lead))
        until_it_waits()
    with pytest.raises(StillUsed):
        deleting.result(20)
    assert Touchpoint.objects.get(name="Mine").channel == app


def test_a_channel_being_deleted_is_not_taken_into_use(
    journey: Journey, app: Channel, consultant: User, lead: User
) -> None:
    stage = stage_of(journey)
    with transaction.atomic():
        delete_row(row=Channel.objects.get(pk=app.pk), programme=journey.programme, actor=lead)
        saving = beside(
            lambda: map_building.add_touchpoints(
                stage=stage, names=["Mine"], channel=app, actor=consultant
            )
        )
        until_it_waits()
    with pytest.raises(Overtaken, match="The channel “App” has been deleted since"):
        saving.result(20)
    assert not Touchpoint.objects.filter(name="Mine").exists()


def test_a_journey_being_deleted_takes_nothing_more(
    journey: Journey, consultant: User, lead: User
) -> None:
    stage = stage_of(journey)
    with transaction.atomic():
        row = Journey.objects.get(pk=journey.pk)
        delete_row(row=row, programme=journey.programme, actor=lead)
        saving = beside(
            lambda: map_building.add_needs(
                stage=stage, texts=["Mine"], level="explicit", actor=consultant
            )
        )
        until_it_waits()
    with pytest.raises(Overtaken, match="The journey “Family store” has been deleted since"):
        saving.result(20)


def test_a_journey_is_deleted_with_what_was_saved_just_before(
    journey: Journey, consultant: User, lead: User
) -> None:
    with transaction.atomic():
        map_building.add_needs(
            stage=stage_of(journey), texts=["Mine"], level="explicit", actor=consultant
        )
        row = Journey.objects.get(pk=journey.pk)
        deleting = beside(lambda: delete_row(row=row, programme=journey.programme, actor=lead))
        until_it_waits()
    deleting.result(20)
    assert not Journey.objects.exists()


def test_a_channel_that_a_restored_map_needs_stays(
    journey: Journey,
    app: Channel,
    consultant: User,
    lead: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its deletion begins as it is asked which channels are missing, and waits."""
    [online] = map_building.add_touchpoints(
        stage=stage_of(journey), names=["Online"], channel=app, actor=consultant
    )
    snapshot = snapshots.take_snapshot(journey=journey, name="Before", actor=consultant)
    Touchpoint.objects.get(pk=online.pk).delete()
    deletions = []
    missing_channels = snapshots.missing_channels

    def asked(one: Snapshot) -> object:
        row = Channel.objects.get(pk=app.pk)
        deletions.append(
            beside(lambda: delete_row(row=row, programme=journey.programme, actor=lead))
        )
        until_it_waits()
        return missing_channels(one)

    monkeypatch.setattr(snapshots, "missing_channels", asked)
    with transaction.atomic():
        snapshots.restore_snapshot(snapshot=snapshot, actor=consultant)
    [deletion] = deletions
    with pytest.raises(StillUsed):
        deletion.result(20)
    assert Touchpoint.objects.get(name="Online").channel == app
