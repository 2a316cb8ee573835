"""The segment's preferred channels, stage by stage: to think of, never counted as missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from journeys.models import Channel, Journey, Programme, Stage
from journeys.tests.factories import make_channel, make_touchpoint
from journeys.tests.test_checklist import complete
from journeys.tests.test_journey_map import page_of

ClientOf = Callable[[User], Client]
SENTENCE = "preferred channels of “Families” without a touchpoint"


@pytest.fixture
def preferring(programme: Programme, journey: Journey) -> Journey:
    """Complete, but for stage S1, which lacks the shop that families prefer; S3 is outside."""
    complete(journey)
    app, shop = (make_channel(programme, key, name=key.title()) for key in ("app", "shop"))
    fax = make_channel(programme, "fax", name="Fax", in_perimeter=False)
    journey.segment.name = "Families"
    journey.segment.save()
    journey.segment.preferred_channels.set([app, shop, fax])
    first, second, third = journey.stages.all()
    make_touchpoint(first, "a", channel=app)
    make_touchpoint(second, "b", channel=app)
    make_touchpoint(second, "c", channel=shop)
    Stage.objects.filter(pk=third.pk).update(in_perimeter=False)
    Stage.objects.filter(pk=second.pk).update(phase="after")
    return journey


def missing_of(client: Client, journey: Journey) -> str:
    address = reverse("journeys:map-missing", args=[journey.programme.slug, journey.key])
    return " ".join(client.get(address).content.decode().split())


def test_a_stage_names_the_channels_that_it_lacks(
    executive: User, client_of: ClientOf, preferring: Journey
) -> None:
    page = missing_of(client_of(executive), preferring)
    assert SENTENCE in page and "<span>Stage S1: Shop</span>" in page
    assert "Stage S2:" not in page and "Stage S3:" not in page and "Fax" not in page


def test_several_stand_in_one_line_of_their_stage(
    executive: User, client_of: ClientOf, preferring: Journey
) -> None:
    preferring.touchpoints.filter(key="a").delete()
    assert "<span>Stage S1: App, Shop</span>" in missing_of(client_of(executive), preferring)


def test_it_is_no_question_of_the_contract(
    executive: User, client_of: ClientOf, preferring: Journey
) -> None:
    client = client_of(executive)
    page = missing_of(client, preferring)
    # The phase left over alone; nothing is missing once it is told, and the hint still stands.
    assert 'id="missing-count" hx-swap-oob="true">1</span>' in page
    Stage.objects.filter(journey=preferring, key="S3").update(in_perimeter=True, phase="during")
    page = missing_of(client, preferring)
    assert "Nothing: the map holds what the perimeter names." in page
    assert page.index("Nothing: the map holds") < page.index(SENTENCE)
    assert 'id="missing-count" hx-swap-oob="true">0</span>' in page
    assert SENTENCE in page_of(client, preferring)


def test_nothing_is_asked_without_preferences_nor_outside_the_perimeter(
    executive: User, client_of: ClientOf, preferring: Journey
) -> None:
    client, segment = client_of(executive), preferring.segment
    segment.in_perimeter = False
    segment.save()
    assert "To think of" not in missing_of(client, preferring)
    segment.in_perimeter = True
    segment.save()
    segment.preferred_channels.clear()
    assert "To think of" not in missing_of(client, preferring)


def test_it_leads_to_a_touchpoint_in_that_channel(
    consultant: User, client_of: ClientOf, preferring: Journey
) -> None:
    client = client_of(consultant)
    here = [preferring.programme.slug, preferring.key, "S1", "touchpoints"]
    create = reverse("journeys:stage-part-create", args=here)
    assert f'href="{create}?channel=shop">Stage S1: Shop</a>' in missing_of(client, preferring)
    shop = Channel.objects.get(key="shop")
    chosen = f'<option value="{shop.pk}" selected>'
    assert chosen in client.get(f"{create}?channel=shop").content.decode()
    for nonsense in ("", "?channel=", "?channel=nobody"):
        answer = client.get(create + nonsense)
        assert answer.status_code == 200 and chosen not in answer.content.decode()
