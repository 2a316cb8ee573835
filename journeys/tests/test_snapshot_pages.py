"""Snapshots on their pages: taken, previewed, restored or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import User
from journeys.models import Choice, Journey, Snapshot, Stage
from journeys.snapshots import take_snapshot
from journeys.tests.factories import make_journey, make_stage, make_touchpoint
from journeys.tests.pages import url
from journeys.tests.test_snapshots import HOSTILE, furnish

ClientOf = Callable[[User], Client]


def test_a_snapshot_is_taken_and_looked_at(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    furnish(journey, consultant)
    client = client_of(consultant)
    answer = client.post(url("snapshot-list", "family-store"), {"name": f" {HOSTILE} "})
    assert answer.status_code == 302
    snapshot = Snapshot.objects.get()
    assert (snapshot.name, snapshot.made_by) == (HOSTILE, consultant)
    Stage.objects.filter(key="S2").update(name="Renamed since")
    page = client.get(url("snapshot-detail", "family-store", snapshot.pk)).content.decode()
    assert "Stage S2" in page and "Renamed since" not in page
    assert page.count(escape(HOSTILE)) >= 4
    assert "<script>alert" not in page
    # Read only: nothing of what edits the map.
    assert "data-item" not in page and "what do they do?" not in page
    listed = client.get(url("snapshot-list", "family-store")).content.decode()
    assert escape(HOSTILE) in listed and "<script>alert" not in listed


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\x00b"])
def test_a_bad_name_is_refused(
    name: str, journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    answer = client_of(consultant).post(url("snapshot-list", "family-store"), {"name": name})
    assert answer.status_code == 422
    assert not Snapshot.objects.exists()


def test_the_map_is_restored_and_says_so(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    Stage.objects.filter(key="S1").update(name="Now")
    client = client_of(consultant)
    address = url("snapshot-restore", "family-store", snapshot.pk)
    page = client.post(address, follow=True).content.decode()
    assert "Before “then” was restored" in page
    assert Stage.objects.get(key="S1").name == "Stage S1"
    again = client.post(address, follow=True).content.decode()
    assert "nothing had to be restored" in again


def test_a_refused_restore_names_what_depends(
    journey: Journey, consultant: User, client_of: ClientOf, framework: Any
) -> None:
    document = {"journey": {"stages": []}, "channels": [], "rows": []}
    snapshot = Snapshot.objects.create(journey=journey, name="empty", document=document)
    answer = client_of(consultant).post(url("snapshot-restore", "family-store", snapshot.pk))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nothing was restored" in page
    for stage in journey.stages.all():
        assert f"“{stage.name}”" in page
    assert "interaction" in page


def test_a_snapshot_of_another_journey_is_not_found(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    other = make_journey(journey.programme, "other", stages=1)
    snapshot = take_snapshot(journey=other, name="then", actor=consultant)
    client = client_of(consultant)
    address = url("snapshot-restore", "family-store", snapshot.pk)
    assert client.post(address).status_code == 404
    assert client.get(url("snapshot-detail", "family-store", snapshot.pk)).status_code == 404


def test_a_deleted_snapshot_is_gone(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    client_of(consultant).post(url("snapshot-delete", "family-store", snapshot.pk))
    assert not Snapshot.objects.exists()
    assert journey.stages.count() == 3


@pytest.mark.parametrize("page", ["snapshot-list", "snapshot-detail", "stage-library", "compare"])
def test_queries_do_not_grow(
    page: str, journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(consultant)
    other = make_journey(journey.programme, "other", stages=1)

    def grow(number: int) -> Snapshot:
        for target in (journey, other):
            stage = make_stage(target, f"G{number}-{target.key}")
            make_touchpoint(stage)
            stage.needs.create(text="be sure")
            Choice.objects.create(stage=stage, question="This one?").criteria.create(text="price")
        make_journey(journey.programme, f"j{number}", stages=2)
        take_snapshot(journey=other, name=str(number), actor=consultant)
        return take_snapshot(journey=journey, name=str(number), actor=consultant)

    def cost(snapshot: Snapshot) -> int:
        address = {
            "snapshot-detail": url("snapshot-detail", "family-store", snapshot.pk),
            "compare": url("journey-compare")
            + f"?left=journey:family-store&right=snapshot:{snapshot.pk}",
        }.get(page) or url(page, "family-store")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    before = cost(grow(1))
    more = [grow(number) for number in range(2, 6)]
    assert cost(more[-1]) == before
