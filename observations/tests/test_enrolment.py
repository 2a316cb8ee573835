"""A lead's code becomes a token, once; a known tablet stays itself."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from journeys.models import AuditEntry, Programme
from observations.devices import ALPHABET, make_code, revoke_device, written
from observations.models import Device, EnrolmentCode, Observation
from observations.tests.factories import make_document
from observations.tests.tablets import at, client_with, make_device, make_tablet, put

pytestmark = pytest.mark.usefixtures("framework", "own_cache")


def ask(code: object, **more: Any) -> Any:
    return APIClient().post("/api/v1/devices/", {"code": code, **more}, format="json")


def code_of(device: Device, lead: User) -> str:
    return make_code(device=device, actor=lead)


def test_a_code_becomes_a_token_for_the_programme_and_the_locations(
    programme: Programme, lead: User
) -> None:
    device = make_device(programme, codes=("LYO1", "PAR1"))
    answer = ask(written(code_of(device, lead)))
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["device"] == {"id": str(device.uuid), "name": "Tablet 1"}
    assert body["programme"] == {"slug": "casa-nord", "name": "Casa Nord", "language": "en"}
    assert [one["code"] for one in body["locations"]] == ["LYO1", "PAR1"]
    assert set(body["locations"][0]) == {"code", "name", "region"}
    tablet = client_with(body["token"])
    assert put(tablet, programme, make_document()).status_code == 201
    assert body["token"] not in str(list(Device.objects.values()))


@pytest.mark.parametrize("typed", ["{a}-{b}", "{a}{b}", " {a} {b} ", "{a}\u2013{b}"])
def test_a_code_is_read_as_people_type_it(programme: Programme, lead: User, typed: str) -> None:
    code = code_of(make_device(programme), lead)
    assert ask(typed.format(a=code[:4], b=code[4:]).lower()).status_code == 201


def test_letters_that_look_like_digits_are_digits(
    programme: Programme, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.devices.ALPHABET", "01")
    code = code_of(make_device(programme), lead)
    assert ask(code.replace("0", "O").replace("1", "l")).status_code == 201
    assert not set("ILOU") & set(ALPHABET)


def test_used_expired_and_unknown_are_told_apart(programme: Programme, lead: User) -> None:
    used = code_of(make_device(programme), lead)
    assert ask(used).status_code == 201
    expired = code_of(make_device(programme, "Tablet 2"), lead)
    EnrolmentCode.objects.filter(used_at=None).update(expires_at=timezone.now())
    answers = [ask(code) for code in (used, expired, "AAAA-AAAA")]
    assert [one.status_code for one in answers] == [400, 400, 400]
    assert [one.json()["errors"] for one in answers] == [
        [{"path": "/code", "detail": f"This code {why}"}]
        for why in (
            "was used already: ask for a new one.",
            "has expired: ask for a new one.",
            "is not known: check its letters.",
        )
    ]
    assert answers[0]["Content-Type"] == "application/problem+json"


def test_a_code_lives_a_day_and_only_its_digest_is_kept(programme: Programme, lead: User) -> None:
    code = code_of(make_device(programme), lead)
    row = EnrolmentCode.objects.get()
    left = row.expires_at - timezone.now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    assert code not in str(EnrolmentCode.objects.values())


def test_a_newer_code_and_a_revocation_void_the_older(programme: Programme, lead: User) -> None:
    device = make_device(programme)
    older, newer = code_of(device, lead), code_of(device, lead)
    assert ask(older).status_code == 400
    revoke_device(device=device, actor=lead)
    assert ask(newer).status_code == 400
    assert ask(code_of(device, lead)).status_code == 201, "and it can be let in again"


def test_a_malformed_call_names_its_field(db: None) -> None:
    for body, path in (
        ({}, "/code"),
        ({"code": 7}, "/code"),
        ({"code": "AAAA-AAAA", "device": "me"}, "/device"),
    ):
        answer = APIClient().post("/api/v1/devices/", body, format="json")
        assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, path)
    assert APIClient().post("/api/v1/devices/", [], format="json").status_code == 400


def test_guessing_is_stopped_by_address(db: None) -> None:
    statuses = [ask("AAAA-AAAA").status_code for _ in range(31)]
    assert statuses == [400] * 30 + [429]
    last = ask("AAAA-AAAA")
    assert last.status_code == 429 and 0 < int(last["Retry-After"]) <= 60
    forged = APIClient().post(
        "/api/v1/devices/", {"code": "AAAA-AAAA"}, headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert forged.status_code == 429, "an address that anybody can write counts for nothing"


def test_a_known_tablet_is_itself_again_with_what_it_brought(
    programme: Programme, lead: User
) -> None:
    device, old = make_tablet(programme)
    document = make_document()
    assert put(old, programme, document).status_code == 201
    revoke_device(device=device, actor=lead)
    meant = make_device(programme, "Tablet at the till", codes=("PAR1", "LYO1"))
    Device.objects.filter(pk=meant.pk).update(takes_mystery_visits=True)
    body = ask(code_of(meant, lead), device=str(device.uuid)).json()
    assert body["device"] == {"id": str(device.uuid), "name": "Tablet at the till"}
    assert len(body["locations"]) == 2
    assert Device.objects.get() == device
    assert Device.objects.get().takes_mystery_visits, "as the lead meant it"
    assert old.get(at(programme, "guides/")).status_code == 401, "the old token is dead"
    new = client_with(body["token"])
    assert put(new, programme, document).status_code == 200
    revised = put(new, programme, document | {"base_revision": 1, "comment": "mine still"})
    assert (revised.status_code, revised.json()["revision"]) == (200, 2)


def test_a_code_for_another_enrolled_device_leaves_that_one_alone(
    programme: Programme, lead: User
) -> None:
    first, _one = make_tablet(programme)
    second, other = make_tablet(programme, name="Tablet 2", codes=("LYO1",))
    body = ask(code_of(second, lead), device=str(first.uuid)).json()
    assert body["device"] == {"id": str(first.uuid), "name": "Tablet 1"}
    assert [one["code"] for one in body["locations"]] == ["LYO1"]
    assert other.get(at(programme, "guides/")).status_code == 200


def test_a_new_tablet_keeps_the_identifier_it_made(programme: Programme, lead: User) -> None:
    own = str(uuid.uuid4())
    device = make_device(programme)
    assert ask(code_of(device, lead), device=own).json()["device"]["id"] == own
    again = ask(code_of(device, lead), device=str(uuid.uuid4())).json()
    assert again["device"]["id"] == own, "an enrolled one is not renamed by its browser"
    assert Observation.objects.count() == 0


def test_nobody_enrols_in_an_archived_programme(programme: Programme, lead: User) -> None:
    code = code_of(make_device(programme), lead)
    Programme.objects.update(archived_at=timezone.now())
    assert ask(code).status_code == 403
    Programme.objects.update(archived_at=None)
    assert ask(code).status_code == 201, "the refusal has not used it up"


def test_enrolling_and_revoking_stand_in_the_history(programme: Programme, lead: User) -> None:
    device, _client = make_tablet(programme)
    revoke_device(device=device, actor=lead)
    revoke_device(device=device, actor=lead)
    told = AuditEntry.objects.order_by("pk").values_list("verb", "subject")
    assert list(told) == [
        (verb, "device Tablet 1") for verb in ("added", "made a code for", "enrolled", "revoked")
    ]


def test_a_tablet_whose_answer_was_lost_may_ask_again(programme: Programme, lead: User) -> None:
    device = make_device(programme)
    code, itself, other = code_of(device, lead), str(uuid.uuid4()), str(uuid.uuid4())
    lost = ask(code, device=itself).json()
    assert ask(code).status_code == 400
    assert ask(code, device=other).status_code == 400
    again = ask(code, device=itself)
    assert again.status_code == 201
    assert again.json()["device"]["id"] == itself == lost["device"]["id"]
    assert client_with(lost["token"]).get(at(programme, "guides/")).status_code == 401
    assert client_with(again.json()["token"]).get(at(programme, "guides/")).status_code == 200
    EnrolmentCode.objects.update(used_at=timezone.now() - timedelta(minutes=11))
    assert ask(code, device=itself).status_code == 400


def test_asking_again_ends_with_a_revocation(programme: Programme, lead: User) -> None:
    device, itself = make_device(programme), str(uuid.uuid4())
    code = code_of(device, lead)
    assert ask(code, device=itself).status_code == 201
    device.refresh_from_db()
    revoke_device(device=device, actor=lead)
    assert ask(code, device=itself).status_code == 400
