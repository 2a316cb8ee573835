"""A form that another person has overtaken: what they wrote beside what was typed, and who and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys import map_building
from journeys.map_authors import overtaken_by
from journeys.map_edits import map_step
from journeys.models import Choice, Journey, MapEdit, Need, Stage
from journeys.tests.factories import make_touchpoint

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.get(key="S1")
    return found


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def hers(lead: User, client_of: ClientOf) -> Client:
    return client_of(lead)


def url(name: str, stage: Stage, *more: object) -> str:
    journey = stage.journey
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, stage.key, *more])


def field(stage: Stage, part: str, pk: int, name: str) -> str:
    journey = stage.journey
    return reverse("journeys:row-field", args=[journey.programme.slug, journey.key, part, pk, name])


def edited(page: Client, address: str, data: dict[str, object]) -> tuple[int, str]:
    answer = page.post(address, data)
    return answer.status_code, answer.content.decode()


def make_row(part: str, stage: Stage) -> tuple[int, dict[str, object], str]:
    """Its number, a full form of it, and the field that both people write."""
    if part == "needs":
        need = Need.objects.create(stage=stage, text="be quick")
        return need.pk, {"text": "be quick", "level": "explicit"}, "text"
    if part == "choices":
        choice = Choice.objects.create(stage=stage, question="Till?")
        return choice.pk, {"question": "Till?", "criteria": "queue"}, "question"
    touchpoint = make_touchpoint(stage, "till", name="Till")
    form = {
        "name": "Till",
        "channel": touchpoint.channel_id,
        "nature": "informative",
        "initiative": "pull",
        "criticality": 1,
    }
    return touchpoint.pk, form, "name"


@pytest.mark.parametrize("part", ["needs", "choices", "touchpoints"])
def test_a_part_shows_theirs_beside_yours_and_who(
    part: str, page: Client, hers: Client, stage: Stage
) -> None:
    pk, form, name = make_row(part, stage)
    address = url("stage-part-edit", stage, part, pk)
    assert edited(hers, address, form | {name: "Theirs", "version": 0})[0] == 302
    status, body = edited(page, address, form | {name: "Mine", "version": 0})
    assert status == 409 and "It is now: Theirs" in body and "Mine" in body
    assert "Lea Lead changed this at " in body
    assert edited(page, address, form | {name: "Mine", "version": 1})[0] == 302


def test_a_stage_shows_theirs_beside_yours_and_who(
    page: Client, hers: Client, stage: Stage
) -> None:
    address = url("stage-edit", stage)
    form = {"name": "Theirs", "phase": "during", "criticality": 1, "reach_bp": "100", "version": 0}
    assert edited(hers, address, form)[0] == 302
    status, body = edited(page, address, form | {"name": "Mine"})
    assert status == 409 and "It is now: Theirs" in body and 'value="Mine"' in body
    assert "Lea Lead changed this at " in body


def test_only_a_criterion_changed(lead: User, stage: Stage) -> None:
    choice = Choice.objects.create(stage=stage, question="Till?")
    with map_step(
        journey=stage.journey, actor=lead, verb="changed", subject=choice, stages=[stage]
    ):
        choice.criteria.create(text="queue")
    assert "Lea Lead" in overtaken_by(choice)


def test_nobody_is_named_where_no_step_says_so(page: Client, lead: User, stage: Stage) -> None:
    # A place that gave way is no change of the stage; nor is a change from outside the map.
    map_building.add_stages(journey=stage.journey, names=["First"], phase="before", actor=lead)
    Stage.objects.filter(pk=stage.pk).update(name="Theirs", version=4)
    status, body = edited(
        page, field(stage, "stages", stage.pk, "name"), {"name": "Mine", "version": 0}
    )
    assert status == 409 and "Somebody else changed this while you were editing." in body


def test_an_older_change_says_its_day(lead: User, stage: Stage) -> None:
    map_building.mark(rows=[stage], criticality=3, actor=lead)
    assert "2026" not in overtaken_by(stage)
    MapEdit.objects.update(changed_at=datetime(2026, 3, 14, 12, tzinfo=UTC))
    assert "14 Mar 2026" in overtaken_by(stage)


def test_what_is_typed_on_a_deleted_stage_is_told_who_deleted_it(
    page: Client, lead: User, stage: Stage
) -> None:
    need = Need.objects.create(stage=stage, text="be quick")
    pk = stage.pk
    Stage.objects.filter(pk=pk).update(name="<b>Park</b>")
    map_building.delete_stage(stage=Stage.objects.get(pk=pk), actor=lead)
    journey = Journey.objects.get(pk=stage.journey_id)
    lines = reverse("journeys:part-lines", args=[journey.programme.slug, journey.key, "needs", pk])
    marks = reverse("journeys:rows-mark", args=[journey.programme.slug, journey.key, "stages"])
    for address, data in (
        (field(stage, "stages", pk, "name"), {"name": "Mine", "version": 0}),
        (field(stage, "needs", need.pk, "text"), {"text": "Mine", "version": 0}),
        (lines, {"lines": "Mine", "level": "explicit"}),
        (marks, {"row": pk, "criticality": 2}),
    ):
        answer = page.post(address, data, headers=HTMX)
        assert answer.status_code == 409 and answer["HX-Retarget"] == "#map-problem"
        body = answer.content.decode()
        assert "Lea Lead deleted “&lt;b&gt;Park&lt;/b&gt;” at " in body
    assert page.get(lines).status_code == 404
    assert page.post(field(stage, "stages", 10**9, "name"), {"name": "x"}).status_code == 404
