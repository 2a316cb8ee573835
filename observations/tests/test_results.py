"""The door's own SQL: what it stores and reads equals what the models would."""

from __future__ import annotations

import pytest

from journeys.models import Channel, Programme, Segment, Stage
from journeys.tests.factories import make_channel, make_touchpoint
from observations.guides import Guide, GuideBook
from observations.models import Revision, StageResult
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework
from scoring.scale import score_observation
from scoring.tests.factories import make_interaction


def stored(revision: Revision) -> list[tuple[object, ...]]:
    rows = StageResult.objects.filter(revision=revision).order_by("pk")
    return [
        (
            row.stage.key if row.stage else None,
            row.channel.key if row.channel else None,
            *(row.S, row.raw, row.P, row.Q),
            *(row.customer_class, row.basic_seen, row.basics_ok),
        )
        for row in rows
    ]


def guide_of(framework: Framework) -> Guide:
    journey = framework.journey
    guide = GuideBook.of(journey.programme).guide(journey.key, framework.version)
    assert guide is not None
    return guide


def test_results_are_stored_as_scored_each_under_its_revision(
    programme: Programme, framework: Framework
) -> None:
    submit(programme)
    submit(programme, answers={"S1-b": -2, "S3-p": 2})
    guide = guide_of(framework)
    for revision in Revision.objects.all():
        sums = score_observation(
            guide.scored, revision.answers, method=revision.method, thresholds=guide.thresholds
        )
        assert len(sums) > 1
        assert stored(revision) == [
            (
                *(one.stage, one.channel, one.S, one.raw, one.P, one.Q),
                *(one.customer_class or "", one.basic_seen, one.basics_ok),
            )
            for one in sums
        ]


@pytest.mark.parametrize("answers", [{}, {"S1-b": "NA", "S2-b": "NO"}])
def test_nothing_observed_stores_no_result(
    programme: Programme, framework: Framework, answers: dict[str, str]
) -> None:
    assert submit(programme, answers=answers).status == "created"
    assert not StageResult.objects.exists()


def test_a_guide_holds_every_item_as_its_model_gives_it(
    programme: Programme, framework: Framework
) -> None:
    stage = framework.journey.stages.get(key="S2")
    make_interaction(framework, stage, "no-touchpoint", (-3, 3))
    make_interaction(framework, stage, "no-levels", (), target=2, weight=3)
    guide = guide_of(framework)
    interactions = framework.interactions.all()
    assert list(guide.items.values()) == [one.as_item() for one in interactions]
    assert guide.stage_ids == dict(framework.journey.stages.values_list("key", "pk"))
    assert guide.channel_ids == dict(programme.channels.values_list("key", "pk"))
    assert guide.scored == tuple(guide.items.values())


def test_only_what_is_inside_the_perimeter_is_scored(
    programme: Programme, framework: Framework
) -> None:
    stage = framework.journey.stages.get(key="S2")
    outside = make_channel(programme, "web", in_perimeter=False)
    touchpoint = make_touchpoint(stage, channel=outside)
    make_interaction(framework, stage, "on-the-web", touchpoint=touchpoint)
    assert "on-the-web" not in {item.key for item in guide_of(framework).scored}
    Stage.objects.filter(pk=stage.pk).update(in_perimeter=False)
    assert {item.stage for item in guide_of(framework).scored} == {"S1", "S3"}
    assert set(ANSWERS) < set(guide_of(framework).items)
    Segment.objects.update(in_perimeter=False)
    assert guide_of(Framework.objects.get(pk=framework.pk)).scored == ()


def test_a_change_of_perimeter_counts_at_the_next_call(
    programme: Programme, framework: Framework
) -> None:
    submit(programme)
    Channel.objects.update(in_perimeter=False)
    submit(programme)
    first, second = Revision.objects.order_by("pk")
    assert first.results.exists()
    assert not second.results.exists()
