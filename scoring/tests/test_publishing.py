"""Publication: hard rules, the freeze, the predecessor, and the end of a version."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from journeys.models import AuditEntry, Journey
from journeys.tests.factories import make_journey, make_stage, make_touchpoint
from scoring.drafting import start_draft
from scoring.models import Framework, FrozenFramework, ResponseLevel
from scoring.publishing import (
    NotClosable,
    NotPublishable,
    close_framework,
    publication_errors,
    publication_warnings,
    publish_framework,
)
from scoring.tests.factories import make_framework, make_interaction


@pytest.fixture
def draft(journey: Journey) -> Framework:
    return make_framework(journey, status="draft")


def codes(framework: Framework) -> list[tuple[str, str]]:
    return [(error.code, error.interaction_key) for error in publication_errors(framework)]


def test_a_sound_draft_is_published_and_audited(draft: Framework, consultant: User) -> None:
    published = publish_framework(framework=draft, actor=consultant)
    assert published.status == "published"
    assert published.published_by == consultant
    assert published.published_at is not None
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("published", consultant)


def test_publishing_twice_is_refused(draft: Framework, consultant: User) -> None:
    publish_framework(framework=draft, actor=consultant)
    with pytest.raises(FrozenFramework):
        publish_framework(framework=draft, actor=consultant)


def test_the_version_before_becomes_closing(framework: Framework, consultant: User) -> None:
    draft = start_draft(journey=framework.journey, copy_of=framework, actor=consultant)
    publish_framework(framework=draft, actor=consultant)
    framework.refresh_from_db()
    assert framework.status == "closing"
    assert framework.takes_observations


def test_a_draft_with_errors_stays_a_draft(draft: Framework, consultant: User) -> None:
    make_interaction(draft, draft.journey.stages.all()[0], "bad", (-1, 1))
    with pytest.raises(NotPublishable) as refusal:
        publish_framework(framework=draft, actor=consultant)
    assert [error.interaction_key for error in refusal.value.errors] == ["bad"]
    draft.refresh_from_db()
    assert draft.is_draft
    assert not AuditEntry.objects.exists()


def test_an_empty_framework_is_refused(journey: Journey) -> None:
    assert codes(Framework.objects.create(journey=journey, version=1)) == [("empty_framework", "")]


@pytest.mark.parametrize(
    ("points", "fields", "code"),
    [
        ((-1, 1), {}, "zero_missing"),
        ((0,), {"kind": "basic"}, "too_few_levels"),
        ((-1, 0, 1), {"kind": "basic"}, "basic_shape"),
        ((-1, 0, 1), {"kind": "delight"}, "delight_shape"),
        ((0, 1), {}, "performance_shape"),
        ((-1, 0, 1), {"target": 2}, "target_not_a_level"),
        ((-1, 0, 1), {"target": -1}, "target_negative"),
        ((-1, 0, 1), {"statement": " "}, "statement_missing"),
    ],
)
def test_the_hard_rules_hold_for_rows(
    draft: Framework, points: tuple[int, ...], fields: dict[str, object], code: str
) -> None:
    make_interaction(draft, draft.journey.stages.all()[0], "bad", points, **fields)  # type: ignore[arg-type]
    assert (code, "bad") in codes(draft)
    assert all(error.message for error in publication_errors(draft))


def test_what_hangs_elsewhere_is_refused(draft: Framework) -> None:
    first, second = draft.journey.stages.all()[:2]
    make_interaction(draft, first, "t", touchpoint=make_touchpoint(second))
    foreign = make_stage(make_journey(draft.journey.programme, "other"), "X")
    make_interaction(draft, foreign, "s")
    assert set(codes(draft)) == {("touchpoint_elsewhere", "t"), ("stage_elsewhere", "s")}


def test_levels_need_words_and_thresholds_their_range(draft: Framework) -> None:
    ResponseLevel.objects.filter(interaction__key="S1-b", points=-2).update(label=" ")
    Framework.objects.filter(pk=draft.pk).update(low=-101)
    draft.refresh_from_db()
    assert codes(draft) == [("threshold_out_of_range", ""), ("label_missing", "S1-b")]


def test_the_database_refuses_what_no_form_lets_through(draft: Framework) -> None:
    stage = draft.journey.stages.all()[0]
    for points in ((0, 0, 1), (-4, 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_interaction(draft, stage, "bad", points)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_interaction(draft, stage, "bad", weight=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_interaction(draft, stage, "S1-b")


def test_warnings_are_of_the_perimeter_only(draft: Framework) -> None:
    assert publication_warnings(draft) == []
    draft.interactions.filter(key__startswith="S2").delete()
    draft.interactions.filter(key__startswith="S3").delete()
    draft.journey.stages.filter(key="S3").update(in_perimeter=False)
    warnings = publication_warnings(draft)
    assert [(one.code, one.stage_key) for one in warnings] == [
        ("stage_without_basic", "S2"),
        ("stage_without_exceeding", "S2"),
    ]


def test_a_frozen_version_refuses_saves_of_its_rows(draft: Framework, consultant: User) -> None:
    interaction = draft.interactions.get(key="S1-p")
    level = interaction.levels.get(points=0)
    interaction.save()
    level.save()
    publish_framework(framework=draft, actor=consultant)
    for row in (interaction, level):
        with pytest.raises(FrozenFramework):
            row.save()
        with pytest.raises(FrozenFramework):
            row.delete()
    assert draft.interactions.get(key="S1-p").levels.count() == 4


def test_closing_goes_one_step_at_a_time(framework: Framework, consultant: User) -> None:
    close_framework(framework=framework, seen="published", actor=consultant)
    with pytest.raises(NotClosable):
        close_framework(framework=framework, seen="published", actor=consultant)
    closed = close_framework(framework=framework, seen="closing", actor=consultant)
    assert closed.status == "closed"
    with pytest.raises(NotClosable):
        close_framework(framework=framework, seen="closed", actor=consultant)


def test_a_draft_is_not_closed(draft: Framework, consultant: User) -> None:
    with pytest.raises(NotClosable):
        close_framework(framework=draft, seen="draft", actor=consultant)
