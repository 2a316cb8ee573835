"""Which interactions two framework versions have in common, and why the others are left out."""

from __future__ import annotations

from typing import Any

import pytest

from journeys.models import Channel, Journey, Programme
from observations.common_ground import find_common_ground
from scoring.models import Framework, Interaction, ResponseLevel
from scoring.tests.factories import make_framework, make_interaction


@pytest.fixture
def newer(journey: Journey, framework: Framework) -> Framework:
    """The same content as version 1."""
    return make_framework(journey, version=2)


def change(framework: Framework, key: str, **fields: Any) -> None:
    Interaction.objects.filter(framework=framework, key=key).update(**fields)


def differences(*frameworks: Framework) -> dict[str, str]:
    ground = find_common_ground(frameworks)
    return {one.interaction: str(one.difference) for one in ground.left_out}


def test_identical_versions_have_everything_in_common(
    framework: Framework, newer: Framework
) -> None:
    ground = find_common_ground([newer, framework])
    assert ground.versions == (1, 2)
    assert ground.framework == newer
    assert len(ground.compared) == 9
    assert ground.left_out == ()


def test_an_interaction_that_means_something_else_is_left_out(
    journey: Journey, framework: Framework, newer: Framework
) -> None:
    second = journey.stages.get(key="S2")
    change(newer, "S1-b", weight=2)
    change(newer, "S1-d", kind="performance")
    change(newer, "S1-p", stage=second)
    levels = ResponseLevel.objects.filter(interaction__framework=newer)
    levels.filter(interaction__key="S2-b", points=-2).update(points=-1)
    levels.filter(interaction__key="S2-p", points=1).update(label="Something better")
    levels.filter(interaction__key="S2-d", points=3).delete()
    Interaction.objects.filter(framework=newer, key="S3-b").delete()
    make_interaction(newer, second, "S2-x")
    # The words of the interaction, its target and its benefit change nothing that was seen.
    change(newer, "S3-p", statement="Said otherwise", target=2, benefit="useful", touchpoint=None)
    assert differences(framework, newer) == {
        "S1-b": "other_weight",
        "S1-d": "other_class",
        "S1-p": "other_stage",
        "S2-b": "other_levels",
        "S2-p": "other_levels",
        "S2-d": "other_levels",
        "S2-x": "not_in_all",
        "S3-b": "not_in_all",
    }
    ground = find_common_ground([framework, newer])
    assert [one.interaction for one in ground.compared] == ["S3-p", "S3-d"]
    assert [ground.without(key) for key in ("S1", "S2", "S3", "S9")] == [True, True, False, False]
    assert differences(framework, newer, newer) == differences(framework, newer)


def test_what_is_outside_the_perimeter_is_no_ground(
    programme: Programme, journey: Journey, framework: Framework, newer: Framework
) -> None:
    journey.stages.filter(key="S1").update(in_perimeter=False)
    outside = Channel.objects.create(
        programme=programme, key="web", name="Web", family="online", in_perimeter=False
    )
    touchpoint = journey.stages.get(key="S2").touchpoints.get()
    touchpoint.pk, touchpoint.key, touchpoint.channel = None, "web", outside
    touchpoint.save()
    change(newer, "S2-b", touchpoint=touchpoint)
    assert differences(framework, newer) == {"S2-b": "not_in_all"}
    assert {one.stage for one in find_common_ground([framework, newer]).interactions} == {
        "S2",
        "S3",
    }
