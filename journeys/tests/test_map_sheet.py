"""The cells of the table: one fact, one undoable step, refused where it has to be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client

from accounts.models import User
from journeys import guards
from journeys.models import Choice, Journey, MapEdit, Need, Stage, Touchpoint
from journeys.tests.factories import make_channel, make_programme
from journeys.tests.test_map_building import send, url

ClientOf = Callable[[User], Client]


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def touchpoint(journey: Journey) -> Touchpoint:
    found: Touchpoint = journey.touchpoints.get(stage__key="S1")
    return found


@pytest.mark.parametrize(
    ("field", "value", "word"),
    [
        ("initiative", "push", "Push"),
        ("nature", "transactional", "Transactional"),
        ("criticality", 3, "Moment of truth"),
    ],
)
def test_a_fact_of_a_touchpoint_is_one_undoable_step(
    page: Client, journey: Journey, touchpoint: Touchpoint, field: str, value: Any, word: str
) -> None:
    was = getattr(touchpoint, field)
    address = url("row-field", journey, "touchpoints", touchpoint.pk, field)
    assert f'name="{field}"' in page.get(address).content.decode()
    status, body = send(page, address, {field: value, "version": 0, "view": "table"})
    assert status == 200 and word in body
    touchpoint.refresh_from_db()
    assert getattr(touchpoint, field) == value
    assert MapEdit.objects.filter(journey=journey).count() == 1
    status, body = send(page, url("map-walk", journey, "undo"), {"view": "table"})
    assert status == 200 and f'id="sheet-stage-{touchpoint.stage_id}"' in body
    touchpoint.refresh_from_db()
    assert getattr(touchpoint, field) == was
    assert send(page, address, {field: "nonsense", "version": touchpoint.version})[0] == 422


def test_a_channel_is_one_of_the_programme(
    page: Client, journey: Journey, touchpoint: Touchpoint
) -> None:
    app = make_channel(journey.programme, "app", name="Our app")
    foreign = make_channel(make_programme("elsewhere"), "foreign", name="Not ours")
    address = url("row-field", journey, "touchpoints", touchpoint.pk, "channel")
    assert "Not ours" not in page.get(address).content.decode()
    assert send(page, address, {"channel": foreign.pk, "version": 0})[0] == 422
    assert send(page, address, {"channel": app.pk, "version": 0})[0] == 200
    touchpoint.refresh_from_db()
    assert touchpoint.channel == app


@pytest.fixture
def counted() -> Iterator[None]:
    """As if observations had been summed by channel."""

    def guard(row: models.Model, fields: Collection[str]) -> list[str]:
        is_meant = isinstance(row, Touchpoint) and "channel" in fields
        return ["Observations are summed by it."] if is_meant else []

    guards.register_guard(guard)
    yield
    guards.unregister_guard(guard)


@pytest.mark.usefixtures("counted")
def test_a_channel_that_counts_stays(
    page: Client, journey: Journey, touchpoint: Touchpoint
) -> None:
    app = make_channel(journey.programme, "app")
    address = url("row-field", journey, "touchpoints", touchpoint.pk, "channel")
    status, body = send(page, address, {"channel": app.pk, "version": 0})
    assert status == 422 and "Observations are summed by it." in body
    # The same channel again changes nothing and is no offence.
    same = {"channel": touchpoint.channel_id, "version": 0}
    assert send(page, address, same)[0] == 200


def test_a_stale_fact_shows_what_stands_there(
    page: Client, journey: Journey, touchpoint: Touchpoint
) -> None:
    Touchpoint.objects.filter(pk=touchpoint.pk).update(initiative="push", version=3)
    address = url("row-field", journey, "touchpoints", touchpoint.pk, "initiative")
    status, body = send(page, address, {"initiative": "pull", "version": 0})
    assert status == 409 and "It is now: Push" in body
    assert Touchpoint.objects.get(pk=touchpoint.pk).initiative == "push"


def test_a_phase_moves_the_stage_to_its_place(page: Client, journey: Journey) -> None:
    first, second, third = journey.stages.all()
    address = url("row-field", journey, "stages", third.pk, "phase")
    status, body = send(page, address, {"phase": "before", "version": 0, "view": "table"})
    assert status == 200 and list(journey.stages.all()) == [third, first, second]
    assert f'data-order="{third.pk} {first.pk} {second.pk} "' in body
    send(page, url("map-walk", journey, "undo"), {"view": "table"})
    assert [each.pk for each in journey.stages.all()] == [first.pk, second.pk, third.pk]


def test_level_and_criteria_are_cells_too(page: Client, journey: Journey) -> None:
    stage = journey.stages.get(key="S1")
    need = Need.objects.create(stage=stage, text="be quick")
    choice = Choice.objects.create(stage=stage, question="Which one?")
    choice.criteria.create(text="price")
    address = url("row-field", journey, "needs", need.pk, "level")
    assert send(page, address, {"level": "implicit", "version": 0})[0] == 200
    need.refresh_from_db()
    assert need.level == "implicit"
    address = url("row-field", journey, "choices", choice.pk, "criteria")
    assert "price" in page.get(address).content.decode()
    assert send(page, address, {"criteria": "x" * 500, "version": 0})[0] == 422
    status, body = send(
        page, address, {"criteria": "price\n\n near ", "version": 0, "view": "table"}
    )
    assert status == 200 and "price, near" in body
    assert [each.text for each in choice.criteria.all()] == ["price", "near"]
    send(page, url("map-walk", journey, "undo"), {})
    assert [each.text for each in choice.criteria.all()] == ["price"]


def test_a_new_stage_is_a_new_part_of_the_table(page: Client, journey: Journey) -> None:
    data = {"lines": "Park", "phase": "before", "view": "table"}
    status, body = send(page, url("stage-lines", journey), data)
    new = Stage.objects.get(journey=journey, name="Park")
    assert status == 200 and '<table hx-swap-oob="beforeend:#sheet">' in body
    assert f'id="sheet-add-{new.pk}"' in body and "Stage S1" not in body
