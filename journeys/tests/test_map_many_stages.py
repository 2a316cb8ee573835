"""Several stages selected: all of them move or go, in one step, or none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.deleting import Dependant
from journeys.map_edits import undo
from journeys.models import Journey, MapEdit

if TYPE_CHECKING:
    from scoring.models import Framework

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
    held = {
        stages[0].pk: [Dependant("observations", 3), Dependant("action", 1)],
        stages[2].pk: [Dependant("observations", 41)],
    }
    monkeypatch.setattr("journeys.deleting.dependants_of", lambda row: held.get(row.pk, []))
    status, body = send(page, "rows-delete", journey, {"row": [each.pk for each in stages]})
    assert status == 409 and list(journey.stages.all()) == stages
    assert not MapEdit.objects.exists()
    # Of each that can't go, all that hangs on it, and not of the first alone.
    told = re.findall(r"<p>“(.*?)” can't be deleted|<li>(.*?)</li>", body)
    assert ["".join(each) for each in told] == [
        "Stage S1",
        "3 observations",
        "1 action",
        "Stage S3",
        "41 observations",
    ]


def test_what_holds_each_of_them_is_counted_for_each(
    page: Client, journey: Journey, framework: Framework
) -> None:
    stages = list(journey.stages.all())
    asked = {each.name: each.interactions.count() for each in stages}
    assert all(asked.values())
    status, body = send(page, "rows-delete", journey, {"row": [each.pk for each in stages]})
    assert status == 409 and list(journey.stages.all()) == stages
    told = re.findall(
        r"<p>“(.*?)” can't be deleted.*?<li>(\d+) interactions?</li>", body, re.DOTALL
    )
    assert {name: int(count) for name, count in told} == asked
