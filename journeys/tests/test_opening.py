"""Opening hours and closures of a location: what the database refuses, and the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import AuditEntry, Closure, OpeningHours, Programme

FIRST, LAST = date(2026, 12, 24), date(2026, 12, 26)


@pytest.mark.parametrize(
    "fields",
    [
        {"weekday": 7},
        {"opens_at": time(19)},
        {"opens_at": time(9), "closes_at": time(9)},
        {"weekday": 0, "closes_at": time(12)},  # opens at nine on Monday already
    ],
)
def test_hours_that_are_none_are_refused(programme: Programme, fields: dict[str, Any]) -> None:
    usual = {"weekday": 0, "opens_at": time(9), "closes_at": time(19)}
    location = programme.locations.get(code="PAR1")
    OpeningHours.objects.create(location=location, **usual)
    with pytest.raises(IntegrityError):
        OpeningHours.objects.create(location=location, **(usual | {"weekday": 1} | fields))


@pytest.mark.parametrize("fields", [{"first_on": date(2026, 12, 27)}, {"reason": ""}])
def test_a_closure_that_is_none_is_refused(programme: Programme, fields: dict[str, Any]) -> None:
    usual = {"first_on": FIRST, "last_on": LAST, "reason": "Christmas"}
    location = programme.locations.get(code="PAR1")
    with pytest.raises(IntegrityError):
        Closure.objects.create(location=location, **(usual | fields))


def test_the_same_days_are_closed_once(programme: Programme) -> None:
    usual = {"first_on": FIRST, "last_on": LAST, "location": programme.locations.get(code="PAR1")}
    Closure.objects.create(reason="Christmas", **usual)
    with pytest.raises(IntegrityError):
        Closure.objects.create(reason="Stocktaking", **usual)


def address(page: str, *more: object) -> str:
    return reverse(f"journeys:{page}", args=["casa-nord", "PAR1", *more])


def test_the_week_is_set_here_and_everywhere(
    client_of: Callable[[User], Client], programme: Programme, consultant: User
) -> None:
    client = client_of(consultant)
    client.post(address("location-hours"), {"day0": "14-19; 9h30\N{EN DASH}12.30", "day6": ""})
    spans = list(OpeningHours.objects.values_list("weekday", "opens_at", "closes_at"))
    assert spans == [(0, time(9, 30), time(12, 30)), (0, time(14), time(19))]
    client.post(address("location-hours"), {"day1": "10:00-18:00", "everywhere": "on"})
    places = OpeningHours.objects.values_list("location__code", "weekday")
    assert sorted(places) == [("LYO1", 1), ("PAR1", 1)]
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry is not None
    assert entry.subject == "opening hours LYO1, PAR1"


@pytest.mark.parametrize("typed", ["nine to five", "12-9", "9-25", "9-12, 11-14", "9-12-14"])
def test_hours_that_say_nothing_are_refused_and_kept(
    client_of: Callable[[User], Client], consultant: User, typed: str
) -> None:
    answer = client_of(consultant).post(address("location-hours"), {"day2": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert not OpeningHours.objects.exists()


def test_a_closure_is_added_everywhere_and_removed_here(
    client_of: Callable[[User], Client], programme: Programme, consultant: User
) -> None:
    client = client_of(consultant)
    typed = {"first_on": "2026-12-25", "last_on": "2026-12-25", "reason": "Christmas"}
    client.post(address("closure-create"), typed | {"everywhere": "on"})
    assert Closure.objects.count() == 2
    refused = client.post(address("closure-create"), typed | {"last_on": "2026-12-24"})
    assert refused.status_code == 422
    assert "The last day is before the first." in refused.content.decode()
    own = Closure.objects.get(location__code="PAR1")
    client.post(address("closure-delete", own.pk))
    assert Closure.objects.get().location.code == "LYO1"


def test_everybody_who_sees_the_method_reads_the_hours(
    client_of: Callable[[User], Client], programme: Programme, executive: User
) -> None:
    par1 = programme.locations.get(code="PAR1")
    OpeningHours.objects.create(location=par1, weekday=0, opens_at=time(9), closes_at=time(19))
    page = client_of(executive).get(address("location-opening")).content.decode()
    assert "09:00\N{EN DASH}19:00" in page
    assert "<form" not in page.split('id="location-opening"')[1].split("</main>")[0]
