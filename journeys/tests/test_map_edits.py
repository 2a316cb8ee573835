"""Undo and redo on the map: a person's own steps, never somebody else's work."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from journeys import map_building, map_edits
from journeys.deleting import StillUsed
from journeys.guards import Blocked, register_guard, unregister_guard
from journeys.holding import Overtaken
from journeys.map_edits import NothingLeft, next_steps, redo, undo
from journeys.models import AuditEntry, Choice, Journey, MapEdit, Need, Stage, Touchpoint
from journeys.stages import save_choice
from journeys.tests.factories import make_channel, make_journey, make_touchpoint


def picture(journey: Journey) -> list[Any]:
    """All that the map holds, rows under their numbers, in order."""
    rows: list[Any] = [
        (stage.pk, stage.name, stage.phase, stage.criticality)
        for stage in Stage.objects.filter(journey=journey)
    ]
    of_stage = {"stage__journey": journey}
    for model in (Touchpoint, Need, Choice):
        rows += model._default_manager.filter(**of_stage).order_by("stage__position", "position")
    touchpoints = Touchpoint.objects.filter(**of_stage)
    rows += touchpoints.order_by("pk").values_list("pk", "stage", "channel", "criticality")
    return [row if isinstance(row, tuple) else (row.pk, str(row), row.stage_id) for row in rows]


def build(journey: Journey, actor: User) -> list[list[Any]]:
    """Ten steps of every kind; the pictures before the first and after each."""
    first, second, third = journey.stages.all()
    store = make_channel(journey.programme, "shop")
    app = make_channel(journey.programme, "app")
    pictures = [picture(journey)]

    def part(name: str) -> Touchpoint:
        pictures.append(picture(journey))
        return Touchpoint.objects.select_related("stage__journey").get(name=name)

    names = ["Till", "Self-scan", "Counter"]
    map_building.add_touchpoints(stage=first, names=names, channel=store, actor=actor)
    till, scan, counter = part("Till"), part("Self-scan"), part("Counter")
    del pictures[-2:]
    map_building.add_stages(journey=journey, names=["Park", "Pay"], phase="after", actor=actor)
    pictures.append(picture(journey))
    map_building.add_needs(stage=first, texts=["be quick"], level="implicit", actor=actor)
    pictures.append(picture(journey))
    map_building.add_choices(stage=second, questions=["Till or scan?"], actor=actor)
    pictures.append(picture(journey))
    map_building.place_stages(stages=[third], phase="before", before=None, actor=actor)
    pictures.append(picture(journey))
    map_building.place_parts(parts=[counter], stage=second, before=None, actor=actor)
    pictures.append(picture(journey))
    map_building.mark(rows=[till, scan], criticality=3, actor=actor)
    pictures.append(picture(journey))
    map_building.set_channel(touchpoints=[till, scan], channel=app, actor=actor)
    map_building.delete_parts(parts=[part("Self-scan")], actor=actor)
    pictures.append(picture(journey))
    map_building.delete_stage(stage=Stage.objects.get(pk=first.pk), actor=actor)
    pictures.append(picture(journey))
    return pictures


def test_every_step_is_undone_and_redone_exactly(journey: Journey, consultant: User) -> None:
    pictures = build(journey, consultant)
    assert len({str(one) for one in pictures}) == len(pictures) == 11
    for expected in reversed(pictures[:-1]):
        undo(journey=journey, actor=consultant)
        assert picture(journey) == expected
    with pytest.raises(NothingLeft):
        undo(journey=journey, actor=consultant)
    for expected in pictures[1:]:
        redo(journey=journey, actor=consultant)
        assert picture(journey) == expected
    with pytest.raises(NothingLeft):
        redo(journey=journey, actor=consultant)


def test_a_new_step_ends_what_could_be_redone(journey: Journey, consultant: User) -> None:
    stage = journey.stages.get(key="S1")
    map_building.mark(rows=[stage], criticality=3, actor=consultant)
    undo(journey=journey, actor=consultant)
    assert next_steps(journey, consultant)[1] is not None
    map_building.mark(rows=[stage], criticality=2, actor=consultant)
    assert next_steps(journey, consultant)[1] is None
    assert MapEdit.objects.filter(is_dropped=False).count() == 1


def test_a_step_that_changed_nothing_is_none(journey: Journey, consultant: User) -> None:
    map_building.set_channel(
        touchpoints=[], channel=make_channel(journey.programme, "app"), actor=consultant
    )
    with map_edits.map_step(journey=journey, actor=consultant, verb="changed", subject="x"):
        pass
    assert not MapEdit.objects.exists()


def test_only_own_steps_are_taken_back(journey: Journey, consultant: User, lead: User) -> None:
    map_building.mark(rows=[journey.stages.get(key="S1")], criticality=3, actor=lead)
    with pytest.raises(NothingLeft):
        undo(journey=journey, actor=consultant)


def test_what_another_has_changed_stays(journey: Journey, consultant: User, lead: User) -> None:
    stage = journey.stages.get(key="S1")
    map_building.mark(rows=[stage], criticality=3, actor=consultant)
    map_building.mark(rows=[stage], criticality=2, actor=lead)
    with pytest.raises(Overtaken, match=r"Stage S1.*changed since"):
        undo(journey=journey, actor=consultant)
    assert Stage.objects.get(pk=stage.pk).criticality == 2
    assert next_steps(journey, consultant)[0] is not None


def test_an_added_stage_that_others_filled_stays(
    journey: Journey, consultant: User, lead: User
) -> None:
    (park,) = map_building.add_stages(
        journey=journey, names=["Park"], phase="before", actor=consultant
    )
    map_building.add_needs(stage=park, texts=["shade"], level="implicit", actor=lead)
    with pytest.raises(Overtaken, match=r"Park.*shade"):
        undo(journey=journey, actor=consultant)
    assert Need.objects.get().stage == park


def test_a_channel_deleted_meanwhile_is_named(journey: Journey, consultant: User) -> None:
    stage = journey.stages.get(key="S1")
    app = make_channel(journey.programme, "app")
    (scan,) = map_building.add_touchpoints(
        stage=stage, names=["Self-scan"], channel=app, actor=consultant
    )
    map_building.delete_parts(parts=[scan], actor=consultant)
    app.delete()
    with pytest.raises(Overtaken, match="Self-scan"):
        undo(journey=journey, actor=consultant)


def test_undo_asks_the_guards(journey: Journey, consultant: User) -> None:
    app = make_channel(journey.programme, "app")
    touchpoint = make_touchpoint(journey.stages.get(key="S1"))
    map_building.set_channel(touchpoints=[touchpoint], channel=app, actor=consultant)

    def guard(row: Any, fields: Any) -> list[str]:
        return ["summed"] if {"channel", "channel_id"} & set(fields) else []

    register_guard(guard)
    try:
        with pytest.raises(Blocked, match="summed"):
            undo(journey=journey, actor=consultant)
    finally:
        unregister_guard(guard)
    touchpoint.refresh_from_db()
    assert touchpoint.channel == app


def test_an_observed_stage_is_not_undone_away(
    journey: Journey, consultant: User, framework: Any
) -> None:
    stage = journey.stages.get(key="S1")
    with pytest.raises(StillUsed):
        map_building.delete_stage(stage=stage, actor=consultant)
    assert not MapEdit.objects.exists()


def test_criteria_come_back_with_their_choice(journey: Journey, consultant: User) -> None:
    stage = journey.stages.get(key="S1")
    (choice,) = map_building.add_choices(stage=stage, questions=["Till?"], actor=consultant)
    with map_edits.map_step(
        journey=journey, actor=consultant, verb="changed", subject=choice, stages=[stage]
    ):
        save_choice(choice=choice, criteria=["queue", "bulk"])
    map_building.delete_parts(parts=[choice], actor=consultant)
    undo(journey=journey, actor=consultant)
    back = Choice.objects.get()
    assert [each.text for each in back.criteria.all()] == ["queue", "bulk"]
    undo(journey=journey, actor=consultant)
    assert not back.criteria.exists()


def test_the_oldest_steps_are_forgotten(
    journey: Journey, consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_edits, "KEPT", 3)
    stage = journey.stages.get(key="S1")
    for criticality in (2, 3, 1, 2, 3):
        map_building.mark(rows=[stage], criticality=criticality, actor=consultant)
    assert MapEdit.objects.count() == 3


def test_undo_stands_in_the_history(journey: Journey, consultant: User) -> None:
    map_building.mark(rows=[journey.stages.get(key="S1")], criticality=3, actor=consultant)
    undo(journey=journey, actor=consultant)
    redo(journey=journey, actor=consultant)
    entries = AuditEntry.objects.filter(actor=consultant)
    assert sorted(entries.values_list("verb", flat=True)) == ["redone", "undone"]


def test_a_step_costs_the_same_on_a_big_map(journey: Journey, consultant: User) -> None:
    big = make_journey(journey.programme, "big", stages=12)
    for stage in big.stages.all():
        for _number in range(4):
            make_touchpoint(stage)
    costs = []
    for each in (journey, big):
        stage = each.stages.select_related("journey__programme").get(key="S1")
        channel = make_channel(journey.programme, f"c{each.pk}")
        with CaptureQueriesContext(connection) as queries:
            map_building.add_touchpoints(
                stage=stage, names=["A", "B"], channel=channel, actor=consultant
            )
        costs.append(len(queries))
    assert costs[0] == costs[1]
