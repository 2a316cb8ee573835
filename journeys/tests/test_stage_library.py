"""Stages of other journeys on this one: whole, under the same key, in one step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.library import AlreadyThere, add_from_library, library_of
from journeys.map_edits import undo
from journeys.models import Choice, Journey, MapEdit, Stage
from journeys.tests.factories import make_journey, make_programme, make_stage, make_touchpoint
from journeys.tests.pages import url
from journeys.tests.test_map_edits import picture
from journeys.tests.test_snapshots import HOSTILE

ClientOf = Callable[[User], Client]


@pytest.fixture
def source(journey: Journey) -> Journey:
    """Another journey with a stage of this one's key, and two of its own."""
    other = make_journey(journey.programme, "other")
    make_stage(other, "S1", name="The same")
    park = make_stage(other, "park", name=HOSTILE, phase="before", criticality=3, reach_bp=4000)
    make_touchpoint(park, "t-S1", name="Gate", customer_action="Takes a ticket")
    make_touchpoint(park, "lift", criticality=2, position=1)
    park.needs.create(text="be quick", level="implicit")
    Choice.objects.create(stage=park, question="Which level?").criteria.create(text="near")
    make_stage(other, "leave", phase="after")
    return other


def test_a_stage_comes_whole_and_goes_in_one_step(
    journey: Journey, source: Journey, consultant: User
) -> None:
    before = picture(journey)
    park, leave = library_of(journey).filter(key__in=("park", "leave"))
    add_from_library(journey=journey, stages=[leave, park], actor=consultant)
    assert [one.key for one in journey.stages.all()] == ["park", "S1", "S2", "S3", "leave"]
    made = journey.stages.get(key="park")
    assert (made.name, made.criticality, made.reach_bp) == (HOSTILE, 3, 4000)
    facts = [(one.key, one.name, one.customer_action) for one in made.touchpoints.all()]
    assert facts == [("t-s1", "Gate", "Takes a ticket"), ("lift", "lift", "")]
    assert [(one.text, one.level) for one in made.needs.all()] == [("be quick", "implicit")]
    assert made.choices.get().criteria.get().text == "near"
    assert MapEdit.objects.count() == 1
    undo(journey=journey, actor=consultant)
    assert picture(journey) == before
    assert source.stages.count() == 3


def test_a_key_that_came_meanwhile_adds_nothing(
    journey: Journey, source: Journey, consultant: User
) -> None:
    stages = list(library_of(journey))
    with pytest.raises(AlreadyThere, match="The same"):
        add_from_library(journey=journey, stages=stages[::-1], actor=consultant)
    assert journey.stages.count() == 3 and not MapEdit.objects.exists()


def test_stages_are_ticked_on_the_page(
    journey: Journey, source: Journey, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(consultant)
    page = client.get(url("stage-library", "family-store")).content.decode()
    park, same = source.stages.get(key="park"), source.stages.get(key="S1")
    assert f'value="{park.pk}"' in page
    assert f'value="{same.pk}"' not in page and "on this map already" in page
    assert "<script>alert" not in page
    answer = client.post(url("stage-library", "family-store"), {"stages": [park.pk]})
    assert answer.status_code == 302
    assert journey.stages.filter(key="park").exists()


def test_what_may_not_be_added_is_refused(
    journey: Journey, source: Journey, consultant: User, client_of: ClientOf
) -> None:
    twin = make_stage(make_journey(journey.programme, "third"), "park", name="Park again")
    theirs = make_stage(make_journey(make_programme("elsewhere"), "far"), "far")
    here = source.stages.get(key="S1")
    park = source.stages.get(key="park")
    client = client_of(consultant)
    address = url("stage-library", "family-store")
    for chosen in ([], [here.pk], [theirs.pk], ["x"]):
        assert client.post(address, {"stages": chosen}).status_code == 422, chosen
    answer = client.post(address, {"stages": [here.pk]})
    assert "“The same” is on this map already." in answer.content.decode()
    answer = client.post(address, {"stages": [park.pk, twin.pk]})
    assert answer.status_code == 422
    assert "two journeys" in answer.content.decode()
    assert answer.content.decode().count("checked") == 2
    assert Stage.objects.filter(journey=journey).count() == 3


def test_alone_in_its_programme_it_says_so(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    page = client_of(consultant).get(url("stage-library", "family-store")).content.decode()
    assert "have no stages yet" in page
