"""What is drawn once for all phones: nobody's own ideas and dots, and no total before the closing."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from accounts.models import User
from actionplans import workshop_shared
from actionplans.tests.factories import make_group, make_workshop
from actionplans.tests.room import phone, say, shown
from actionplans.workshop_flow import AFTER_ROUNDS, Phase
from actionplans.workshop_models import Participant, Vote, Workshop
from actionplans.workshop_screens import Screen
from actionplans.workshop_shared import Shared, shared_of
from journeys.models import Journey


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:1], facilitator, phase="ideas", code="K7M2QX")


def put_quietly(workshop: Workshop, phase: str) -> None:
    """Committed by a process that died before it moved the stamps on."""
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)


def test_it_is_drawn_once_for_all_phones_of_a_language(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [phone("Lea"), phone("Max"), phone("Zoé", "fr")]
    drawn: list[str] = []
    real = workshop_shared._drawn

    def counted(screen: Screen) -> Shared:
        drawn.append(screen.phase)
        return real(screen)

    monkeypatch.setattr(workshop_shared, "_drawn", counted)
    put_quietly(workshop, "lobby")
    pages = [shown(one) for one in phones * 2]
    assert drawn == ["lobby"] * 2
    assert "What we work on" in pages[0] and "What we work on" not in pages[2]


def test_what_is_kept_for_all_holds_nobodys_ideas_dots_or_totals(workshop: Workshop) -> None:
    """In every phase, on what goes to the cache; with dots on it, it is the same as without."""
    lea = phone("Lea")
    say(lea, workshop, "a till for prams")
    _first, group = make_group(workshop, "A bell"), make_group(workshop, "One line")

    def kept(phase: str) -> str:
        put_quietly(workshop, phase)
        workshop.refresh_from_db()
        cache.clear()
        return repr(shared_of(workshop, 1))

    secret = [one for one in Phase if one not in (*AFTER_ROUNDS, "prepared")] + [Phase.VOTE]
    before = {phase: kept(phase) for phase in secret}
    Vote.objects.create(participant=Participant.objects.get(), group=group, dot=1)
    assert {phase: kept(phase) for phase in secret} == before
    private = ["lobby", "evidence", "ideas"]
    assert not any("till for prams" in before[Phase(phase)] for phase in private)
    assert not any("Lea" in one or "1 dot" in one for one in before.values())
    assert "till for prams" in before[Phase.GROUPING] and "1 dot" in kept("matrix")


def test_totals_are_found_from_their_place_only(workshop: Workshop) -> None:
    """The vote is open again, and no stamp told so: what was kept with the totals is not used."""
    group = make_group(workshop, "One line")
    lea, max_ = phone("Lea"), phone("Max")
    put_quietly(workshop, "vote")
    lea.post("/w/room/dots/", {"group": group.pk, "on": "1"})
    put_quietly(workshop, "matrix")
    assert "1 dot" in shown(max_)
    put_quietly(workshop, "vote")
    assert "1 dot" not in shown(max_) and "One line" in shown(max_)


def test_ideas_shown_and_hidden_again_are_hidden(workshop: Workshop) -> None:
    lea, max_ = phone("Lea"), phone("Max")
    say(lea, workshop, "a till for prams")
    put_quietly(workshop, "grouping")
    assert "a till for prams" in shown(max_)
    put_quietly(workshop, "ideas")
    assert "a till for prams" not in shown(max_) and "a till for prams" in shown(lea)


def test_each_phone_sees_its_own_dots(workshop: Workshop) -> None:
    groups = [make_group(workshop, title) for title in ("One line", "A bell", "Coffee", "Music")]
    lea, max_ = phone("Lea"), phone("Max")
    put_quietly(workshop, "vote")
    for group in groups[:3]:
        lea.post("/w/room/dots/", {"group": group.pk, "on": "1"})
    full, empty = shown(lea), shown(max_)
    assert (full.count('aria-pressed="true"'), full.count("disabled")) == (3, 1)
    assert (empty.count('aria-pressed="true"'), empty.count("disabled")) == (0, 0)
    assert full.count('form="take-dot"') == 3 and empty.count('form="put-dot"') == 4
