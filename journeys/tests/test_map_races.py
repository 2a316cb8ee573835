"""What was there when it was read, and is gone when its turn comes: 409 and by whom, never a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys import map_building
from journeys.forms.journeys import NeedForm, StageForm
from journeys.holding import Overtaken
from journeys.map_edits import undo
from journeys.models import Journey, Need, Stage
from journeys.tests.factories import make_channel, make_touchpoint
from journeys.views import map_desk, stage_parts, stages

ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
ROWS = ("stages", "touchpoints", "needs")


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def stage(journey: Journey) -> Stage:
    found: Stage = journey.stages.select_related("journey__programme").get(key="S1")
    return found


def delete(pk: int, actor: User) -> None:
    map_building.delete_stage(stage=Stage.objects.get(pk=pk), actor=actor)


def url(name: str, journey: Journey, *args: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, *args])


@pytest.fixture
def gone_when_read(stage: Stage, lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reading of anything on the map is the last before the stage goes."""
    pk, read = stage.pk, map_desk.Table._found

    def last(self: Any, *args: Any) -> Any:
        row = read(self, *args)
        if Stage.objects.filter(pk=pk).exists():
            delete(pk, lead)
        return row

    monkeypatch.setattr(map_desk.Table, "_found", last)


@pytest.mark.usefixtures("gone_when_read")
def test_orders_on_the_map_are_told(page: Client, journey: Journey, stage: Stage) -> None:
    other = journey.stages.get(key="S2")
    app = make_channel(journey.programme, "app")
    marks = {"row": stage.pk, "criticality": 2}
    places = {"row": other.pk, "phase": "before", "before": stage.pk}
    for name, args, data in (
        ("rows-mark", ["stages"], marks),
        ("rows-place", ["stages"], places),
        ("rows-delete", ["stages"], {"row": stage.pk}),
        ("part-lines", ["needs", stage.pk], {"lines": "one", "level": "explicit"}),
        ("part-lines", ["choices", stage.pk], {"lines": "one"}),
        ("part-lines", ["touchpoints", stage.pk], {"lines": "one", "channel": app.pk}),
        ("row-field", ["stages", stage.pk, "name"], {"name": "Mine", "version": 0}),
    ):
        if not Stage.objects.filter(pk=stage.pk).exists():
            undo(journey=journey, actor=User.objects.get(memberships__role="lead"))
        answer = page.post(url(name, journey, *args), data, headers=HTMX)
        assert answer.status_code == 409, name
        assert "Lea Lead deleted “Stage S1” at " in answer.content.decode()


def test_parts_do_not_go_into_a_stage_that_is_gone(
    stage: Stage, journey: Journey, consultant: User
) -> None:
    other = journey.stages.get(key="S2")
    parts = list(stage.touchpoints.select_related("stage__journey__programme"))
    delete(other.pk, consultant)
    with pytest.raises(Overtaken, match="deleted “Stage S2”"):
        map_building.place_parts(parts=parts, stage=other, before=None, actor=consultant)
    assert list(stage.touchpoints.all()) == parts


def test_a_part_moved_meanwhile_is_moved_from_where_it_is(
    stage: Stage, journey: Journey, consultant: User
) -> None:
    _first, second, third = journey.stages.select_related("journey__programme")
    touchpoint = make_touchpoint(stage, "till")
    read = type(touchpoint).objects.select_related("stage__journey__programme")
    early = read.get(pk=touchpoint.pk)
    common: dict[str, Any] = {"before": None, "actor": consultant}
    map_building.place_parts(parts=[touchpoint], stage=second, **common)
    map_building.place_parts(parts=[early], stage=third, **common)
    undo(journey=journey, actor=consultant)
    assert read.get(pk=touchpoint.pk).stage == second


def test_a_form_of_a_deleted_row_keeps_what_was_typed(
    page: Client, journey: Journey, stage: Stage, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    need, pk = Need.objects.create(stage=stage, text="be quick"), stage.pk
    forms = ((StageForm, "stage-edit", [stage.key]),)
    parts = (
        (NeedForm, "stage-part-create", [stage.key, "needs"]),
        (NeedForm, "stage-part-edit", [stage.key, "needs", need.pk]),
    )
    for form, name, args in (*forms, *parts):
        if not Stage.objects.filter(pk=pk).exists():
            undo(journey=journey, actor=lead)
        right = form.is_valid

        def last(self: Any, right: Any = right) -> bool:
            is_valid: bool = right(self)
            delete(pk, lead)
            return is_valid

        monkeypatch.setattr(form, "is_valid", last)
        row = (
            Need.objects.get(pk=need.pk) if name == "stage-part-edit" else Stage.objects.get(pk=pk)
        )
        data = {"name": "Mine", "phase": "during", "criticality": 1, "reach_bp": "100"}
        data |= {"text": "Mine", "level": "explicit", "version": row.version}
        answer = page.post(url(name, journey, *args), data)
        monkeypatch.setattr(form, "is_valid", right)
        body = answer.content.decode()
        assert answer.status_code == 409 and "Lea Lead deleted “Stage S1” at " in body, name
        assert "Mine" in body


def test_deleting_and_moving_what_is_gone_finds_nothing(
    page: Client, journey: Journey, stage: Stage, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete(stage.pk, lead)
    gone = Need(pk=10**6, stage=stage, text="be quick")
    monkeypatch.setattr(stages, "_stage", lambda *_: stage)
    monkeypatch.setattr(
        stage_parts, "get_object_or_404", lambda *_, **more: gone if "pk" in more else stage
    )
    for name, args, data in (
        ("stage-move", [stage.key], {"direction": "later"}),
        ("stage-delete", [stage.key], {}),
        ("stage-part-delete", [stage.key, "needs", 10**6], {}),
    ):
        assert page.post(url(name, journey, *args), data).status_code == 404, name
