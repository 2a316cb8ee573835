"""Snapshots: the map comes back exactly, in one step, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from journeys import map_building, snapshots
from journeys.guards import register_guard, unregister_guard
from journeys.map_edits import next_steps, redo, undo
from journeys.models import AuditEntry, Channel, Journey, MapEdit, Snapshot, Stage, Touchpoint
from journeys.snapshots import RestoreRefused, restore_snapshot, take_snapshot
from journeys.stages import save_choice
from journeys.tests.factories import make_channel, make_touchpoint
from journeys.tests.test_map_edits import picture

HOSTILE = "<script>alert(1)</script> “é” {{ x }} \N{SNOWMAN} ' \" \\"


def full_picture(journey: Journey) -> list[Any]:
    """Also what a stage and a touchpoint say, and the criteria with their numbers."""
    stages = Stage.objects.filter(journey=journey)
    touchpoints = Touchpoint.objects.filter(journey=journey).order_by("pk")
    criteria = stages.values_list("choices__criteria", "choices__criteria__text").order_by(
        "position", "choices__position", "choices__criteria__position"
    )
    return [
        picture(journey),
        list(stages.values_list("key", "reach_bp", "in_perimeter", "position")),
        list(touchpoints.values_list("key", "name", "customer_action", "nature", "initiative")),
        list(criteria),
    ]


def furnish(journey: Journey, actor: User) -> None:
    """Something of everything, with names that would break a careless writer."""
    first = journey.stages.get(key="S1")
    Stage.objects.filter(pk=first.pk).update(name=HOSTILE, reach_bp=7550, criticality=3)
    map_building.add_needs(stage=first, texts=[HOSTILE, "b", "b"], level="implicit", actor=actor)
    (choice,) = map_building.add_choices(stage=first, questions=["Till?"], actor=actor)
    save_choice(choice=choice, criteria=["queue", HOSTILE])
    make_touchpoint(first, "till", customer_action=HOSTILE, nature="transactional", position=1)


def rebuild(journey: Journey, actor: User) -> None:
    """Much of the map otherwise: deleted, moved, renamed, added."""
    first, second, third = journey.stages.all()
    app = make_channel(journey.programme, "app")
    till = Touchpoint.objects.select_related("stage__journey").get(key="till")
    map_building.place_parts(parts=[till], stage=second, before=None, actor=actor)
    map_building.set_channel(touchpoints=[till], channel=app, actor=actor)
    map_building.delete_parts(parts=list(first.needs.all()[:1]), actor=actor)
    map_building.place_stages(stages=[third], phase="before", before=None, actor=actor)
    map_building.delete_stage(stage=Stage.objects.get(pk=first.pk), actor=actor)
    (park,) = map_building.add_stages(journey=journey, names=["Park"], phase="after", actor=actor)
    map_building.add_touchpoints(stage=park, names=["Gate"], channel=app, actor=actor)


def test_a_restore_brings_the_exact_map_back(journey: Journey, consultant: User) -> None:
    furnish(journey, consultant)
    then = full_picture(journey)
    snapshot = take_snapshot(journey=journey, name=HOSTILE, actor=consultant)
    rebuild(journey, consultant)
    changed = full_picture(journey)
    assert changed != then
    restore_snapshot(snapshot=Snapshot.objects.get(pk=snapshot.pk), actor=consultant)
    assert full_picture(journey) == then
    undo(journey=journey, actor=consultant)
    assert full_picture(journey) == changed
    redo(journey=journey, actor=consultant)
    assert full_picture(journey) == then


def test_a_restore_is_one_step_and_keeps_what_was(journey: Journey, consultant: User) -> None:
    furnish(journey, consultant)
    snapshot = take_snapshot(journey=journey, name="after workshop 1", actor=consultant)
    rebuild(journey, consultant)
    before, changed = MapEdit.objects.count(), full_picture(journey)
    safety = restore_snapshot(snapshot=snapshot, actor=consultant)
    assert MapEdit.objects.count() == before + 1
    step = next_steps(journey, consultant)[0]
    assert step is not None and (step.verb, step.subject) == ("restored", "after workshop 1")
    assert AuditEntry.objects.filter(verb="restored", subject__contains="workshop 1").exists()
    assert safety is not None and safety.is_automatic
    restore_snapshot(snapshot=safety, actor=consultant)
    assert full_picture(journey) == changed


def test_a_restore_goes_over_what_others_did(
    journey: Journey, consultant: User, lead: User
) -> None:
    furnish(journey, consultant)
    then = full_picture(journey)
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    rebuild(journey, lead)
    restore_snapshot(snapshot=snapshot, actor=consultant)
    assert full_picture(journey) == then
    undo(journey=journey, actor=consultant)
    assert Touchpoint.objects.get(key="gate").stage.name == "Park"


def test_a_stage_made_again_under_its_key_is_the_same(journey: Journey, consultant: User) -> None:
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    map_building.delete_stage(stage=journey.stages.get(key="S1"), actor=consultant)
    again = Stage.objects.create(journey=journey, key="S1", name="Arrive", position=9)
    restore_snapshot(snapshot=snapshot, actor=consultant)
    stage = journey.stages.get(key="S1")
    assert (stage.pk, stage.name) == (again.pk, "Stage S1")
    assert stage.touchpoints.get().key == "t-S1"


def test_nothing_to_restore_leaves_no_trace(journey: Journey, consultant: User) -> None:
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    assert restore_snapshot(snapshot=snapshot, actor=consultant) is None
    assert Snapshot.objects.count() == 1
    assert not MapEdit.objects.exists()


def test_a_channel_deleted_since_is_added_again(journey: Journey, consultant: User) -> None:
    furnish(journey, consultant)
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    app = make_channel(journey.programme, "app", family="mobile_app", medium="digital")
    Touchpoint.objects.filter(journey=journey).update(channel=app)
    Channel.objects.get(key="store").delete()
    assert [part["key"] for part in snapshots.missing_channels(snapshot)] == ["store"]
    restore_snapshot(snapshot=snapshot, actor=consultant)
    store = journey.programme.channels.get(key="store")
    assert store.name == "Store" and store.family == "face_to_face"
    assert set(Touchpoint.objects.values_list("channel", flat=True)) == {store.pk}


def test_what_frameworks_stand_on_is_not_restored_away(
    journey: Journey, consultant: User, framework: Any
) -> None:
    stages = list(journey.stages.all())
    Stage.objects.filter(pk=stages[0].pk).update(name="Now")
    document = {"journey": {"stages": []}, "channels": [], "rows": []}
    snapshot = Snapshot.objects.create(journey=journey, name="empty", document=document)
    before = full_picture(journey)
    with pytest.raises(RestoreRefused) as refused:
        restore_snapshot(snapshot=snapshot, actor=consultant)
    held = {str(each.row): each.dependants for each in refused.value.obstacles}
    assert any(each.count for each in held["Now"])
    assert full_picture(journey) == before
    assert Snapshot.objects.count() == 1
    assert not MapEdit.objects.exists()


def test_frameworks_stay_attached_over_a_restore(
    journey: Journey, consultant: User, framework: Any
) -> None:
    on = {each.pk: (each.stage_id, each.touchpoint_id) for each in framework.interactions.all()}
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    map_building.add_stages(journey=journey, names=["Park"], phase="before", actor=consultant)
    Stage.objects.filter(key="S1").update(name="Other")
    restore_snapshot(snapshot=snapshot, actor=consultant)
    now = {each.pk: (each.stage_id, each.touchpoint_id) for each in framework.interactions.all()}
    assert on and now == on


@pytest.mark.parametrize("field", ["channel", "in_perimeter"])
def test_a_restore_asks_the_guards(journey: Journey, consultant: User, field: str) -> None:
    snapshot = take_snapshot(journey=journey, name="then", actor=consultant)
    app = make_channel(journey.programme, "app")
    Touchpoint.objects.filter(key="t-S1").update(channel=app)
    Stage.objects.filter(key="S2").update(in_perimeter=False)
    before = full_picture(journey)

    def guard(row: Any, fields: Any) -> list[str]:
        return ["summed"] if field in fields else []

    register_guard(guard)
    try:
        with pytest.raises(RestoreRefused) as refused:
            restore_snapshot(snapshot=snapshot, actor=consultant)
    finally:
        unregister_guard(guard)
    assert [each.reasons for each in refused.value.obstacles] == [["summed"]]
    assert full_picture(journey) == before


def test_only_the_newest_automatic_ones_are_kept(
    journey: Journey, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "KEPT_AUTOMATIC", 2)
    take_snapshot(journey=journey, name="named", actor=consultant)
    for name in ("a", "b", "c"):
        take_snapshot(journey=journey, name=name, actor=consultant, is_automatic=True)
    assert [each.name for each in Snapshot.objects.all()] == ["c", "b", "named"]


def test_a_snapshot_has_a_name(journey: Journey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Snapshot.objects.create(journey=journey, name="", document={})
