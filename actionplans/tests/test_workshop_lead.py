"""A facilitator leads: prepares, moves on and back, keeps time, hands over, removes people."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from actionplans.planning import PlanRefused
from actionplans.tests.factories import join, make_group, make_workshop
from actionplans.workshop import (
    CODE_ALPHABET,
    Direction,
    StaleMove,
    move_workshop,
    prepare_workshop,
    remove_participant,
    set_clock,
    take_over,
)
from actionplans.workshop_flow import NoSuchMove, Phase
from actionplans.workshop_models import Idea, Participant, Vote, Workshop
from actionplans.workshop_room import put_dot
from conftest import ClientOf
from journeys.models import AuditEntry, Journey, Programme


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    return make_workshop(journey.stages.all()[:1], facilitator)


def go(workshop: Workshop, actor: User, direction: Direction = Direction.NEXT) -> Workshop:
    version = Workshop.objects.get(pk=workshop.pk).version
    return move_workshop(workshop=workshop, actor=actor, direction=direction, version=version)


def test_from_prepared_to_closed(workshop: Workshop, facilitator: User) -> None:
    assert workshop.code is None
    seen = []
    while workshop.phase != Phase.CLOSED:
        workshop = go(workshop, facilitator)
        seen.append(workshop.phase)
        if workshop.phase != Phase.CLOSED:
            assert workshop.code and not set(workshop.code) - set(CODE_ALPHABET)
    assert seen[0] == Phase.LOBBY and seen[-2] == Phase.COMMIT
    assert workshop.code is None and workshop.closed_at
    verbs = AuditEntry.objects.filter(subject=workshop.title).values_list("verb", flat=True)
    assert set(verbs) == {"prepared", "opened", "closed"}
    with pytest.raises(NoSuchMove):
        go(workshop, facilitator, Direction.BACK)


def test_no_gap_no_workshop(programme: Programme, facilitator: User) -> None:
    with pytest.raises(PlanRefused):
        prepare_workshop(programme=programme, actor=facilitator, title="T", goal="", gaps=[])
    assert not Workshop.objects.exists()


def test_a_step_back_keeps_dots_and_a_vote_seen_and_reopened_is_noted(
    journey: Journey, facilitator: User
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="vote")
    group = make_group(workshop)
    _phone, lea = join(workshop)
    put_dot(participant=lea, group_id=group.pk, is_on=True)
    go(workshop, facilitator)
    workshop = go(workshop, facilitator, Direction.BACK)
    assert (workshop.phase, workshop.vote_reopened) == (Phase.VOTE, 1)
    assert Vote.objects.count() == Idea.objects.count() == 1
    go(workshop, facilitator, Direction.BACK)
    assert go(workshop, facilitator).vote_reopened == 1


def test_of_two_moves_drawn_from_the_same_screen_one_wins(
    workshop: Workshop, facilitator: User, lead: User
) -> None:
    version = workshop.version
    move_workshop(workshop=workshop, actor=lead, direction=Direction.NEXT, version=version)
    with pytest.raises(StaleMove):
        move_workshop(
            workshop=workshop, actor=facilitator, direction=Direction.NEXT, version=version
        )
    assert Workshop.objects.get().phase == Phase.LOBBY


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_press_next_at_the_same_moment(
    workshop: Workshop, facilitator: User, lead: User, client_of: ClientOf
) -> None:
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/move/"
    statuses: list[int] = []
    barrier = threading.Barrier(2, timeout=20)

    def press(client: Client) -> None:
        try:
            barrier.wait()
            answer = client.post(url, {"direction": "next", "version": 0})
            statuses.append(answer.status_code)
        finally:
            connection.close()

    clients = [client_of(facilitator), client_of(lead)]
    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses) == [302, 409]
    assert Workshop.objects.get().phase == Phase.LOBBY


def test_the_loser_sees_where_the_workshop_stands(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    client = client_of(facilitator)
    url = f"/programmes/casa-nord/workshops/{workshop.pk}/move/"
    client.post(url, {"direction": "next", "version": 0})
    answer = client.post(url, {"direction": "next", "version": 0}, headers={"X-Screen": "1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "was moved meanwhile" in page and 'data-place="lobby"' in page


def test_another_facilitator_reopens_exactly_there(
    journey: Journey, facilitator: User, lead: User, client_of: ClientOf
) -> None:
    """The first one's browser has died: nothing of the workshop was in it."""
    workshop = make_workshop(journey.stages.all()[:2], facilitator, phase="ideas", round=1)
    set_clock(workshop=workshop, verb="extend", minutes=5)
    client = client_of(lead)
    page = client.get(f"/programmes/casa-nord/workshops/{workshop.pk}/").content.decode()
    assert 'data-place="ideas:1"' in page and "Take over the lead" in page
    take_over(workshop=workshop, actor=lead)
    take_over(workshop=workshop, actor=lead)
    workshop.refresh_from_db()
    assert (workshop.facilitator, workshop.phase, workshop.round) == (lead, Phase.IDEAS, 1)
    assert workshop.ends_at is not None
    assert AuditEntry.objects.filter(verb="took over").count() == 1


def test_a_console_left_open_goes_to_the_minutes_at_the_end(
    journey: Journey, facilitator: User, client_of: ClientOf
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="closed")
    here = f"/programmes/casa-nord/workshops/{workshop.pk}/"
    client = client_of(facilitator)
    answer = client.get(here + "screen/", headers={"X-Screen": "1"})
    assert answer["X-Goto"] == here + "minutes/"
    assert client.get(here + "screen/?of=wall").status_code == 200
    assert client.get(here)["Location"] == here + "minutes/"


def test_pause_keeps_the_seconds(journey: Journey, facilitator: User) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="ideas")
    set_clock(workshop=workshop, verb="extend", minutes=2)
    paused = set_clock(workshop=workshop, verb="pause")
    assert paused.ends_at is None and paused.left_s in (119, 120)
    assert set_clock(workshop=workshop, verb="resume").ends_at is not None


@pytest.mark.parametrize(("phase", "left"), [("vote", 0), ("matrix", 1)])
def test_dots_of_somebody_removed_go_unless_totals_were_shown(
    journey: Journey, facilitator: User, phase: str, left: int
) -> None:
    workshop = make_workshop(journey.stages.all()[:1], facilitator, phase="vote")
    group = make_group(workshop)
    _phone, lea = join(workshop)
    put_dot(participant=lea, group_id=group.pk, is_on=True)
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    lea = Participant.objects.select_related("workshop").get(pk=lea.pk)
    remove_participant(participant=lea, actor=facilitator)
    remove_participant(participant=lea, actor=facilitator)
    assert Vote.objects.count() == left
    assert AuditEntry.objects.filter(verb="removed").count() == 1
