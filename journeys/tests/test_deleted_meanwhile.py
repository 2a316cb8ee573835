"""A journey that somebody deletes while another saves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys import commenting, map_building, map_edits
from journeys.models import Journey, Need, Stage
from journeys.tests.factories import make_segment
from journeys.tests.meanwhile import Meanwhile
from journeys.views import journeys as journey_views
from journeys.views import snapshots, stage_parts

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
GONE = "The journey “Family store” has been deleted since. Nothing was saved."


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def meanwhile(journey: Journey, lead: User, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(monkeypatch, journey.programme, lead)


def url(name: str, journey: Journey, *args: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, *args])


@pytest.mark.parametrize(
    ("name", "args", "data", "use_case"),
    [
        ("stage-lines", [], {"lines": "Mine", "phase": "before"}, "add_stages"),
        ("part-lines", ["needs", "S1"], {"lines": "Mine", "level": "explicit"}, "add_needs"),
        ("part-lines", ["choices", "S1"], {"lines": "Mine"}, "add_choices"),
        ("row-field", ["stages", "S1", "name"], {"name": "Mine", "version": 0}, "save_row"),
        ("rows-mark", ["stages"], {"row": "S1", "criticality": 2}, "mark"),
        ("rows-place", ["stages"], {"row": "S1", "phase": "after"}, "place_stages"),
        ("rows-delete", ["stages"], {"row": "S1"}, "delete_stages"),
    ],
)
def test_orders_on_a_map_that_goes_are_told(
    page: Client,
    journey: Journey,
    meanwhile: Meanwhile,
    name: str,
    args: list[Any],
    data: dict[str, Any],
    use_case: str,
) -> None:
    pk = journey.stages.get(key="S1").pk
    args, data = (
        [pk if x == "S1" else x for x in args],
        {k: pk if v == "S1" else v for k, v in data.items()},
    )
    meanwhile(map_building, use_case, journey)
    answer = page.post(url(name, journey, *args), data, headers=HTMX)
    assert answer.status_code == 409 and GONE in answer.content.decode()
    assert answer["HX-Retarget"] == "#map-problem"  # what was typed stays in its field
    assert not Stage.objects.exists()
    # And so from then on, whatever is ordered.
    answer = page.post(url(name, journey, *args), data, headers=HTMX)
    assert answer.status_code == 409
    assert "This journey is no longer here" in answer.content.decode()
    assert page.post(url(name, journey, *args), data).status_code == 404


def test_undo_on_a_map_that_goes_is_told(
    page: Client, journey: Journey, consultant: User, meanwhile: Meanwhile
) -> None:
    stage = journey.stages.get(key="S1")
    map_building.add_needs(stage=stage, texts=["x"], level="explicit", actor=consultant)
    meanwhile(map_edits, "undo", journey)
    answer = page.post(url("map-walk", journey, "undo"), headers=HTMX)
    assert answer.status_code == 409 and GONE in answer.content.decode()


@pytest.mark.parametrize("name", ["stage-create", "stage-part-create", "comments", "journey-copy"])
def test_forms_of_a_journey_that_goes_keep_what_was_typed(
    page: Client, journey: Journey, meanwhile: Meanwhile, name: str
) -> None:
    stage = journey.stages.get(key="S1")
    segment = make_segment(journey.programme, "pro")
    cases: dict[str, tuple[Any, str, list[Any]]] = {
        "stage-create": (map_building, "save_row", []),
        "stage-part-create": (stage_parts, "save_row", ["S1", "needs"]),
        "comments": (commenting, "write_comment", ["stages", stage.pk]),
        "journey-copy": (journey_views, "copy_journey", []),
    }
    module, use_case, args = cases[name]
    meanwhile(module, use_case, journey)
    data = {"name": "Mine", "phase": "before", "criticality": 1, "reach_bp": "100", "version": 0}
    data |= {"text": "Mine", "level": "explicit", "segment": segment.pk}
    answer = page.post(url(name, journey, *args), data)
    body = answer.content.decode()
    assert answer.status_code in (409, 422) and GONE in body and "Mine" in body
    assert not Journey.objects.exists() and not Need.objects.exists()


@pytest.mark.parametrize(
    ("module", "use_case", "name"),
    [
        (snapshots, "take_snapshot", "snapshot-list"),
        (journey_views, "delete_row", "journey-delete"),
    ],
)
def test_what_is_for_the_journey_itself_finds_nothing(
    page: Client,
    journey: Journey,
    meanwhile: Meanwhile,
    module: Any,
    use_case: str,
    name: str,
) -> None:
    meanwhile(module, use_case, journey)
    data = {"name": "after workshop 1", "typed": journey.key}
    answer = page.post(url(name, journey), data)
    assert answer.status_code == (404 if name == "snapshot-list" else 302)
