"""A channel that somebody deletes while another puts touchpoints into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys import library, map_building
from journeys.deleting import delete_row
from journeys.models import Channel, Journey, Touchpoint
from journeys.tests.factories import make_channel, make_journey, make_segment, make_touchpoint
from journeys.tests.meanwhile import Meanwhile, elsewhere
from journeys.views import reuse, stage_parts

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
NO_CHANNEL = "The channel “App” has been deleted since. Nothing was saved."


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def app(journey: Journey) -> Channel:
    return make_channel(journey.programme, "app", name="App")


@pytest.fixture
def meanwhile(journey: Journey, lead: User, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(monkeypatch, journey.programme, lead)


def url(name: str, journey: Journey, *args: object) -> str:
    return reverse(f"journeys:{name}", args=[journey.programme.slug, journey.key, *args])


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
    meanwhile: Meanwhile,
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


def test_a_template_whose_channel_goes_is_not_drawn_and_offers_what_is_left(
    page: Client, journey: Journey, meanwhile: Meanwhile
) -> None:
    desk = make_channel(journey.programme, "desk", name="App", family="face_to_face")
    segment = make_segment(journey.programme, "pro")
    meanwhile(reuse, "draw_from_template", desk)
    address = reverse(
        "journeys:journey-from-template", args=[journey.programme.slug, "garage-bill"]
    )
    data = {"name": "Mine", "segment": segment.pk, "channel_face_to_face": desk.pk}
    answer = page.post(address, data)
    body = answer.content.decode()
    assert answer.status_code == 422 and NO_CHANNEL in body and 'value="Mine"' in body
    assert f'<option value="{desk.pk}"' not in body
    assert Journey.objects.get() == journey
