"""Undo beside other people's work: theirs stays, what only gave way is no obstacle, versions grow."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from accounts.models import User
from journeys import map_building
from journeys.forms.map_fields import FIELD_FORMS
from journeys.holding import Overtaken
from journeys.map_edits import redo, undo
from journeys.models import Choice, Journey, Need, Stage
from journeys.snapshots import restore_snapshot, take_snapshot


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


def write(actor: User, choice: Choice, *criteria: str) -> None:
    choice = Choice.objects.select_related("stage__journey__programme").get(pk=choice.pk)
    data = QueryDict(mutable=True)
    data.update({"criteria": "\n".join(criteria), "version": str(choice.version)})
    form = FIELD_FORMS["choices", "criteria"](data, instance=choice)
    assert form.is_valid(), form.errors
    map_building.save_row(form=form, journey=choice.stage.journey, actor=actor)


def criteria_of(choice: Choice) -> list[str]:
    return [each.text for each in Choice.objects.get(pk=choice.pk).criteria.all()]


def ask(stage: Stage, actor: User) -> Choice:
    (choice,) = map_building.add_choices(stage=stage, questions=["Till?"], actor=actor)
    return choice


def test_an_added_choice_that_another_gave_criteria_stays(
    stage: Stage, consultant: User, lead: User
) -> None:
    choice = ask(stage, consultant)
    write(lead, choice, "queue")
    with pytest.raises(Overtaken, match=r"Till.*queue"):
        undo(journey=stage.journey, actor=consultant)
    assert criteria_of(choice) == ["queue"]


def test_a_deletion_done_again_spares_new_criteria(
    stage: Stage, consultant: User, lead: User
) -> None:
    choice = Choice.objects.create(stage=stage, question="Till?")
    map_building.delete_parts(parts=[choice], actor=consultant)
    choice = Choice.objects.get(pk=undo(journey=stage.journey, actor=consultant).changes[0]["row"])
    write(lead, choice, "queue")
    with pytest.raises(Overtaken, match=r"Till.*queue"):
        redo(journey=stage.journey, actor=consultant)
    assert criteria_of(choice) == ["queue"]


def test_criteria_that_another_replaced_stay(stage: Stage, consultant: User, lead: User) -> None:
    choice = ask(stage, lead)
    write(lead, choice, "x")
    write(consultant, choice, "y")
    write(lead, choice, "z")
    with pytest.raises(Overtaken, match="“y” has been deleted since"):
        undo(journey=stage.journey, actor=consultant)
    assert criteria_of(choice) == ["z"]


def test_criteria_taken_back_make_open_forms_old(stage: Stage, consultant: User) -> None:
    choice = ask(stage, consultant)
    write(consultant, choice, "x")
    write(consultant, choice, "y")
    seen = Choice.objects.get(pk=choice.pk).version
    undo(journey=stage.journey, actor=consultant)
    assert criteria_of(choice) == ["x"] and Choice.objects.get(pk=choice.pk).version > seen


def test_a_row_that_only_gave_way_may_be_gone(stage: Stage, consultant: User, lead: User) -> None:
    one, two, three = map_building.add_needs(
        stage=stage, texts=["one", "two", "three"], level="explicit", actor=lead
    )
    map_building.place_parts(parts=[three], stage=stage, before=one, actor=consultant)
    map_building.delete_parts(parts=[one], actor=lead)
    undo(journey=stage.journey, actor=consultant)
    assert list(stage.needs.all()) == [two, three]


def test_a_stage_that_only_gave_way_may_be_gone(
    journey: Journey, stage: Stage, consultant: User, lead: User
) -> None:
    map_building.add_stages(journey=journey, names=["Park"], phase="before", actor=consultant)
    map_building.delete_stage(stage=Stage.objects.get(pk=stage.pk), actor=lead)
    undo(journey=journey, actor=consultant)
    assert not journey.stages.filter(name="Park").exists()


def test_giving_way_is_no_newer_version(stage: Stage, consultant: User, lead: User) -> None:
    one, two, three = map_building.add_needs(
        stage=stage, texts=["one", "two", "three"], level="explicit", actor=lead
    )
    map_building.place_parts(parts=[three], stage=stage, before=one, actor=consultant)
    undo(journey=stage.journey, actor=consultant)
    assert {each.version for each in stage.needs.all()} == {0}
    assert list(stage.needs.all()) == [one, two, three]


def test_a_row_that_comes_back_is_newer_than_it_went(stage: Stage, consultant: User) -> None:
    (need,) = map_building.add_needs(stage=stage, texts=["one"], level="explicit", actor=consultant)
    pk = need.pk
    Need.objects.filter(pk=pk).update(version=5)
    map_building.delete_parts(parts=[need], actor=consultant)
    undo(journey=stage.journey, actor=consultant)
    assert Need.objects.get(pk=pk).version == 6
    # An addition too: between it and its undoing the row was saved several times.
    undo(journey=stage.journey, actor=consultant)
    redo(journey=stage.journey, actor=consultant)
    assert Need.objects.get(pk=pk).version == 7


def test_a_row_restored_from_a_snapshot_is_newer_than_it_went(
    journey: Journey, stage: Stage, consultant: User
) -> None:
    pk = Need.objects.create(stage=stage, text="one").pk
    snapshot = take_snapshot(journey=journey, name="Then", actor=consultant)
    Need.objects.filter(pk=pk).update(version=5)
    map_building.delete_parts(parts=[Need.objects.get(pk=pk)], actor=consultant)
    restore_snapshot(snapshot=snapshot, actor=consultant)
    assert Need.objects.get(pk=pk).version == 6


def test_a_place_in_the_same_phase_is_no_newer_version(journey: Journey, consultant: User) -> None:
    first, _second, third = journey.stages.all()
    map_building.place_stages(stages=[third], phase=third.phase, before=first, actor=consultant)
    assert {each.version for each in journey.stages.all()} == {0}
