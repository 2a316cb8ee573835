"""Pages of steps 1 and 2 and of people cost as many queries for 2N rows as for N."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from journeys.audit import record
from journeys.models import Invitation, Programme
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_location,
    make_member,
    make_programme,
    make_segment,
    make_touchpoint,
    make_wave,
)
from journeys.tests.pages import STAGE, url


def grow(programme: Programme, lead: User, name: str) -> None:
    """One more row of everything the pages list."""
    channel = make_channel(programme, f"channel-{name}")
    location = make_location(programme, f"location-{name}")
    make_wave(programme, f"wave-{name}")
    segment = make_segment(programme, f"segment-{name}")
    segment.preferred_channels.add(channel)
    make_journey(programme, f"journey-{name}", stages=2, segment=segment)
    stage = programme.journeys.get(key="family-store").stages.get(key="S1")
    make_touchpoint(stage, f"touchpoint-{name}", channel=channel)
    stage.needs.create(text=name)
    stage.choices.create(question=name).criteria.create(text=name)
    member = make_member(programme, "observer", None, [location])
    make_member(programme, "facilitator", member)
    invitation = Invitation.objects.create(
        programme=programme,
        email=f"{name}@example.com",
        role="observer",
        digest=name,
        expires_at=timezone.now(),
    )
    invitation.locations.add(location)
    record(programme=programme, actor=member, verb="changed", subject=name)
    make_member(make_programme(f"programme-{name}"), "lead", lead)


PAGES = [
    reverse("journeys:programme-list"),
    url("perimeter"),
    url("perimeter-stages"),
    url("perimeter-panel", "segments"),
    url("perimeter-panel", "locations"),
    url("journey-list"),
    url("stage-detail", *STAGE),
    url("stage-create", "family-store"),
    url("stage-part", *STAGE, "touchpoints"),
    url("stage-part", *STAGE, "choices"),
    url("member-list"),
    url("history"),
]


@pytest.mark.parametrize("address", PAGES)
def test_queries_do_not_grow_with_rows(
    client_of: Callable[[User], Client], programme: Programme, lead: User, address: str
) -> None:
    client = client_of(lead)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    for number in range(2):
        grow(programme, lead, f"a{number}")
    before = cost()
    for number in range(4):
        grow(programme, lead, f"b{number}")
    assert cost() == before
