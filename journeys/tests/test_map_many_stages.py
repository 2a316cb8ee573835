"""Several stages selected: all of them move or go, in one step, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.deleting import Dependant
from journeys.map_edits import undo
from journeys.models import Journey, MapEdit

ClientOf = Callable[[User], Client]


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


def send(page: Client, name: str, journey: Journey, data: dict[str, Any]) -> tuple[int, str]:
    address = reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, "stages"])
    answer = page.post(address, data, headers={"HX-Request": "true"})
    return answer.status_code, answer.content.decode()


def keys(journey: Journey) -> list[tuple[str, str]]:
    return list(journey.stages.values_list("key", "phase"))


def test_all_move_and_come_back_in_one_step(
    page: Client, journey: Journey, consultant: User
) -> None:
    before = keys(journey)
    first, second, third = journey.stages.all()
    data: dict[str, Any] = {"row": [second.pk, third.pk], "phase": "before"}
    assert send(page, "rows-place", journey, data)[0] == 200
    assert keys(journey) == [("S2", "before"), ("S3", "before"), ("S1", "during")]
    undo(journey=journey, actor=consultant)
    assert keys(journey) == before
    # In front of one that moves itself: they go to the end of the phase.
    data = {"row": [first.pk, second.pk], "phase": "during", "before": first.pk}
    assert send(page, "rows-place", journey, data)[0] == 200
    assert [key for key, _phase in keys(journey)] == ["S3", "S1", "S2"]


def test_all_go_and_come_back_in_one_step(page: Client, journey: Journey, consultant: User) -> None:
    first, second, third = journey.stages.all()
    assert send(page, "rows-delete", journey, {"row": [first.pk, third.pk]})[0] == 200
    assert list(journey.stages.all()) == [second] and MapEdit.objects.count() == 1
    undo(journey=journey, actor=consultant)
    assert list(journey.stages.all()) == [first, second, third]


def test_none_goes_where_something_hangs_on_one(
    page: Client, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = list(journey.stages.all())
    held = {stages[1].pk, stages[2].pk}
    dependant = [Dependant("observation", 3)]
    monkeypatch.setattr(
        "journeys.deleting.dependants_of", lambda row: dependant if row.pk in held else []
    )
    status, body = send(page, "rows-delete", journey, {"row": [each.pk for each in stages]})
    assert status == 409 and list(journey.stages.all()) == stages
    assert "Stage S2" in body and "observation" in body
