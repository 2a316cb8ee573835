"""An observation moved to another journey: the answers fit there whole, or nothing changes."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts.models import User
from journeys.models import AuditEntry, Journey, Programme
from journeys.tests.factories import make_journey, make_segment, make_touchpoint
from observations.excluding import exclude_observer
from observations.folding import differing_cells, fold_pending
from observations.intake import submit_observation
from observations.models import Media, Observation, PendingFold
from observations.moving import NotMovable, move_observation
from observations.tests.factories import make_document
from observations.withdrawing import Moved, restore_observation, withdraw_observation
from scoring.models import Framework, StageCell
from scoring.tests.factories import make_framework

pytestmark = pytest.mark.usefixtures("framework")

FITTING = {"S1-b": -2, "S1-p": 2, "S2-d": 3, "S2-p": "NA"}


@pytest.fixture
def other(programme: Programme) -> Journey:
    """The journey of another segment: stages S1 and S2 of the three, same keys."""
    segment = make_segment(programme, "pro")
    journey = make_journey(programme, "pro-store", stages=2, segment=segment, position=1)
    for stage in journey.stages.all():
        make_touchpoint(stage, f"pro-{stage.key}")
    make_framework(journey)
    return journey


def stored(programme: Programme, user: User | None = None, **changes: Any) -> Observation:
    document = make_document(**({"answers": FITTING} | changes))
    submit_observation(programme=programme, document=document, user=user)
    return Observation.objects.get(uuid=document["id"])


def test_it_counts_there_and_no_longer_here(
    programme: Programme, other: Journey, consultant: User, observer: User
) -> None:
    row = stored(
        programme,
        observer,
        observed_at="2026-10-31T23:30:00-05:00",
        customer="C-7",
        comment="Alone",
        notes={"S1-b": "Nobody came"},
        duration_s=90,
    )
    moved = move_observation(observation=row, journey=other, user=consultant)
    fold_pending()
    sums = StageCell.objects.filter(stage=None).values_list("framework__journey__key", "n")
    assert list(sums) == [("pro-store", 1)]
    for framework in Framework.objects.all():
        assert differing_cells(framework) == []
    row.refresh_from_db()
    assert row.is_withdrawn
    assert (moved.moved_from, moved.journey, moved.uploaded_by) == (row, other, observer)
    assert moved.uuid.version == 7
    old, new = row.revisions.get(), moved.revisions.get()
    same = ("answers", "method", "location", "channel", "observed_at", "utc_offset", "month")
    for name in (*same, "observer", "customer"):
        assert getattr(new, name) == getattr(old, name), name
    assert new.details == old.details | {"forked_from": str(row.uuid)}
    assert (new.number, new.created_by, new.framework.journey) == (1, consultant, other)


def test_it_is_in_the_history(programme: Programme, other: Journey, consultant: User) -> None:
    row = stored(programme)
    moved = move_observation(observation=row, journey=other, user=consultant)
    entry = AuditEntry.objects.order_by("-pk")[0]
    assert (entry.actor, entry.verb) == (consultant, "moved")
    assert entry.subject.endswith(str(row.uuid))
    assert entry.changes == {
        "journey": ["family-store", "pro-store"],
        "id": [str(row.uuid), str(moved.uuid)],
    }


def test_what_is_missing_there_is_named_and_nothing_changes(
    programme: Programme, other: Journey, consultant: User
) -> None:
    there = other.frameworks.get().interactions
    there.get(key="S1-p").levels.filter(points=2).delete()
    row = stored(programme, answers=FITTING | {"S3-b": 0}, notes={"S3-p": "Later"})
    with pytest.raises(NotMovable) as refused:
        move_observation(observation=row, journey=other, user=consultant)
    reasons = {one.key: one.reason for one in refused.value.misfits}
    assert list(reasons) == ["S1-p", "S3-b", "S3-p"]
    assert "(-1, 0, 1)" in reasons["S1-p"]
    assert reasons["S3-b"] == "This interaction is not in the guide."
    row.refresh_from_db()
    assert row.is_counted
    assert Observation.objects.count() == PendingFold.objects.count() == 1
    assert not AuditEntry.objects.filter(verb="moved").exists()


def test_only_what_counts_moves_and_only_where_a_guide_is_open(
    programme: Programme, other: Journey, consultant: User
) -> None:
    def refusal(row: Observation, journey: Journey) -> str:
        with pytest.raises(NotMovable) as refused:
            move_observation(observation=row, journey=journey, user=consultant)
        [misfit] = refused.value.misfits
        return misfit.reason

    row = stored(programme)
    assert "no open guide" in refusal(row, row.journey)
    assert "no open guide" in refusal(row, make_journey(programme, "bare"))
    withdraw_observation(observation=row)
    assert "withdrawn" in refusal(row, other)
    row = stored(programme, observer="OBS-2")
    exclude_observer(programme=programme, observer="OBS-2", reason="Made up", user=consultant)
    assert "excluded" in refusal(row, other)


def test_moved_away_it_is_not_restored_but_moved_back(
    programme: Programme, other: Journey, consultant: User
) -> None:
    row = stored(programme)
    moved = move_observation(observation=row, journey=other, user=consultant)
    with pytest.raises(Moved):
        restore_observation(observation=row)
    withdraw_observation(observation=moved)
    restore_observation(observation=moved)
    back = move_observation(observation=moved, journey=row.journey, user=consultant)
    fold_pending()
    assert [one.pk for one in Observation.objects.counted()] == [back.pk]
    assert StageCell.objects.get(stage=None).framework.journey == row.journey


def test_the_database_refuses_a_second_move(
    programme: Programme, other: Journey, consultant: User
) -> None:
    row = stored(programme)
    move_observation(observation=row, journey=other, user=consultant)
    twin = stored(programme)
    constraint = "observation_moved_once|observation.moved_from"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Observation.objects.filter(pk=twin.pk).update(moved_from=row)


def test_photos_come_with_it(
    programme: Programme, other: Journey, consultant: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = b"a photo"
    items = [
        {
            "id": str(uuid.uuid4()),
            "interaction": "S1-b",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "type": "image/jpeg",
        }
        for _ in range(2)
    ]
    row = stored(programme, media=items)
    arrived, missing = Media.objects.order_by("pk")
    arrived.file.save(arrived.sha256, ContentFile(content))
    moved = move_observation(observation=row, journey=other, user=consultant)
    photos = dict(moved.media.values_list("uuid", "file"))
    assert photos == {arrived.uuid: arrived.file.name, missing.uuid: ""}
