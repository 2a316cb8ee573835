"""Coming in: a code, a name, one phone. Nothing that a stranger sends opens anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from actionplans import workshop_doors
from actionplans.tests.factories import join, make_workshop
from actionplans.workshop import let_back, remove_participant
from actionplans.workshop_cookie import COOKIE
from actionplans.workshop_models import Participant, Workshop
from actionplans.workshop_room import tidy_code
from journeys.models import Journey


@pytest.fixture
def workshop(journey: Journey, facilitator: User) -> Workshop:
    cache.clear()
    return make_workshop(journey.stages.all()[:1], facilitator, phase="ideas", code="K7M2QX")


def come(client: Client, code: str = "K7M2QX", name: str = "Léa") -> int:
    return client.post("/w/", {"code": code, "name": name}).status_code


def words(page: bytes, code: str) -> str:
    """The page without what differs by itself: the token, and the code as it was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.decode())
    return text.replace(code, "CODE")


def test_with_the_code_and_a_name_one_is_in(workshop: Workshop, client: Client) -> None:
    answer = client.post("/w/", {"code": " k7m-2qx ", "name": "  Léa   B "})
    assert (answer.status_code, answer["Location"]) == (302, "/w/room/")
    assert [one.name for one in workshop.participants.all()] == ["Léa B"]
    cookie = answer.cookies[COOKIE]
    assert cookie["httponly"] and cookie["path"] == "/w/" and cookie["samesite"] == "Lax"
    page = client.get("/w/room/")
    assert page.status_code == 200 and "Léa B" in page.content.decode()


def test_no_account_is_opened_by_it(workshop: Workshop, client: Client) -> None:
    come(client)
    console = client.get(f"/programmes/casa-nord/workshops/{workshop.pk}/")
    assert (console.status_code, "login" in console["Location"]) == (302, True)


def test_a_scanned_code_is_filled_in_and_tells_nothing(workshop: Workshop, client: Client) -> None:
    for code in ("K7M2QX", "AAAAAA"):
        page = client.get(f"/w/?code={code}")
        assert page.status_code == 200 and f'value="{code}"' in page.content.decode()


def test_wrong_expired_closed_and_shut_out_answer_the_same(
    workshop: Workshop, journey: Journey, facilitator: User
) -> None:
    answers = set()
    expired = make_workshop(
        journey.stages.all()[:1],
        facilitator,
        phase="vote",
        code="BBBBBB",
        code_expires_at=timezone.now() - timedelta(seconds=1),
    )
    make_workshop(journey.stages.all()[:1], facilitator, phase="closed")
    for code in ("222222", expired.code or ""):
        answer = Client().post("/w/", {"code": code, "name": "Léa"})
        answers.add((answer.status_code, words(answer.content, code)))
    for _try in range(workshop_doors.WRONG_TRIES):
        come(Client(), "333333")
    answer = Client().post("/w/", {"code": "K7M2QX", "name": "Léa"})
    answers.add((answer.status_code, words(answer.content, "K7M2QX")))
    assert len(answers) == 1 and answers.pop()[0] == 422
    assert not workshop.participants.exists()


def test_right_codes_are_no_tries_and_an_address_is_shut_out_alone(
    workshop: Workshop, settings: Settings
) -> None:
    for number in range(workshop_doors.WRONG_TRIES + 5):
        assert come(Client(), name=f"Person {number}") == 302
    for _try in range(workshop_doors.WRONG_TRIES):
        come(Client(), "333333")
    assert come(Client(), name="Zoe") == 422
    assert come(Client(REMOTE_ADDR="192.0.2.7"), name="Zoe") == 302
    settings.BEHIND_PROXY = True
    forged = {"X-Forwarded-For": "198.51.100.9, 127.0.0.1"}
    answer = Client().post("/w/", {"code": "K7M2QX", "name": "Max"}, headers=forged)
    assert answer.status_code == 422  # the last one is whom the proxy heard from


def test_a_phone_that_comes_again_is_the_same_person(workshop: Workshop, client: Client) -> None:
    come(client)
    came = client.cookies[COOKIE].value
    assert come(client, name="Somebody else") == 302
    assert workshop.participants.count() == 1
    after_the_battery_died = Client()
    after_the_battery_died.cookies[COOKIE] = came
    assert "Léa" in after_the_battery_died.get("/w/room/").content.decode()
    assert "Back to my workshop" in after_the_battery_died.get("/w/").content.decode()


def test_a_name_that_is_taken(workshop: Workshop, client: Client) -> None:
    come(client)
    other = Client()
    answer = other.post("/w/", {"code": "K7M2QX", "name": "LÉA "})
    assert answer.status_code == 422 and "add an initial" in answer.content.decode()
    assert workshop.participants.count() == 1


@pytest.mark.parametrize(("name", "status"), [("ﬃ" * 40, 302), ("a" * 41, 422), ("  ", 422)])
def test_long_and_empty_names(workshop: Workshop, name: str, status: int) -> None:
    """Folded, a letter can become three."""
    assert come(Client(), name=name) == status


def test_whoever_is_let_back_is_the_same_person_on_another_phone(
    workshop: Workshop, client: Client
) -> None:
    come(client)
    lea = workshop.participants.get()
    let_back(participant=lea)
    other = Client()
    assert come(other) == 302
    assert workshop.participants.get().pk == lea.pk
    assert other.get("/w/room/").status_code == 200
    assert client.get("/w/room/").status_code == 404
    assert come(Client()) == 422  # once only


def test_somebody_removed_is_out_and_may_not_come_back_by_the_cookie(
    workshop: Workshop, client: Client, facilitator: User
) -> None:
    come(client)
    lea = Participant.objects.select_related("workshop").get()
    remove_participant(participant=lea, actor=facilitator)
    for path in ("/w/room/", "/w/room/screen/"):
        assert client.get(path).status_code == 404
    assert client.post("/w/room/done/", {"place": "ideas:0", "done": "1"}).status_code == 404


@pytest.mark.parametrize("end", [{"code": "K7M2QX", "code_expires_at": None}, {}])
def test_the_room_ends_with_the_workshop(
    workshop: Workshop, client: Client, end: dict[str, object]
) -> None:
    come(client)
    if end:
        past = timezone.now() - timedelta(seconds=1)
        Workshop.objects.filter(pk=workshop.pk).update(code_expires_at=past)
    else:
        Workshop.objects.filter(pk=workshop.pk).update(
            phase="closed", code=None, closed_at=timezone.now()
        )
    assert client.get("/w/room/").status_code == 404


def test_a_cookie_that_was_changed_is_nobodys(workshop: Workshop, client: Client) -> None:
    _phone, max_ = join(workshop, "Max")
    come(client)
    value = client.cookies[COOKIE].value
    for forged in (f"{value}x", "", str(max_.pk), value.split(":")[0]):
        other = Client()
        other.cookies[COOKIE] = forged
        assert other.get("/w/room/screen/").status_code == 404


def test_what_people_type_for_a_code() -> None:
    assert tidy_code(" k7m 2qx\n") == "K7M2QX"
    assert tidy_code("0oO1il") == ""
