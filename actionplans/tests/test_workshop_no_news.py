"""There is no news: told without the database, and only where it is so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from actionplans import workshop_pulse
from actionplans.middleware import SCREEN
from actionplans.tests.factories import make_workshop
from actionplans.tests.room import phone, say, shown
from actionplans.workshop import (
    Direction,
    let_back,
    move_workshop,
    remove_participant,
    set_clock,
    take_over,
)
from actionplans.workshop_models import Participant, Workshop
from conftest import ClientOf
from journeys.models import Journey


@pytest.fixture(autouse=True)
def _within_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: that all is read again in every turn is not what is tested here."""
    monkeypatch.setattr(workshop_pulse, "_turn", lambda keys: 1)


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:1], facilitator, phase="ideas", code="K7M2QX")


def go(workshop: Workshop, direction: str = "next") -> Workshop:
    version = Workshop.objects.get(pk=workshop.pk).version
    leader = workshop.facilitator
    assert leader
    return move_workshop(
        workshop=workshop, actor=leader, direction=Direction(direction), version=version
    )


def news(client: Client, tag: str) -> int:
    return client.get(SCREEN, headers={"If-None-Match": tag}).status_code


def test_no_news_asks_no_database_and_the_cache_once(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reverse("actionplans:room-screen") == SCREEN
    lea = phone("Lea")
    tag = lea.get(SCREEN)["ETag"]
    asked: list[Any] = []
    backend: Any = type(caches["default"])
    real = backend.get_many

    def counted(self: Any, keys: Any, *args: Any) -> Any:
        asked.append(keys)
        return real(self, keys, *args)

    monkeypatch.setattr(backend, "get_many", counted)
    with CaptureQueriesContext(connection) as queries:
        statuses = [news(lea, tag), news(lea, f"W/{tag}")]
    assert (statuses, len(queries), len(asked)) == ([304, 304], 0, 2)
    for held in ("", "*", "x", '"1-2-3-en-99999999999"', tag.replace("-", "", 1)):
        assert news(lea, held) == 200
    assert Client().get(SCREEN, headers={"If-None-Match": tag}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_every_change_is_news_at_once(
    workshop: Workshop, facilitator: User, lead: User, client_of: ClientOf
) -> None:
    """A move, a step back, the clock, who leads, a late joiner, a lost cache."""
    lea, desk = phone("Lea"), client_of(facilitator)
    screen = f"/programmes/casa-nord/workshops/{workshop.pk}/screen/"

    def told() -> tuple[bool, bool]:
        statuses = (news(lea, held[0]), desk.get(screen, headers={"If-None-Match": held[1]}))
        return statuses[0] == 200, statuses[1].status_code == 200

    def hold() -> tuple[str, str]:
        return lea.get(SCREEN)["ETag"], desk.get(screen)["ETag"]

    held = hold()
    for change, both in (
        (lambda: go(workshop), True),
        (lambda: go(workshop, "back"), True),
        (lambda: set_clock(workshop=workshop, verb="extend", minutes=1), True),
        (lambda: take_over(workshop=workshop, actor=lead), False),
        (lambda: phone("Late"), False),
        (cache.clear, True),
    ):
        change()
        assert told() == (both, True)
        held = hold()
        assert told() == (False, False)
    assert 'data-place="ideas:0"' in shown(lea)
    assert "Late" in desk.get(screen).content.decode()


@pytest.mark.django_db(transaction=True)
def test_whoever_is_out_is_told_at_once(workshop: Workshop, facilitator: User) -> None:
    lea, max_, zoe = phone("Lea"), phone("Max"), phone("Zoe")
    tags = {one: one.get(SCREEN)["ETag"] for one in (lea, max_, zoe)}
    rows = Participant.objects.select_related("workshop")
    remove_participant(participant=rows.get(name="Lea"), actor=facilitator)
    assert (news(lea, tags[lea]), news(max_, tags[max_])) == (404, 304)
    let_back(participant=rows.get(name="Max"))
    phone("Max")
    assert (news(max_, tags[max_]), news(zoe, tags[zoe])) == (404, 304)
    go(workshop, "close")
    assert news(zoe, tags[zoe]) == 404


def test_the_code_runs_out_without_a_stamp(workshop: Workshop) -> None:
    end = timezone.now() + timedelta(seconds=100)
    Workshop.objects.update(code_expires_at=end)
    lea = phone("Lea")
    tag = lea.get(SCREEN)["ETag"]
    assert news(lea, tag) == 304
    past = tag.replace(str(int(end.timestamp())), str(int(timezone.now().timestamp()) - 1))
    assert past != tag and news(lea, past) == 200  # the second has come: the database decides
    Workshop.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
    assert news(lea, past) == 404


def test_a_cache_lost_in_mid_workshop_ends_in_the_right_screens(workshop: Workshop) -> None:
    lea, max_ = phone("Lea"), phone("Max")
    say(lea, workshop, "a till for prams")
    tags = {one: one.get(SCREEN)["ETag"] for one in (lea, max_)}
    Workshop.objects.filter(pk=workshop.pk).update(phase="grouping")
    cache.clear()
    for one in (lea, max_):
        assert news(one, tags[one]) == 200
        assert "a till for prams" in shown(one)
