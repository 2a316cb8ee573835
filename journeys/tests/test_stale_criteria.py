"""Criteria that another has written meanwhile stand beside those typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Choice, Journey

ClientOf = Callable[[User], Client]


@pytest.mark.parametrize("page", ["stage", "map"])
@pytest.mark.parametrize(("theirs", "shown"), [("queue\n<b>price</b>", "queue, "), ("", "—")])
def test_theirs_are_shown(
    page: str,
    theirs: str,
    shown: str,
    journey: Journey,
    lead: User,
    consultant: User,
    client_of: ClientOf,
) -> None:
    stage = journey.stages.get(key="S1")
    choice = Choice.objects.create(stage=stage, question="Till?")
    choice.criteria.create(text="distance")
    here = [journey.programme.slug, journey.key]
    if page == "map":
        address = reverse("journeys:row-field", args=[*here, "choices", choice.pk, "criteria"])
    else:
        address = reverse("journeys:stage-part-edit", args=[*here, "S1", "choices", choice.pk])
    data = {"question": "Till?", "version": 0}
    assert client_of(lead).post(address, data | {"criteria": theirs}).status_code in (200, 302)
    answer = client_of(consultant).post(address, data | {"criteria": "distance\nmine"})
    body = answer.content.decode()
    assert answer.status_code == 409 and f"It is now: {shown}" in body and "mine" in body
    assert "<b>price" not in body and ("&lt;b&gt;price" in body) is bool(theirs)
    # The same on both sides is no difference.
    answer = client_of(consultant).post(address, data | {"criteria": theirs})
    assert answer.status_code == 409 and "It is now" not in answer.content.decode()
