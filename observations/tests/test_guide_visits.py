"""What a tablet is told of planned visits and of opening hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys.models import Closure, OpeningHours, Programme
from journeys.tests.factories import make_location, make_wave
from observations.models import Visit
from observations.tests.factories import make_visit, submit_for

pytestmark = pytest.mark.usefixtures("framework")
ClientOf = Callable[[User], Client]
ADDRESS = reverse("api-guides", args=["casa-nord"])


def ends_in(days: int) -> dict[str, Any]:
    last_on = timezone.localdate() + timedelta(days=days)
    return {"first_on": last_on - timedelta(days=30), "last_on": last_on}


def visits(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(ADDRESS).json()["visits"]
    return found


def test_a_visit_is_told_as_the_contract_has_it(
    client_of: ClientOf, programme: Programme, observer: User
) -> None:
    wave = make_wave(programme)
    window = ends_in(5)
    visit = make_visit(
        programme, wave=wave, observer="OBS-1", note="Ask for help.", quota=3, **window
    )
    submit_for(visit)
    assert visits(client_of(observer)) == [
        {
            "id": str(visit.uuid),
            "journey": "family-store",
            "method": "mystery_visit",
            "location": "PAR1",
            "observer": "OBS-1",
            "wave": "W1",
            "from": str(window["first_on"]),
            "to": str(window["last_on"]),
            "note": "Ask for help.",
            "done": 1,
            "quota": 3,
        }
    ]


def test_an_observer_is_told_of_own_and_of_free_visits_at_own_locations(
    client_of: ClientOf, programme: Programme, observer: User, consultant: User
) -> None:
    own = make_visit(programme, observer="OBS-1", **ends_in(3))
    free = make_visit(programme, **ends_in(4))
    make_visit(programme, observer="OBS-9", **ends_in(3))
    elsewhere = make_visit(programme, location="LYO1", **ends_in(5))
    make_visit(programme, location="LYO1", observer="OBS-1", **ends_in(5))
    found = [one["id"] for one in visits(client_of(observer))]
    assert found == [str(own.uuid), str(free.uuid)]
    # Whoever observes everywhere, without a code: what is left to whoever is there.
    found = [one["id"] for one in visits(client_of(consultant))]
    assert found == [str(free.uuid), str(elsewhere.uuid)]


def test_what_is_done_cancelled_or_long_over_is_not_told(
    client_of: ClientOf, programme: Programme, observer: User
) -> None:
    late = make_visit(programme, **ends_in(-7))
    make_visit(programme, **ends_in(-8))
    make_visit(programme, cancelled_at=timezone.now(), **ends_in(1))
    done = make_visit(programme, **ends_in(2))
    submit_for(done)
    assert [one["id"] for one in visits(client_of(observer))] == [str(late.uuid)]


def test_hours_and_closures_stand_with_each_location(
    client_of: ClientOf, programme: Programme, consultant: User
) -> None:
    par1 = programme.locations.get(code="PAR1")
    for weekday, opens, closes in ((0, 14, 19), (0, 9, 12), (5, 10, 20)):
        OpeningHours.objects.create(
            location=par1, weekday=weekday, opens_at=time(opens), closes_at=time(closes, 30)
        )
    today = timezone.localdate()
    for days, reason in ((-30, "Works"), (-7, "Stocktaking"), (30, "Works again")):
        on = today + timedelta(days=days)
        Closure.objects.create(location=par1, first_on=on, last_on=on, reason=reason)
    lyo1, told = client_of(consultant).get(ADDRESS).json()["locations"]
    assert (lyo1["hours"], lyo1["closures"]) == (None, [])
    assert told["hours"] == {
        "mon": [["09:00", "12:30"], ["14:00", "19:30"]],
        "sat": [["10:00", "20:30"]],
    }
    assert [one["reason"] for one in told["closures"]] == ["Stocktaking", "Works again"]
    assert told["closures"][1]["from"] == str(today + timedelta(days=30))


def test_the_cost_does_not_grow_with_visits_or_locations(
    client_of: ClientOf, programme: Programme, consultant: User
) -> None:
    client = client_of(consultant)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS).status_code == 200
        return len(queries)

    def grow(code: str) -> None:
        location = make_location(programme, code)
        OpeningHours.objects.create(
            location=location, weekday=1, opens_at=time(9), closes_at=time(19)
        )
        Closure.objects.create(
            location=location, first_on=ends_in(1)["last_on"], last_on=ends_in(1)["last_on"],
            reason="Works",
        )  # fmt: skip
        make_visit(programme, code, **ends_in(9))

    grow("A")
    before = cost()
    for code in "BCD":
        grow(code)
    assert Visit.objects.count() == 4
    assert cost() == before
