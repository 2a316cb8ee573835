"""A segment that somebody deletes while another draws a journey for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Channel, Journey, Segment
from journeys.tests.factories import make_segment
from journeys.tests.meanwhile import Meanwhile
from journeys.views import journeys as journey_views
from journeys.views import reuse

pytestmark = pytest.mark.django_db(transaction=True)
ClientOf = Callable[[User], Client]
NO_SEGMENT = "The segment “Pros” has been deleted since. Nothing was saved."
CASES = [
    (journey_views, "draw_journey", "journey-create", []),
    (journey_views, "copy_journey", "journey-copy", ["couples"]),
    (reuse, "draw_from_template", "journey-from-template", ["garage-bill"]),
]


@pytest.fixture
def page(consultant: User, client_of: ClientOf) -> Client:
    return client_of(consultant)


@pytest.fixture
def pros(journey: Journey) -> Segment:
    return make_segment(journey.programme, "pros", name="Pros")


@pytest.fixture
def meanwhile(journey: Journey, lead: User, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(monkeypatch, journey.programme, lead)


@pytest.mark.parametrize(("module", "use_case", "name", "args"), CASES)
def test_a_journey_for_a_segment_that_goes_is_not_drawn_and_its_name_is_kept(
    page: Client,
    journey: Journey,
    pros: Segment,
    meanwhile: Meanwhile,
    module: Any,
    use_case: str,
    name: str,
    args: list[str],
) -> None:
    Journey.objects.update(key="couples")
    channels = list(Channel.objects.all())
    meanwhile(module, use_case, pros)
    address = reverse(f"journeys:{name}", args=[journey.programme.slug, *args])
    answer = page.post(address, {"name": "Mine", "segment": pros.pk})
    body = answer.content.decode()
    assert answer.status_code == 422 and NO_SEGMENT in body and 'value="Mine"' in body
    assert f'<option value="{pros.pk}"' not in body
    assert Journey.objects.get() == journey and list(Channel.objects.all()) == channels


@pytest.mark.parametrize(
    ("module", "use_case", "name", "args"), [each for each in CASES if each[2] != "journey-copy"]
)
def test_the_last_segment_that_goes_is_told_as_well(
    page: Client,
    journey: Journey,
    pros: Segment,
    meanwhile: Meanwhile,
    module: Any,
    use_case: str,
    name: str,
    args: list[str],
) -> None:
    journey.delete()
    Segment.objects.exclude(pk=pros.pk).delete()
    meanwhile(module, use_case, pros)
    address = reverse(f"journeys:{name}", args=[journey.programme.slug, *args])
    answer = page.post(address, {"name": "Mine", "segment": pros.pk})
    body = answer.content.decode()
    assert answer.status_code == 422 and NO_SEGMENT in body and 'value="Mine"' in body
    assert not Journey.objects.exists()
