"""What each screen holds, on raw answers: own ideas before the reveal, no total before the closing."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from actionplans.tests.factories import make_group, make_workshop
from actionplans.workshop import Direction, move_workshop, remove_participant
from actionplans.workshop_models import Idea, Participant, Vote, Workshop
from conftest import ClientOf
from journeys.models import Journey


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:1], facilitator, phase="ideas", code="K7M2QX")


def phone(name: str) -> Client:
    client = Client()
    assert client.post("/w/", {"code": "K7M2QX", "name": name}).status_code == 302
    return client


def say(client: Client, workshop: Workshop, text: str) -> None:
    idea = {"gap": workshop.gaps.get().pk, "client_id": uuid4(), "text": text}
    assert client.post("/w/room/ideas/", idea).status_code == 302


def to(workshop: Workshop, phase: str) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(phase=phase)
    cache.clear()


def desk_pages(workshop: Workshop, client: Client) -> list[str]:
    here = f"/programmes/casa-nord/workshops/{workshop.pk}/"
    pages = ("", "wall/", "screen/", "screen/?of=wall", "minutes/")
    return [client.get(here + page).content.decode() for page in pages]


def test_ideas_are_ones_own_until_all_are_shown(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    lea, max_ = phone("Lea"), phone("Max")
    say(lea, workshop, "a till for prams")
    say(max_, workshop, "a slide to the exit")
    assert "a till for prams" in lea.get("/w/room/screen/").content.decode()
    private = [
        *desk_pages(workshop, client_of(facilitator)),
        max_.get("/w/room/screen/").content.decode(),
        max_.get("/w/room/").content.decode(),
    ]
    assert all("a till for prams" not in page for page in private)
    assert "<b>2</b>" in private[0]
    to(workshop, "grouping")
    for page in (
        max_.get("/w/room/screen/").content.decode(),
        *desk_pages(workshop, client_of(facilitator)),
    ):
        assert "a till for prams" in page
    to(workshop, "ideas")
    assert "a till for prams" not in max_.get("/w/room/screen/").content.decode()


def test_no_answer_changes_with_how_others_vote(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    """The strongest way to say that no total leaks: the very same bytes, whatever was voted."""
    groups = [make_group(workshop, title) for title in ("One line", "More tills", "A bell")]
    lea, max_, desk = phone("Lea"), phone("Max"), client_of(facilitator)
    to(workshop, "vote")

    def everything() -> list[str]:
        found = [max_.get("/w/room/screen/").content.decode(), *desk_pages(workshop, desk)]
        return [plain(page) for page in found]

    seen = set()
    for group in groups:
        Vote.objects.all().delete()
        Vote.objects.create(participant=Participant.objects.get(name="Lea"), group=group, dot=1)
        cache.clear()
        seen.add(tuple(everything()))
    assert len(seen) == 1
    assert 'aria-pressed="true"' in lea.get("/w/room/screen/").content.decode()
    to(workshop, "matrix")
    assert len({tuple(everything())} | seen) == 2
    assert "1 dot" in max_.get("/w/room/screen/").content.decode()


def plain(page: str) -> str:
    """Without what differs from one answer to the next by itself."""
    by_itself = r'(csrfmiddlewaretoken" value|data-now|data-etag)="[^"]*"|X-CSRFToken": "\w+"'
    return re.sub(by_itself, "", page)


def test_no_query_asks_for_totals_before_the_closing(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    group = make_group(workshop)
    lea, desk = phone("Lea"), client_of(facilitator)
    to(workshop, "vote")
    lea.post("/w/room/dots/", {"group": group.pk, "on": "1"})
    by_phase = []
    for phase in ("vote", "matrix"):
        to(workshop, phase)
        with CaptureQueriesContext(connection) as asked:
            lea.get("/w/room/screen/")
            desk_pages(workshop, desk)
        by_phase.append([sql for one in asked if counts_dots(sql := str(one["sql"]))])
    assert by_phase[0] == [] and len(by_phase[1]) == 6


def counts_dots(sql: str) -> bool:
    return sql.startswith('SELECT "actionplans_vote"."group_id"') and "COUNT(" in sql


def test_a_phone_that_has_the_news_costs_no_query(workshop: Workshop) -> None:
    lea = phone("Lea")
    tag = lea.get("/w/room/screen/")["ETag"]
    with CaptureQueriesContext(connection) as asked:
        again = lea.get("/w/room/screen/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, len(asked)) == (304, b"", 0)


@pytest.mark.django_db(transaction=True)
def test_news_come_to_whom_they_concern(
    workshop: Workshop, facilitator: User, client_of: ClientOf
) -> None:
    lea, max_, desk = phone("Lea"), phone("Max"), client_of(facilitator)
    screen = f"/programmes/casa-nord/workshops/{workshop.pk}/screen/"

    def changed(client: Client, path: str, tag: str) -> bool:
        return client.get(path, headers={"If-None-Match": tag}).status_code == 200

    def tags() -> list[tuple[Client, str, str]]:
        places = ((lea, "/w/room/screen/"), (max_, "/w/room/screen/"), (desk, screen))
        return [(client, path, client.get(path)["ETag"]) for client, path in places]

    held = tags()
    say(lea, workshop, "a till for prams")
    assert [changed(*one) for one in held] == [True, False, True]
    held = tags()
    move_workshop(workshop=workshop, actor=facilitator, direction=Direction.NEXT, version=0)
    assert [changed(*one) for one in held] == [True, True, True]
    held = tags()
    lost = Participant.objects.select_related("workshop").get(name="Lea")
    remove_participant(participant=lost, actor=facilitator)
    assert lea.get("/w/room/screen/", headers={"If-None-Match": held[0][2]}).status_code == 404


def test_a_lost_cache_shows_old_screens_to_nobody(workshop: Workshop) -> None:
    lea = phone("Lea")
    tag = lea.get("/w/room/screen/")["ETag"]
    cache.clear()
    assert lea.get("/w/room/screen/", headers={"If-None-Match": tag}).status_code == 200


def test_html_and_emoji_are_words(workshop: Workshop) -> None:
    lea = phone("<b>Lea</b>")
    say(lea, workshop, "<script>alert(1)</script> 😀")
    page = lea.get("/w/room/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 😀" in page and "<b>Lea" not in page
    assert Idea.objects.get().text == "<script>alert(1)</script> 😀"
