"""The course of a workshop and its clock: no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from actionplans.workshop_flow import (
    Clock,
    NoSuchMove,
    Phase,
    Place,
    following,
    is_revealed,
    preceding,
    shows_totals,
    skipping_to_vote,
    takes_ideas,
)

NOW = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)


def course(gaps: int) -> list[Place]:
    place, found = Place(Phase.PREPARED), []
    while place.phase is not Phase.CLOSED:
        place = following(place, gaps=gaps)
        found.append(place)
    return found


def test_each_gap_has_its_round_then_the_room_votes_once() -> None:
    assert [place.key for place in course(2)] == [
        "lobby",
        "evidence:0",
        "ideas:0",
        "grouping:0",
        "evidence:1",
        "ideas:1",
        "grouping:1",
        "vote",
        "matrix",
        "commit",
        "closed",
    ]


def test_a_step_back_undoes_a_step_on() -> None:
    places = course(3)
    for before, after in pairwise(places[:-1]):
        back = preceding(after, gaps=3)
        assert back.key == before.key


@pytest.mark.parametrize("phase", [Phase.PREPARED, Phase.LOBBY, Phase.CLOSED])
def test_nothing_lies_behind(phase: Phase) -> None:
    with pytest.raises(NoSuchMove):
        preceding(Place(phase), gaps=1)


def test_nothing_follows_the_end_and_nothing_begins_without_a_gap() -> None:
    for place, gaps in ((Place(Phase.CLOSED), 1), (Place(Phase.PREPARED), 0)):
        with pytest.raises(NoSuchMove):
            following(place, gaps=gaps)


def test_only_from_a_grouping_to_the_vote() -> None:
    assert skipping_to_vote(Place(Phase.GROUPING, 0)) == Place(Phase.VOTE, 0)
    with pytest.raises(NoSuchMove):
        skipping_to_vote(Place(Phase.IDEAS, 0))


def test_totals_are_shown_after_the_vote_and_hidden_again_by_going_back() -> None:
    shown = [place.phase for place in course(1) if shows_totals(place)]
    assert shown == [Phase.MATRIX, Phase.COMMIT, Phase.CLOSED]
    assert not shows_totals(preceding(Place(Phase.MATRIX), gaps=1))


def test_ideas_are_private_until_their_gap_is_grouped() -> None:
    second = [place.key for place in course(2) if is_revealed(place, 1)]
    assert second == ["grouping:1", "vote", "matrix", "commit", "closed"]
    assert is_revealed(Place(Phase.IDEAS, 1), 0)
    assert not is_revealed(preceding(Place(Phase.GROUPING, 1), gaps=2), 1)


def test_an_idea_that_comes_late_is_taken_until_the_end() -> None:
    first = [place.key for place in course(2) if takes_ideas(place, 0)]
    assert first[0] == "ideas:0" and first[-1] == "commit"
    assert not takes_ideas(Place(Phase.EVIDENCE, 0), 0)
    assert not takes_ideas(Place(Phase.IDEAS, 0), 1)
    assert not takes_ideas(Place(Phase.CLOSED, 1), 0)


def test_the_clock_waits_while_paused_and_never_goes_below_zero() -> None:
    clock = Clock.started(5, NOW)
    assert clock.seconds_left(NOW + timedelta(minutes=2)) == 180
    paused = clock.paused(NOW + timedelta(minutes=2))
    assert paused.is_paused and paused.seconds_left(NOW + timedelta(hours=1)) == 180
    resumed = paused.resumed(NOW + timedelta(hours=1))
    assert resumed.seconds_left(NOW + timedelta(hours=1, minutes=1)) == 120
    assert clock.seconds_left(NOW + timedelta(minutes=9)) == 0


def test_more_time_counts_from_now_where_it_was_over() -> None:
    over = Clock.started(1, NOW).extended(2, NOW + timedelta(minutes=30))
    assert over.seconds_left(NOW + timedelta(minutes=30)) == 120
    assert Clock(left_s=10).extended(1, NOW) == Clock(left_s=70)
    assert Clock.started(0, NOW) == Clock() and Clock().seconds_left(NOW) is None
