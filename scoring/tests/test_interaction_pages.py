"""The interaction form: what it accepts, and each thing it refuses, at its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journeys.models import Journey
from journeys.tests.factories import make_journey
from scoring.models import Framework
from scoring.tests.factories import make_framework

Of = Callable[[User], Client]
V1 = "/programmes/casa-nord/journeys/family-store/framework/1/"
ADD = V1 + "interactions/add/"
EDIT = V1 + "interactions/at/S1-p/"


@pytest.fixture
def draft(journey: Journey) -> Framework:
    return make_framework(journey, status="draft")


@pytest.fixture
def client(consultant: User, client_of: Of) -> Client:
    return client_of(consultant)


def typed(draft: Framework, **fields: Any) -> dict[str, Any]:
    """A sound performance in S1, as a browser sends it."""
    stage = draft.journey.stages.get(key="S1")
    sound = {"stage": stage.pk, "statement": "Somebody greets me", "kind": "performance"}
    levels = {"minus_1": "Nobody looks up", "zero": "Greeted", "plus_2": "By name"}
    return sound | levels | {"weight": "1", "target": "2", "benefit": "", "key": ""} | fields


def test_one_is_saved_and_the_next_form_is_empty(draft: Framework, client: Client) -> None:
    assert client.get(ADD + "?stage=S1").context["form"].initial["stage"].key == "S1"
    answer = client.post(ADD, typed(draft))
    assert answer.headers["Location"] == ADD + "?stage=S1"
    row = draft.interactions.get(key="i-1")
    assert row.wording == {-1: "Nobody looks up", 0: "Greeted", 2: "By name"}
    assert (row.target, row.weight) == (2, 1)
    following = client.get(answer.headers["Location"])
    assert following.context["form"]["statement"].value() == ""
    assert row in following.context["siblings"]
    last = client.post(ADD, typed(draft, finish="1", key="greeting"))
    assert last.headers["Location"] == V1 + "#stage-S1"
    assert draft.interactions.filter(key="greeting").exists()


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"zero": ""}, "zero"),
        ({"zero": "", "minus_1": ""}, "zero"),
        ({"kind": "basic"}, "plus_2"),
        ({"kind": "basic", "plus_2": "", "minus_1": "", "target": "0"}, "kind"),
        ({"kind": "delight"}, "minus_1"),
        ({"kind": "delight", "plus_2": "", "minus_1": "", "target": ""}, "kind"),
        ({"plus_2": "", "target": "0"}, "kind"),
        ({"kind": "wow"}, "kind"),
        ({"weight": "4"}, "weight"),
        ({"weight": "0"}, "weight"),
        ({"target": "1"}, "target"),
        ({"target": "-1"}, "target"),
        ({"kind": "basic", "plus_1": "x", "plus_2": "", "target": "1"}, "target"),
        ({"statement": " "}, "statement"),
        ({"benefit": "fame"}, "benefit"),
        ({"key": "S1-p"}, "key"),
        ({"key": "no spaces"}, "key"),
        ({"zero": "x" * 201}, "zero"),
        ({"stage": "0"}, "stage"),
    ],
)
def test_each_refusal_stands_at_its_place(
    draft: Framework, client: Client, fields: dict[str, str], place: str
) -> None:
    answer = client.post(ADD, typed(draft, **fields))
    assert answer.status_code == 422
    assert place in answer.context["form"].errors
    assert draft.interactions.count() == 9
    if place != "statement":
        assert "Somebody greets me" in answer.content.decode()


def test_places_of_elsewhere_are_refused(draft: Framework, client: Client) -> None:
    other = draft.journey.stages.get(key="S2").touchpoints.get()
    answer = client.post(ADD, typed(draft, touchpoint=other.pk))
    assert list(answer.context["form"].errors) == ["touchpoint"]
    foreign = make_journey(draft.journey.programme, "other", stages=1).stages.get()
    answer = client.post(ADD, typed(draft, stage=foreign.pk))
    assert list(answer.context["form"].errors) == ["stage"]


def test_an_edit_keeps_key_and_place(draft: Framework, client: Client) -> None:
    assert client.get(EDIT).status_code == 200
    answer = client.post(EDIT, typed(draft, version="0", key="renamed"))
    assert answer.headers["Location"] == V1 + "#stage-S1"
    row = draft.interactions.get(key="S1-p")
    assert (row.statement, row.position, row.version) == ("Somebody greets me", 0, 1)


def test_a_stale_edit_loses_nothing(draft: Framework, client: Client) -> None:
    client.post(EDIT, typed(draft, version="0", zero="Theirs"))
    answer = client.post(EDIT, typed(draft, version="0", zero="Mine"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "It is now: Theirs" in page
    assert 'value="Mine"' in page
    assert draft.interactions.get(key="S1-p").wording[0] == "Theirs"
    version = answer.context["form"].data["version"]
    assert client.post(EDIT, typed(draft, version=version, zero="Mine")).status_code == 302
    assert draft.interactions.get(key="S1-p").wording[0] == "Mine"


def test_move_and_delete(draft: Framework, client: Client) -> None:
    assert client.post(EDIT + "move/", {"direction": "sideways"}).status_code == 400
    answer = client.post(EDIT + "move/", {"direction": "up"}, headers={"HX-Request": "true"})
    assert answer.status_code == 302
    assert [row.key for row in draft.interactions.all()][:2] == ["S1-p", "S1-b"]
    fragment = client.get(V1, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="framework"')
    assert client.get(EDIT + "delete/").status_code == 200
    assert client.post(EDIT + "delete/").status_code == 302
    assert not draft.interactions.filter(key="S1-p").exists()
    assert client.get(EDIT).status_code == 404


THRESHOLDS = {
    "low": "-10",
    "high": "50",
    "basics_covered_bp": "90",
    "min_observations": "5",
    "min_coverage_bp": "50",
    "broken_below": "0",
    "seen": "-10,50,9000,5,None,5000,0",
}


def test_thresholds_are_typed_in_per_cent(draft: Framework, client: Client) -> None:
    page = client.get(V1 + "thresholds/").content.decode()
    assert 'value="90"' in page
    data = THRESHOLDS | {"basics_covered_bp": "92.5", "broken_below": "-1"}
    assert client.post(V1 + "thresholds/", data).headers["Location"] == V1
    draft.refresh_from_db()
    assert (draft.basics_covered_bp, draft.broken_below, draft.low) == (9250, -1, -10)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("low", "0"),
        ("low", "-101"),
        ("high", "0"),
        ("high", "101"),
        ("basics_covered_bp", "101"),
        ("min_coverage_bp", "-1"),
        ("min_observations", "0"),
        ("min_observations_moment_of_truth", "0"),
        ("min_observations_moment_of_truth", "4"),
        ("min_observations_moment_of_truth", "x"),
        ("broken_below", "-3"),
    ],
)
def test_thresholds_out_of_range(draft: Framework, client: Client, name: str, value: str) -> None:
    answer = client.post(V1 + "thresholds/", THRESHOLDS | {name: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]


def test_stale_thresholds(draft: Framework, client: Client) -> None:
    client.post(V1 + "thresholds/", THRESHOLDS | {"low": "-20"})
    answer = client.post(V1 + "thresholds/", THRESHOLDS | {"low": "-15"})
    assert answer.status_code == 409
    assert "It is now: -20" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.low == -20
