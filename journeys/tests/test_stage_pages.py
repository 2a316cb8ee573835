"""Stages and what hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Choice, Journey, Stage
from journeys.tests.factories import make_stage
from journeys.tests.pages import STAGE, url

if TYPE_CHECKING:
    from scoring.models import Framework


@pytest.fixture
def page(client_of: Callable[[User], Client], consultant: User) -> Client:
    return client_of(consultant)


@pytest.fixture
def stage(journey: Journey) -> Stage:
    return journey.stages.get(key="S1")


FACTS = {"name": "Checkout", "phase": "during", "criticality": "3", "reach_bp": "80"}


def test_a_stage_is_added_in_its_phase(page: Client, journey: Journey) -> None:
    answer = page.post(url("stage-create", "family-store"), FACTS | {"phase": "before"})
    assert answer["Location"].endswith("?phase=before")
    first = journey.stages.first()
    assert first is not None
    assert (first.key, first.reach_bp, first.is_moment_of_truth) == ("checkout", 8000, True)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phase", "never"), ("criticality", "4"), ("reach_bp", "101"), ("name", ""), ("key", "S1")],
)
def test_a_bad_stage_is_refused_at_the_field(page: Client, field: str, typed: str) -> None:
    answer = page.post(url("stage-create", "family-store"), FACTS | {field: typed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors


def test_the_second_of_two_editors_is_told_and_loses_nothing(page: Client, stage: Stage) -> None:
    mine = FACTS | {"version": "0", "in_perimeter": "on"}
    assert page.post(url("stage-edit", *STAGE), mine).status_code == 302
    answer = page.post(url("stage-edit", *STAGE), mine | {"name": "Till"})
    assert answer.status_code == 409
    assert answer.context["form"].errors["name"] == ["It is now: Checkout"]
    assert b'value="Till"' in answer.content
    again = page.post(url("stage-edit", *STAGE), mine | {"name": "Till", "version": "1"})
    assert again.status_code == 302
    stage.refresh_from_db()
    assert (stage.name, stage.version) == ("Till", 2)


def keys(journey: Journey) -> list[tuple[str, str]]:
    return list(journey.stages.values_list("key", "phase"))


@pytest.mark.parametrize(
    ("key", "direction", "expected"),
    [
        ("S2", "earlier", [("S2", "during"), ("S1", "during"), ("S3", "during")]),
        ("S2", "later", [("S1", "during"), ("S3", "during"), ("S2", "during")]),
        ("S1", "earlier", [("S1", "before"), ("S2", "during"), ("S3", "during")]),
        ("S3", "later", [("S1", "during"), ("S2", "during"), ("S3", "after")]),
        ("S3", "before", [("S3", "before"), ("S1", "during"), ("S2", "during")]),
        ("S1", "during", [("S2", "during"), ("S3", "during"), ("S1", "during")]),
    ],
)
def test_a_stage_moves(
    page: Client, journey: Journey, key: str, direction: str, expected: list[tuple[str, str]]
) -> None:
    page.post(url("stage-move", "family-store", key), {"direction": direction})
    assert keys(journey) == expected
    assert list(journey.stages.values_list("position", flat=True)) == [0, 1, 2]


def test_the_first_stage_of_all_stays_first(page: Client, journey: Journey) -> None:
    journey.stages.filter(key="S1").update(phase="before")
    page.post(url("stage-move", *STAGE), {"direction": "earlier"})
    assert keys(journey)[0] == ("S1", "before")


def test_a_stage_goes_with_what_hangs_on_it(page: Client, journey: Journey) -> None:
    assert page.post(url("stage-delete", *STAGE)).status_code == 302
    assert [(each.key, each.position) for each in journey.stages.all()] == [("S2", 0), ("S3", 1)]


def test_a_stage_of_a_framework_stays(page: Client, framework: Framework) -> None:
    answer = page.post(url("stage-delete", *STAGE))
    assert answer.status_code == 409
    # Three, though each hangs on the stage and on its touchpoint.
    assert [each.count for each in answer.context["refusal"].held[0].dependants] == [3]
    assert framework.journey.stages.count() == 3


def test_a_touchpoint_is_typed_and_the_form_comes_back(page: Client, stage: Stage) -> None:
    data = {"name": "Self-scan", "channel": stage.touchpoints.get().channel_id}
    data |= {"initiative": "pull", "nature": "transactional", "criticality": "2"}
    address = url("stage-part-create", *STAGE, "touchpoints")
    answer = page.post(address, data, follow=True, headers={"HX-Request": "true"})
    assert answer.redirect_chain == [(address, 302)]
    assert "autofocus" in answer.content.decode()
    assert stage.touchpoints.get(key="self-scan").nature == "transactional"


def test_a_touchpoints_key_is_unique_in_its_journey(page: Client, stage: Stage) -> None:
    data = {"name": "X", "key": "t-S2", "channel": stage.touchpoints.get().channel_id}
    data |= {"initiative": "pull", "nature": "informative", "criticality": "1"}
    answer = page.post(url("stage-part-create", *STAGE, "touchpoints"), data)
    assert answer.status_code == 422
    assert "key" in answer.context["form"].errors


def test_a_choice_keeps_its_criteria_in_order(page: Client, stage: Stage) -> None:
    data = {"question": "Which one?", "criteria": "price\n\n distance \n"}
    page.post(url("stage-part-create", *STAGE, "choices"), data)
    choice = Choice.objects.get()
    assert [each.text for each in choice.criteria.all()] == ["price", "distance"]
    address = url("stage-part-edit", *STAGE, "choices", choice.pk)
    assert "price\ndistance" in page.get(address).content.decode()
    page.post(address, {"question": "Which one?", "criteria": "advice", "version": 0})
    assert [each.text for each in choice.criteria.all()] == ["advice"]
    long = page.post(address, {"question": "Which one?", "criteria": "x" * 121, "version": 1})
    assert long.status_code == 422


def test_needs_are_added_edited_deleted(page: Client, stage: Stage) -> None:
    page.post(url("stage-part-create", *STAGE, "needs"), {"text": "trust", "level": "implicit"})
    need = stage.needs.get()
    page.post(
        url("stage-part-edit", *STAGE, "needs", need.pk),
        {"text": "speed", "level": "explicit", "version": 0},
    )
    assert [(each.text, each.level) for each in stage.needs.all()] == [("speed", "explicit")]
    page.post(url("stage-part-delete", *STAGE, "needs", need.pk))
    assert not stage.needs.exists()


def test_a_row_of_another_stage_is_not_reached(page: Client, journey: Journey) -> None:
    other = make_stage(journey, "S9").needs.create(text="mine")
    assert page.post(url("stage-part-delete", *STAGE, "needs", other.pk)).status_code == 404
