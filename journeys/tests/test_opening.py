"""Opening hours and closures of a location: what the database refuses."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db import IntegrityError

from journeys.models import Closure, OpeningHours, Programme

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
