"""What a phone sends: ideas and dots, good and bad, once and again, its own and others'."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import User
from actionplans.tests.factories import join, make_group, make_workshop
from actionplans.workshop import Direction, move_workshop
from actionplans.workshop_models import Idea, Participant, Vote, Workshop
from actionplans.workshop_room import RoomRefused, put_dot, submit_idea, withdraw_idea
from journeys.models import Journey

SENT = UUID("0199c0de-0000-7000-8000-000000000001")


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:2], facilitator, phase="ideas", code="K7M2QX")


def to(workshop: Workshop, phase: str) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)


def phone(name: str = "Lea") -> Client:
    client = Client()
    client.post("/w/", {"code": "K7M2QX", "name": name})
    return client


def say(client: Client, workshop: Workshop, text: str, sent: UUID = SENT, gap: int = 0) -> int:
    row = workshop.gaps.get(position=gap)
    data = {"gap": row.pk, "client_id": sent, "text": text}
    return client.post("/w/room/ideas/", data).status_code


def test_an_idea_sent_again_is_one_idea(workshop: Workshop) -> None:
    lea = phone()
    assert [say(lea, workshop, "a bell") for _time in range(3)] == [302, 302, 302]
    assert say(lea, workshop, "a louder bell") == 302
    assert Idea.objects.get().text == "a louder bell"


@pytest.mark.parametrize("text", ["", "   ", "a" * 501, "a" * 10_000])
def test_an_idea_that_is_refused_is_kept_in_the_page(workshop: Workshop, text: str) -> None:
    lea = phone()
    data = {"gap": workshop.gaps.all()[0].pk, "client_id": uuid4(), "text": text}
    answer = lea.post("/w/room/ideas/", data)
    assert answer.status_code == 422 and not Idea.objects.exists()
    assert f">{text}</textarea>" in answer.content.decode()


def test_ten_thousand_characters_say_how_many_too_many(workshop: Workshop) -> None:
    lea = phone()
    data = {"gap": workshop.gaps.all()[0].pk, "client_id": uuid4(), "text": "é" * 10_000}
    assert "9500 characters too long" in lea.post("/w/room/ideas/", data).content.decode()


def test_the_longest_idea_is_kept_whole(workshop: Workshop) -> None:
    assert say(phone(), workshop, "😀" * 500) == 302
    assert Idea.objects.get().text == "😀" * 500


def test_nonsense_and_gaps_of_elsewhere(
    workshop: Workshop, journey: Journey, facilitator: User
) -> None:
    lea = phone()
    other = make_workshop(journey.stages.all()[:1], facilitator, phase="ideas")
    for gap, sent in (("x", SENT), (other.gaps.get().pk, SENT), (workshop.gaps.all()[0].pk, "x")):
        data = {"gap": gap, "client_id": sent, "text": "a bell"}
        assert lea.post("/w/room/ideas/", data).status_code == 422
    assert say(lea, workshop, "too early", gap=1) == 422
    assert not Idea.objects.exists()


def test_an_idea_from_a_dead_spot_is_taken_late_and_shown_as_late(workshop: Workshop) -> None:
    lea = phone()
    to(workshop, "vote")
    assert say(lea, workshop, "typed in the lift") == 302
    assert Idea.objects.get().is_late
    assert say(lea, workshop, "changed my mind") == 409
    assert lea.post("/w/room/ideas/withdraw/", {"client_id": SENT}).status_code == 409
    assert Idea.objects.get().text == "typed in the lift"


def test_anothers_idea_is_out_of_reach(workshop: Workshop) -> None:
    lea, max_ = phone("Lea"), phone("Max")
    say(lea, workshop, "a bell")
    assert say(max_, workshop, "mine now") == 422
    assert max_.post("/w/room/ideas/withdraw/", {"client_id": SENT}).status_code == 302
    idea = Idea.objects.get()
    assert (idea.text, idea.participant) == ("a bell", Participant.objects.get(name="Lea"))
    assert lea.post("/w/room/ideas/withdraw/", {"client_id": SENT}).status_code == 302
    assert not Idea.objects.exists()


def test_naming_another_participant_does_nothing(workshop: Workshop) -> None:
    group = make_group(workshop)
    phone("Lea")
    max_ = phone("Max")
    lea_row = Participant.objects.get(name="Lea")
    to(workshop, "vote")
    stolen = {"group": group.pk, "on": "1", "participant": lea_row.pk, "participant_id": lea_row.pk}
    assert max_.post("/w/room/dots/", stolen).status_code == 302
    assert Vote.objects.get().participant.name == "Max"
    done = {"place": "vote", "done": "1", "participant": lea_row.pk}
    max_.post("/w/room/done/", done)
    lea_row.refresh_from_db()
    assert lea_row.done_with == ""


def test_voting_twice_is_one_dot_and_four_are_too_many(workshop: Workshop) -> None:
    groups = [make_group(workshop, title) for title in "ABCD"]
    lea = phone()
    to(workshop, "vote")
    first = {"group": groups[0].pk, "on": "1"}
    assert [lea.post("/w/room/dots/", first).status_code for _time in range(2)] == [302, 302]
    assert Vote.objects.count() == 1
    statuses = [
        lea.post("/w/room/dots/", {"group": one.pk, "on": "1"}).status_code for one in groups[1:]
    ]
    assert statuses == [302, 302, 422] and Vote.objects.count() == 3
    assert lea.post("/w/room/dots/", {"group": groups[0].pk}).status_code == 302
    assert lea.post("/w/room/dots/", {"group": groups[3].pk, "on": "1"}).status_code == 302
    assert sorted(Vote.objects.values_list("dot", flat=True)) == [1, 2, 3]


def test_voting_before_after_and_for_what_is_not_in_the_vote(
    workshop: Workshop, journey: Journey, facilitator: User
) -> None:
    group, out, gap_out = (
        make_group(workshop),
        make_group(workshop, "Out"),
        make_group(workshop, "Gap", gap=1),
    )
    elsewhere = make_group(make_workshop(journey.stages.all()[:1], facilitator, phase="vote"))
    out.in_vote = False
    out.save()
    workshop.gaps.filter(position=1).update(in_vote=False)
    lea = phone()

    def vote(pk: object) -> int:
        return lea.post("/w/room/dots/", {"group": pk, "on": "1"}).status_code

    assert vote(group.pk) == 422
    to(workshop, "vote")
    assert [vote(pk) for pk in (out.pk, gap_out.pk, elsewhere.pk, 0, "x")] == [422] * 5
    to(workshop, "matrix")
    assert vote(group.pk) == 409
    assert not Vote.objects.exists()


def test_done_is_said_of_what_one_sees(workshop: Workshop) -> None:
    lea = phone()
    lea.post("/w/room/done/", {"place": "vote", "done": "1"})
    assert Participant.objects.get().done_with == ""
    lea.post("/w/room/done/", {"place": "ideas:0", "done": "1"})
    assert Participant.objects.get().done_with == "ideas:0"
    assert "You said that you are done" in lea.get("/w/room/").content.decode()
    lea.post("/w/room/done/", {"place": "ideas:0"})
    assert Participant.objects.get().done_with == ""


@pytest.mark.django_db(transaction=True)
def test_dots_are_exact_when_all_tap_at_once_and_the_vote_closes_meanwhile(
    workshop: Workshop, facilitator: User
) -> None:
    """Every dot that was acknowledged is counted, and no other; nobody has more than three."""
    groups = [make_group(workshop, title) for title in "ABCDE"]
    people = [join(workshop, f"Person {number}")[1] for number in range(6)]
    to(workshop, "vote")
    kept: list[tuple[int, int]] = []
    start = threading.Barrier(7, timeout=30)

    def tap(person: Participant, turn: int) -> None:
        try:
            start.wait()
            for step in range(8):
                group = groups[(turn + step) % 5].pk
                try:
                    put_dot(participant=person, group_id=group, is_on=True)
                except RoomRefused:
                    continue
                kept.append((person.pk, group))
        finally:
            connection.close()

    def close() -> None:
        try:
            start.wait()
            move_workshop(workshop=workshop, actor=facilitator, direction=Direction.NEXT, version=0)
        finally:
            connection.close()

    # Two threads a person: the phone and its reload.
    threads = [threading.Thread(target=tap, args=(p, n)) for n, p in enumerate(people[:3])]
    threads += [threading.Thread(target=tap, args=(p, n + 1)) for n, p in enumerate(people[:3])]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    stored = list(Vote.objects.values_list("participant", "group"))
    assert sorted(stored) == sorted(set(kept))
    for person in people:
        assert person.votes.count() <= 3
    with pytest.raises(RoomRefused) as late:
        put_dot(participant=people[5], group_id=groups[0].pk, is_on=True)
    assert late.value.is_late


def test_use_cases_hold_without_a_page(workshop: Workshop) -> None:
    _phone, lea = join(workshop)
    gap = workshop.gaps.all()[0]
    submit_idea(participant=lea, gap_id=gap.pk, client_id=SENT, text=" a bell ")
    assert Idea.objects.get().text == "a bell"
    withdraw_idea(participant=lea, client_id=uuid4())
    assert Idea.objects.count() == 1
