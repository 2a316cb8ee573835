"""A journey or a channel that somebody deletes, on a connection of their own, while another saves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys import commenting, library, map_building, map_edits
from journeys.deleting import delete_row
from journeys.models import Channel, Journey, Need, Stage, Touchpoint
from journeys.tests.factories import make_channel, make_journey, make_segment, make_touchpoint
from journeys.views import journeys as journey_views
from journeys.views import reuse, snapshots, stage_parts

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
GONE = "The journey “Family store” has been deleted since. Nothing was saved."
NO_CHANNEL = "The channel “App” has been deleted since. Nothing was saved."


def elsewhere(work: Callable[[], object]) -> None:
    """On a connection of its own, and done before this one goes on."""
    done: list[bool] = []

    def run() -> None:
        try:
            work()
            done.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert done


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def app(journey: Journey) -> Channel:
    return make_channel(journey.programme, "app", name="App")


@pytest.fixture
def meanwhile(
    journey: Journey, lead: User, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Any, str, Any], None]:
    """`meanwhile(module, name, row)`: as `name` begins, after all was checked, `row` goes."""

    def prepare(module: Any, name: str, row: Any) -> None:
        use_case = getattr(module, name)

        def overtaken(**given: Any) -> Any:
            elsewhere(lambda: delete_row(row=row, programme=journey.programme, actor=lead))
            return use_case(**given)

        monkeypatch.setattr(module, name, overtaken)

    return prepare


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
    meanwhile: Callable[..., None],
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
    page: Client, journey: Journey, consultant: User, meanwhile: Callable[..., None]
) -> None:
    stage = journey.stages.get(key="S1")
    map_building.add_needs(stage=stage, texts=["x"], level="explicit", actor=consultant)
    meanwhile(map_edits, "undo", journey)
    answer = page.post(url("map-walk", journey, "undo"), headers=HTMX)
    assert answer.status_code == 409 and GONE in answer.content.decode()


@pytest.mark.parametrize("name", ["stage-create", "stage-part-create", "comments", "journey-copy"])
def test_forms_of_a_journey_that_goes_keep_what_was_typed(
    page: Client, journey: Journey, meanwhile: Callable[..., None], name: str
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
    meanwhile: Callable[..., None],
    module: Any,
    use_case: str,
    name: str,
) -> None:
    meanwhile(module, use_case, journey)
    data = {"name": "after workshop 1", "typed": journey.key}
    answer = page.post(url(name, journey), data)
    assert answer.status_code == (404 if name == "snapshot-list" else 302)


@pytest.mark.parametrize(
    ("name", "use_case"),
    [
        ("part-lines", "add_touchpoints"),
        ("row-field", "save_row"),
        ("touchpoints-channel", "set_channel"),
        ("stage-part-create", "save_row"),
    ],
)
def test_a_channel_that_goes_is_told_and_nothing_is_stored(
    page: Client,
    journey: Journey,
    app: Channel,
    meanwhile: Callable[..., None],
    name: str,
    use_case: str,
) -> None:
    stage = journey.stages.get(key="S1")
    touchpoint = stage.touchpoints.get()
    args: dict[str, list[Any]] = {
        "part-lines": ["touchpoints", stage.pk],
        "row-field": ["touchpoints", touchpoint.pk, "channel"],
        "touchpoints-channel": [],
        "stage-part-create": ["S1", "touchpoints"],
    }
    is_page = name == "stage-part-create"
    meanwhile(stage_parts if is_page else map_building, use_case, app)
    data = {"lines": "Mine", "name": "Mine", "channel": app.pk, "row": touchpoint.pk, "version": 0}
    data |= {"initiative": "pull", "nature": "informative", "criticality": 1}
    answer = page.post(url(name, journey, *args[name]), data, headers={} if is_page else HTMX)
    body = answer.content.decode()
    assert answer.status_code == 409 and NO_CHANNEL in body
    assert not is_page or 'value="Mine"' in body
    assert Touchpoint.objects.count() == 3 and not Touchpoint.objects.filter(name="Mine").exists()
    touchpoint.refresh_from_db()
    assert touchpoint.channel.key == "store"


def test_a_library_stage_whose_channel_goes_is_not_added(
    page: Client,
    journey: Journey,
    app: Channel,
    lead: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make_journey(journey.programme, "other", segment=make_segment(journey.programme, "pro"))
    stage = other.stages.create(key="X", name="Elsewhere", phase="after")
    make_touchpoint(stage, "x", channel=app)
    add_from_library = library.add_from_library

    def goes() -> None:
        app.touchpoints.all().delete()
        delete_row(row=app, programme=journey.programme, actor=lead)

    def overtaken(*, stages: Any, **given: Any) -> Any:
        read = list(stages)
        elsewhere(goes)
        return add_from_library(stages=read, **given)

    monkeypatch.setattr(reuse, "add_from_library", overtaken)
    answer = page.post(url("stage-library", journey), {"stages": [stage.pk]})
    assert answer.status_code == 422 and NO_CHANNEL in answer.content.decode()
    assert not journey.stages.filter(key="X").exists()
