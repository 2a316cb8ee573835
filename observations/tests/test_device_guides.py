"""The guides document of a shared tablet."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tokens import create_token
from journeys.models import Programme
from journeys.tests.factories import make_channel, make_member, make_user
from observations.models import Device, VisitRules
from observations.tests.factories import make_visit
from observations.tests.tablets import at, client_with, make_tablet
from scoring.models import Framework

pytestmark = pytest.mark.usefixtures("framework")


def member(programme: Programme, name: str, *places: str, code: str = "", **fields: Any) -> User:
    user = make_user(name, email=f"{code or name}@example.org", **fields)
    own = programme.locations.filter(code__in=places)
    return make_member(programme, "observer", user, own, observer_code=code)


def test_it_names_the_device_and_who_may_take_it_up(programme: Programme) -> None:
    member(programme, "Zoé", "PAR1", "LYO1", code="OBS-1")
    member(programme, "Ann", "PAR1", code="OBS-2")
    member(programme, "Of Lyon", "LYO1", code="OBS-3")
    member(programme, "Without a code", "PAR1")
    gone = member(programme, "Gone", "PAR1", code="OBS-4")
    gone.is_active = False
    gone.save()
    nameless = member(programme, "Nameless", "PAR1", code="OBS-5")
    User.objects.filter(pk=nameless.pk).update(name="")
    device, tablet = make_tablet(programme)
    document = tablet.get(at(programme, "guides/")).json()
    assert document["device"] == {"id": str(device.uuid), "name": "Tablet 1"}
    assert document["observer"] is None
    assert document["observers"] == [
        {"code": "OBS-5", "name": "OBS-5"},
        {"code": "OBS-2", "name": "Ann"},
        {"code": "OBS-1", "name": "Zoé"},
    ]
    assert "@" not in str(document["observers"]), "an e-mail address stays on the server"
    assert [one["code"] for one in document["locations"]] == ["PAR1"]


def test_a_person_gets_their_own_code_and_no_device(programme: Programme, observer: User) -> None:
    member(programme, "Ann", "PAR1", code="OBS-2")
    person = client_with(create_token(user=observer))
    document = person.get(at(programme, "guides/")).json()
    assert (document["device"], document["observer"]) == (None, "OBS-1")
    assert document["observers"] == [{"code": "OBS-1", "name": "Odile Observer"}]


def test_a_guide_tells_what_the_app_draws(programme: Programme, framework: Framework) -> None:
    make_channel(programme, "outside", in_perimeter=False)
    framework.journey.stages.filter(key="S2").update(criticality=3)
    _device, tablet = make_tablet(programme)
    document = tablet.get(at(programme, "guides/")).json()
    assert [one["key"] for one in document["channels"]] == ["store"]
    assert set(document["channels"][0]) == {"key", "name"}
    [guide] = document["guides"]
    assert [one["moment_of_truth"] for one in guide["stages"]] == [False, True, False]
    assert {one["kind"] for one in guide["stages"][0]["interactions"]} == {
        "basic",
        "performance",
        "delight",
    }
    assert document["visits"] == []


def test_a_shared_tablet_is_told_of_everybody_s_visits_at_its_locations(
    programme: Programme, observer: User
) -> None:
    today = timezone.localdate()
    window: dict[str, Any] = {"first_on": today, "last_on": today}
    for observer_code in ("OBS-1", "OBS-2", ""):
        make_visit(programme, observer=observer_code, **window)
    make_visit(programme, "LYO1", **window)
    make_visit(programme, method="store_team", **window)
    device, tablet = make_tablet(programme)
    told = tablet.get(at(programme, "guides/")).json()["visits"]
    assert [one["method"] for one in told] == ["store_team"], "to the store they are a mystery"
    Device.objects.filter(pk=device.pk).update(takes_mystery_visits=True)
    told = tablet.get(at(programme, "guides/")).json()["visits"]
    told = [one for one in told if one["method"] == "mystery_visit"]
    assert [one["location"] for one in told] == ["PAR1"] * 3
    assert {one["observer"] for one in told} == {"OBS-1", "OBS-2", None}


def test_it_tells_how_many_days_lie_between_two_mystery_visits(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    assert tablet.get(at(programme, "guides/")).json()["lockout_days"] == 30
    VisitRules.objects.create(programme=programme, lockout_days=0)
    assert tablet.get(at(programme, "guides/")).json()["lockout_days"] == 0


def test_a_closing_guide_is_sent_and_a_closed_one_is_not(
    programme: Programme, framework: Framework
) -> None:
    _device, tablet = make_tablet(programme)
    first = tablet.get(at(programme, "guides/"))
    Framework.objects.update(status="closing")
    document = tablet.get(at(programme, "guides/"), headers={"If-None-Match": first["ETag"]}).json()
    assert [one["status"] for one in document["guides"]] == ["closing"]
    Framework.objects.update(status="closed")
    assert tablet.get(at(programme, "guides/")).json()["guides"] == []


def test_it_asks_as_often_whatever_there_is(programme: Programme) -> None:
    _device, tablet = make_tablet(programme)
    tablet.get(at(programme, "guides/"))
    counts = []
    for times in range(2):
        with CaptureQueriesContext(connection) as caught:
            assert tablet.get(at(programme, "guides/")).status_code == 200
        counts.append(len(caught))
        for number in range(5):
            member(programme, f"N{number}", "PAR1", code=f"C{times}{number}")
            make_channel(programme, f"channel-{times}-{number}")
            programme.locations.create(code=f"X{times}{number}", name=f"X{number}")
    assert counts[0] == counts[1]
