"""From ideas to actions: grouping, the matrix with its replay, real actions of the plan."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import User
from actionplans.models import Action, Recommendation
from actionplans.planning import PlanRefused
from actionplans.tests.factories import join, make_group, make_workshop
from actionplans.workshop_board import (
    add_idea,
    choose_gap_for_vote,
    commit_action,
    edit_group,
    group_ideas,
    group_the_rest,
    park_group,
    place_group,
    ungroup_idea,
)
from actionplans.workshop_matrix import matrix_of
from actionplans.workshop_models import Decision, Idea, IdeaGroup, Vote, Workshop
from actionplans.workshop_room import put_dot
from conftest import ClientOf
from journeys.models import Journey, Programme
from observations.folding import fold_pending
from observations.tests.factories import submit
from scoring.models import Framework


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:2], facilitator, phase="grouping", code="K7M2QX")


def say(workshop: Workshop, *texts: str) -> list[Idea]:
    gap = workshop.gaps.all()[0]
    return [add_idea(workshop=workshop, gap=gap, text=text) for text in texts]


def an_action(group: IdeaGroup, actor: User, **changes: Any) -> Action:
    facts: dict[str, Any] = {
        "title": "Redo the rota",
        "owner": actor,
        "due_on": timezone.localdate() + timedelta(days=30),
        "dimension": "process",
        "kind": "improvement",
    }
    return commit_action(group=group, actor=actor, **facts | changes)


def test_ideas_into_a_group_and_out_of_it(workshop: Workshop) -> None:
    bell, horn, slide = say(workshop, "a bell", "a horn", "a slide")
    group = group_ideas(workshop=workshop, ideas=[bell, horn], group=None)
    assert (group.title, group.ideas.count()) == ("a bell", 2)
    group_ideas(workshop=workshop, ideas=[slide], group=group)
    assert group.ideas.count() == 3
    for idea in (bell, horn, slide):
        ungroup_idea(workshop=workshop, idea=idea)
    assert not IdeaGroup.objects.exists() and Idea.objects.count() == 3
    group_the_rest(workshop=workshop, gap=workshop.gaps.all()[0])
    assert sorted(IdeaGroup.objects.values_list("title", flat=True)) == [
        "a bell",
        "a horn",
        "a slide",
    ]


def test_private_ideas_and_ideas_of_two_gaps_are_not_grouped(workshop: Workshop) -> None:
    [bell] = say(workshop, "a bell")
    other = make_group(workshop, gap=1).ideas.get()
    for ideas in ([], [bell, other], [other]):
        with pytest.raises(PlanRefused):
            group_ideas(workshop=workshop, ideas=ideas, group=None)


def test_out_of_the_vote_the_dots_go_back(workshop: Workshop) -> None:
    group = make_group(workshop)
    _phone, lea = join(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(phase="vote")
    put_dot(participant=lea, group_id=group.pk, is_on=True)
    edit_group(group=group, title="Open two tills", in_vote=False)
    assert not Vote.objects.exists()
    edit_group(group=group, title="Open two tills", in_vote=True)
    put_dot(participant=lea, group_id=group.pk, is_on=True)
    choose_gap_for_vote(gap=group.gap, in_vote=False)
    assert not Vote.objects.exists()
    Workshop.objects.filter(pk=workshop.pk).update(phase="matrix")
    with pytest.raises(PlanRefused):
        choose_gap_for_vote(gap=group.gap, in_vote=True)


def test_the_matrix_holds_what_the_room_typed(workshop: Workshop) -> None:
    groups = [make_group(workshop, title) for title in "AB"]
    place_group(group=groups[0], impact=40, effort_tenths=25)
    place_group(group=groups[1], impact=5, effort_tenths=600)
    with pytest.raises(PlanRefused):
        place_group(group=groups[0], impact=201, effort_tenths=1)
    matrix = matrix_of(IdeaGroup.objects.all(), None)
    assert (matrix.impact_end, matrix.effort_end) == (50, 100)
    found = {spot.group.title: (spot.x, spot.y, spot.quadrant) for spot in matrix.spots}
    assert found == {"A": (2.5, 80.0, "quick_win"), "B": (60.0, 10.0, "think_twice")}


def test_nudges_move_what_is_typed(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    group, client = make_group(workshop), client_of(facilitator)
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/groups/{group.pk}/place/"
    for nudge in ("up", "up", "right", "down", "left", "left"):
        group.refresh_from_db()
        data = {"impact": group.impact or "", "effort": (group.effort_tenths or 0) / 10}
        assert client.post(url, data | {"nudge": nudge}).status_code == 302
    group.refresh_from_db()
    assert (group.impact, group.effort_tenths) == (5, 0)


def test_the_impact_is_that_of_the_replay(
    programme: Programme,
    journey: Journey,
    framework: Framework,
    workshop: Workshop,
    facilitator: User,
    client_of: ClientOf,
) -> None:
    """Half of six visits miss the basic of S1: mended in all cases the customers reach."""
    for bad in (True, False) * 3:
        submit(programme, answers={"S1-b": -2 if bad else 0, "S1-p": 0, "S1-d": 0})
    fold_pending()
    group = make_group(workshop)
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/groups/{group.pk}/effect/"
    data = {"interaction": "S1-b", "from_points": "-2", "to_points": "0", "reach_bp": "100"}
    client = client_of(facilitator)
    page = client.get(f"{url}?interaction=S1-b")
    assert page.status_code == 200 and "Cases it can reach" in page.content.decode()
    assert client.post(f"{url}?interaction=S1-b", data).status_code == 302
    group.refresh_from_db()
    assert (group.replay["n"], group.replay["changed"]) == (6, 3)
    [spot] = matrix_of([group], None).spots
    # X goes from -6/12 P to 0: 100 * 1 / 2 points; c = 1 of 3, r = 1, kappa from the grade.
    assert spot.is_replayed and spot.impact == Fraction(group.replay["impact"]) > 0
    assert client.post(f"{url}?interaction=S1-b", data | {"to_points": "-2"}).status_code == 422
    drop = url + "drop/"
    assert client.post(drop).status_code == 302
    group.refresh_from_db()
    assert group.replay == {} and group.interaction == ""


def test_a_group_becomes_real_actions_under_one_recommendation(
    workshop: Workshop, framework: Framework, facilitator: User, contributor: User
) -> None:
    group = make_group(workshop)
    with pytest.raises(PlanRefused):
        an_action(group, facilitator)
    Workshop.objects.filter(pk=workshop.pk).update(phase="commit")
    IdeaGroup.objects.filter(pk=group.pk).update(
        effort_tenths=25, reach_bp=5000, interaction="S1-b", from_points=-2, to_points=0
    )
    first = an_action(group, facilitator)
    second = an_action(group, facilitator, title="Train", owner=contributor)
    assert Recommendation.objects.get().text == "Open a till"
    assert {first.recommendation, second.recommendation} == {Recommendation.objects.get()}
    first.refresh_from_db()
    assert (first.effort_tenths, first.reach_bp) == (25, 5000)
    assert [str(effect) for effect in first.effects.all()] == ["S1-b: -2 → +0"]
    assert [one.action for one in group.decisions.all()] == [first, second]
    with pytest.raises(PlanRefused):
        park_group(group=group, actor=facilitator)
    with pytest.raises(PlanRefused):
        an_action(group, facilitator, due_on=timezone.localdate() - timedelta(days=1))


def test_parked_and_taken_up_again(workshop: Workshop, facilitator: User) -> None:
    group = make_group(workshop)
    park_group(group=group, actor=facilitator)
    park_group(group=group, actor=facilitator)
    assert Decision.objects.get().kind == "parked"
    Workshop.objects.filter(pk=workshop.pk).update(phase="commit")
    an_action(group, facilitator)
    assert Decision.objects.get().kind == "action"


def test_an_effect_for_a_closed_workshop_is_refused_in_words(
    workshop: Workshop, framework: Framework, facilitator: User, client_of: ClientOf
) -> None:
    group = make_group(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(
        phase="closed", code=None, closed_at=timezone.now()
    )
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/groups/{group.pk}/effect/"
    data = {"interaction": "S1-b", "from_points": "-2", "to_points": "0", "reach_bp": "100"}
    answer = client_of(facilitator).post(url, data)
    assert answer.status_code == 422 and "The workshop is closed." in answer.content.decode()


def test_nothing_changes_in_a_closed_workshop(workshop: Workshop, facilitator: User) -> None:
    group = make_group(workshop)
    Workshop.objects.filter(pk=workshop.pk).update(
        phase="closed", code=None, closed_at=timezone.now()
    )
    with pytest.raises(PlanRefused):
        edit_group(group=group, title="Other", in_vote=True)
    with pytest.raises(PlanRefused):
        say(workshop, "too late")
    with pytest.raises(PlanRefused):
        park_group(group=group, actor=facilitator)
