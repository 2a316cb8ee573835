"""Drafts: begun, copied, their interactions written, moved and deleted."""

from __future__ import annotations

import pytest

from accounts.models import User
from journeys.copying import copy_journey
from journeys.models import AuditEntry, Journey
from journeys.tests.factories import make_segment
from journeys.versions import StaleEdit
from scoring.copying import copy_framework
from scoring.drafting import (
    DraftExists,
    change_thresholds,
    delete_draft,
    delete_interaction,
    move_interaction,
    next_key,
    save_interaction,
    start_draft,
)
from scoring.models import Framework, FrozenFramework, Interaction
from scoring.tests.factories import make_framework, make_interaction

LEVELS = {-1: "Nobody looks up", 0: "Greeted", 2: "Greeted by name"}


@pytest.fixture
def draft(journey: Journey) -> Framework:
    return make_framework(journey, status="draft")


def new_interaction(draft: Framework, **fields: object) -> Interaction:
    fields = {"stage": draft.journey.stages.all()[0], "statement": "Somebody greets me"} | fields
    return Interaction(framework=draft, **fields)


def test_a_first_draft_is_empty_and_the_next_is_a_copy(journey: Journey, consultant: User) -> None:
    first = start_draft(journey=journey, copy_of=None, actor=consultant)
    assert (first.version, first.interactions.count()) == (1, 0)
    delete_draft(framework=first, actor=consultant)
    source = make_framework(journey, low=-20)
    second = start_draft(journey=journey, copy_of=source, actor=consultant)
    assert (second.version, second.status, second.low) == (2, "draft", -20)
    fields = ("key", "stage", "touchpoint", "kind", "weight", "target", "position")
    assert list(second.interactions.values(*fields)) == list(source.interactions.values(*fields))
    theirs = second.interactions.values_list("key", "levels__points", "levels__label")
    assert set(theirs) == set(
        source.interactions.values_list("key", "levels__points", "levels__label")
    )


def test_a_journey_has_one_draft(draft: Framework, consultant: User) -> None:
    with pytest.raises(DraftExists) as refusal:
        start_draft(journey=draft.journey, copy_of=None, actor=consultant)
    assert refusal.value.args == (draft,)


def test_an_interaction_is_added_at_the_end_of_its_stage(
    draft: Framework, consultant: User
) -> None:
    row = save_interaction(
        interaction=new_interaction(draft), levels=LEVELS, seen=None, actor=consultant
    )
    assert row.key == "i-1"
    assert row.wording == LEVELS
    assert draft.interactions.filter(stage=row.stage).last() == row
    assert AuditEntry.objects.get().verb == "added"


def test_generated_keys_never_come_back(framework: Framework, consultant: User) -> None:
    make_interaction(framework, framework.journey.stages.all()[0], "i-7")
    draft = start_draft(journey=framework.journey, copy_of=None, actor=consultant)
    assert next_key(draft) == "i-8"


def test_a_change_is_audited_field_by_field(draft: Framework, consultant: User) -> None:
    row = draft.interactions.get(key="S1-p")
    row.weight = 3
    levels = row.wording | {2: "Better"}
    save_interaction(interaction=row, levels=levels, seen=0, actor=consultant)
    row = draft.interactions.get(key="S1-p")
    assert (row.version, row.weight, row.wording[2]) == (1, 3, "Better")
    changes = AuditEntry.objects.get().changes
    assert changes == {"weight": [1, 3], "level +2": ["Level 2", "Better"]}


def test_who_comes_second_is_told(draft: Framework, consultant: User) -> None:
    row = draft.interactions.get(key="S1-p")
    save_interaction(interaction=row, levels=LEVELS, seen=0, actor=consultant)
    with pytest.raises(StaleEdit):
        save_interaction(interaction=row, levels={}, seen=0, actor=consultant)
    assert draft.interactions.get(key="S1-p").wording == LEVELS


def test_moving_stays_inside_the_stage(draft: Framework) -> None:
    def keys() -> list[str]:
        return list(draft.interactions.values_list("key", flat=True))[:3]

    assert keys() == ["S1-b", "S1-p", "S1-d"]
    move_interaction(interaction=draft.interactions.get(key="S1-d"), direction="up")
    assert keys() == ["S1-b", "S1-d", "S1-p"]
    move_interaction(interaction=draft.interactions.get(key="S1-b"), direction="up")
    move_interaction(interaction=draft.interactions.get(key="S1-p"), direction="down")
    assert keys() == ["S1-b", "S1-d", "S1-p"]
    move_interaction(interaction=draft.interactions.get(key="S1-b"), direction="down")
    assert keys() == ["S1-d", "S1-b", "S1-p"]


def test_nothing_of_a_frozen_version_changes(framework: Framework, consultant: User) -> None:
    row = framework.interactions.get(key="S1-p")
    with pytest.raises(FrozenFramework):
        save_interaction(interaction=row, levels=LEVELS, seen=0, actor=consultant)
    with pytest.raises(FrozenFramework):
        save_interaction(
            interaction=new_interaction(framework), levels=LEVELS, seen=None, actor=consultant
        )
    with pytest.raises(FrozenFramework):
        delete_interaction(interaction=row, actor=consultant)
    with pytest.raises(FrozenFramework):
        move_interaction(interaction=row, direction="down")
    with pytest.raises(FrozenFramework):
        change_thresholds(framework=framework, values={"low": -20}, actor=consultant)
    with pytest.raises(FrozenFramework):
        delete_draft(framework=framework, actor=consultant)
    assert framework.interactions.count() == 9
    assert not AuditEntry.objects.exists()


def test_a_framework_follows_its_journey_to_another_segment(
    framework: Framework, consultant: User
) -> None:
    segment = make_segment(framework.journey.programme, "pro")
    copy = copy_journey(
        source=framework.journey, segment=segment, name="Pro, store", actor=consultant
    )
    left_out = framework.journey.stages.get(key="S3")
    copy.stages.pop(left_out.pk)
    draft = copy_framework(
        source=framework,
        journey=copy.journey,
        stage_map=copy.stages,
        touchpoint_map=copy.touchpoints,
    )
    assert (draft.version, draft.is_draft, draft.journey) == (1, True, copy.journey)
    rows = draft.interactions.select_related("stage", "touchpoint")
    assert [row.key for row in rows] == ["S1-b", "S1-p", "S1-d", "S2-b", "S2-p", "S2-d"]
    assert {row.stage.journey for row in rows} == {copy.journey}
    assert {row.touchpoint.journey for row in rows if row.touchpoint} == {copy.journey}
    assert rows[1].wording == framework.interactions.get(key="S1-p").wording
