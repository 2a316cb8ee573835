"""What cost and earned most, what the gate took, and the missed basic by name on every page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from actionplans.gaps import gaps_of, whole_sheet
from dashboards.tests.test_evidence import BASE, measure
from journeys.access import access_of
from journeys.models import Journey, Programme
from journeys.tests.factories import make_channel, make_touchpoint
from observations.folding import fold_pending
from observations.tests.factories import ANSWERS, submit
from scoring.models import Framework
from scoring.tests.factories import make_interaction

ClientOf = Callable[[User], Client]
HOME = "/programmes/casa-nord/"


def test_interactions_as_in_the_guide_or_by_points(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """S2 misses its basic (-2) and earns by performance (+2) and delight (+3) each time."""
    measure(programme)
    client = client_of(executive)

    def keys(query: str) -> list[str]:
        answer = client.get(BASE + f"S2/{query}")
        assert answer.status_code == 200
        return [line.interaction.key for line in answer.context["interactions"]]

    assert keys("") == keys("?order=guide") == keys("?order=odd") == ["S2-b", "S2-p", "S2-d"]
    assert keys("?order=points") == ["S2-b", "S2-p", "S2-d"]
    framework.interactions.filter(key="S2-b").update(position=9)
    assert keys("") == ["S2-p", "S2-d", "S2-b"]
    assert keys("?order=points") == ["S2-b", "S2-p", "S2-d"]
    page = client.get(BASE + "S2/?location=PAR1").content.decode()
    assert "?location=PAR1&amp;order=points#levels" in page


def test_points_that_were_not_acquired_name_what_they_can(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    measure(programme)
    client = client_of(executive)
    said = client.get(BASE + "S2/").context["held_back_points"]
    assert said == (
        "15 points of “Interaction S2-d” were not acquired, because the basic"
        " “Interaction S2-b” was missed in the same observations."
    )
    stage = framework.journey.stages.get(key="S2")
    make_interaction(framework, stage, "S2-b2", (-1, 0), kind="basic")
    make_interaction(framework, stage, "S2-d2", (0, 1), kind="delight")
    submit(programme, answers=ANSWERS | {"S2-b": 0, "S2-b2": -1, "S2-d2": 1})
    fold_pending()
    said = client.get(BASE + "S2/").context["held_back_points"]
    assert said == (
        "19 points of delight were not acquired, because a basic was missed in the same"
        " observations."
    )


def test_what_a_basic_is_missed_below_is_the_framework_s(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """With a threshold of -1 a level of -1 is no miss, so that one basic alone can be meant."""
    framework.__class__.objects.update(broken_below=-1)
    stage = framework.journey.stages.get(key="S2")
    make_interaction(framework, stage, "S2-b2", (-1, 0), kind="basic")
    for _number in range(5):
        submit(programme, answers=ANSWERS | {"S2-b": -2, "S2-b2": -1})
    fold_pending()
    said = client_of(executive).get(BASE + "S2/").context["held_back_points"]
    assert "because the basic “Interaction S2-b” was missed" in said


def test_a_channel_blames_no_basic_of_its_own_for_what_another_channel_missed(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """The gate is the stage's: five customers met the delight on the web and missed a basic in the store."""
    stage = framework.journey.stages.get(key="S2")
    web = make_touchpoint(stage, "t-web", channel=make_channel(programme, "web"))
    make_interaction(framework, stage, "w-b", (-2, 0), kind="basic", touchpoint=web)
    make_interaction(framework, stage, "w-d", (0, 3), kind="delight", touchpoint=web)
    for _number in range(5):
        submit(programme, answers=ANSWERS | {"S2-b": -2, "S2-d": 0, "w-b": 0, "w-d": 3})
    fold_pending()
    client = client_of(executive)

    def said() -> str:
        text: str = client.get(BASE + "S2/?channel=web").context["held_back_points"]
        return text

    missed = (
        "15 points of “Interaction w-d” were not acquired, because %s in the same observations."
    )
    assert said() == missed % "the basic “Interaction S2-b” was missed"
    submit(programme, answers=ANSWERS | {"S2-b": 0, "w-b": -2, "w-d": 0})
    fold_pending()
    assert said() == missed % "a basic was missed"


@pytest.mark.parametrize("page", ["dashboard/", "plan/", "journeys/family-store/scores/S2/"])
def test_the_missed_basic_is_named_on_every_page(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf, page: str
) -> None:
    measure(programme)
    said = "The basic “Interaction S2-b” was missed in 5 of 5 observations."
    assert said in client_of(executive).get(HOME + page).content.decode()


def test_the_map_names_it_where_enchantment_is_held_back(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """S2 earns 2 + 3 of 5 in eight observations of nine, and one misses the basic."""
    for number in range(9):
        basic = -2 if number == 0 else 0
        submit(programme, answers=ANSWERS | {"S2-b": basic})
    fold_pending()
    framework.__class__.objects.update(basics_covered_bp=9500)
    page = client_of(executive).get(HOME + "journeys/family-store/").content.decode()
    assert "Held back: the basic “Interaction S2-b” was missed in 1 of 9 observations." in page


def test_nobody_asks_for_names_without_words(
    programme: Programme, journey: Journey, framework: Framework, executive: User
) -> None:
    measure(programme)
    sheet = whole_sheet(journey, access_of(executive, programme))
    with CaptureQueriesContext(connection) as captured:
        gaps = gaps_of(sheet)
        assert not any("basic" in gap.reason for gap in gaps if gap.stage.key != "S2")
    assert len(captured) == 0
    with CaptureQueriesContext(connection) as captured:
        assert [gap.stage.key for gap in gaps if gap.missed] == ["S2"]
    assert len(captured) == 2


def test_a_cause_counts_its_points_without_sign(
    programme: Programme, framework: Framework, executive: User, client_of: ClientOf
) -> None:
    """In French -10 points are several, as 10 are."""
    measure(programme)
    client = client_of(executive)
    cost = client.get(BASE + "S2/").context["cost"]
    assert [(cause.statement, cause.points, cause.count) for cause in cost] == [
        ("Interaction S2-b", -10, 10)
    ]
    earned = client.get(BASE + "S2/").context["earned"]
    assert [(cause.statement, cause.points) for cause in earned] == [
        ("Interaction S2-d", 15),
        ("Interaction S2-p", 10),
    ]
    assert earned[0].facts == ("“Level 3” in 5 of 5",)
