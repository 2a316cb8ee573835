"""The perimeter as a contract: what it names and the maps don't hold, each with its way."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from journeys.checklist import (
    journey_missing,
    journeys_missing,
    programme_missing,
    programme_rows,
)
from journeys.models import Journey, Programme, Stage
from journeys.tests.factories import (
    make_channel,
    make_journey,
    make_segment,
    make_stage,
    make_touchpoint,
)
from journeys.tests.test_journey_map import page_of

ClientOf = Callable[[User], Client]


def asked(journey: Journey) -> dict[str, list[str]]:
    journey = Journey.objects.for_map().get(pk=journey.pk)
    programme = journey.programme
    found = journey_missing(journey, programme.channels.all(), programme)
    return {one.key: [way.name for way in one.ways] for one in found}


def complete(journey: Journey) -> None:
    """Three phases, a moment of truth, something of each kind in every stage, every channel used."""
    for number, phase in enumerate(("before", "during", "after")):
        Stage.objects.filter(pk=journey.stages.all()[number].pk).update(phase=phase)
    journey.stages.filter(key="S2").update(criticality=3)
    for stage in journey.stages.all():
        stage.needs.create(text="be quick")
        stage.choices.create(question="Which?")
        if not stage.touchpoints.exists():
            make_touchpoint(stage)
    used = journey.touchpoints.values("channel")
    journey.programme.channels.exclude(pk__in=used).delete()


def test_a_complete_map_lacks_nothing(journey: Journey) -> None:
    complete(journey)
    assert asked(journey) == {}


def test_phases_stages_and_moments_of_truth(journey: Journey) -> None:
    complete(journey)
    first, second, third = journey.stages.all()
    Stage.objects.filter(pk=first.pk).update(phase="during")
    Stage.objects.filter(pk=second.pk).update(criticality=2)
    second.needs.all().delete()
    third.choices.all().delete()
    third.touchpoints.all().delete()
    found = asked(journey)
    assert found["phases"] == ["Before"]
    assert (found["needs"], found["choices"]) == (["Stage S2"], ["Stage S3"])
    assert found["touchpoints"] == ["Stage S3"]
    assert found["truth"] == ["Stage S1", "Stage S2", "Stage S3"]


def test_channels_unused_and_touchpoints_astray(journey: Journey) -> None:
    complete(journey)
    make_channel(journey.programme, "app", name="Our app")
    make_channel(journey.programme, "telex", in_perimeter=False)
    out = make_channel(journey.programme, "fax", name="Fax", in_perimeter=False)
    make_touchpoint(journey.stages.get(key="S1"), name="Order form", channel=out)
    assert asked(journey) == {"unused": ["Our app"], "stray": ["Order form (Fax)"]}


def test_nothing_is_asked_outside_the_perimeter(journey: Journey) -> None:
    complete(journey)
    make_stage(journey, "S4", in_perimeter=False)
    assert asked(journey) == {}
    Stage.objects.filter(journey=journey, key="S1").update(in_perimeter=False)
    assert asked(journey)["phases"] == ["Before"]
    journey.segment.in_perimeter = False
    journey.segment.save()
    assert asked(journey) == {}
    assert journeys_missing(programme_rows(journey.programme)) == []


def test_segments_without_a_journey_and_channels_nobody_uses(
    programme: Programme, journey: Journey
) -> None:
    complete(journey)
    make_segment(programme, "pro", name="Professionals")
    make_segment(programme, "press", name="Press", in_perimeter=False)
    make_channel(programme, "app", name="Our app")
    found = {one.key: one.ways for one in programme_missing(programme_rows(programme))}
    (segment,), (channel,) = found["segments"], found["channels"]
    assert segment.name == "Professionals"
    assert segment.url == reverse("journeys:journey-create", args=[programme.slug]) + "?segment=pro"
    assert channel.name == "Our app"


def test_every_way_leads_to_a_page(
    consultant: User, client_of: ClientOf, programme: Programme, journey: Journey
) -> None:
    make_segment(programme, "pro")
    out = make_channel(programme, "fax", in_perimeter=False)
    make_channel(programme, "app")
    make_touchpoint(journey.stages.get(key="S1"), channel=out)
    contract = programme_rows(programme)
    lists = [programme_missing(contract), *(one.missing for one in journeys_missing(contract))]
    ways = [way for found in lists for one in found for way in one.ways]
    assert len(ways) > 8
    client = client_of(consultant)
    for address in {way.url for way in ways}:
        assert client.get(address).status_code == 200, address


def test_the_lists_stand_on_both_pages_and_link_for_editors_alone(
    consultant: User, executive: User, client_of: ClientOf, journey: Journey
) -> None:
    create = reverse("journeys:stage-create", args=[journey.programme.slug, journey.key])
    link = f'href="{create}?phase=before"'
    page = page_of(client_of(consultant), journey)
    assert "Phases without a stage" in page and link in page
    read = page_of(client_of(executive), journey)
    assert "Phases without a stage" in read and link not in read
    listing = reverse("journeys:journey-list", args=[journey.programme.slug])
    page = client_of(executive).get(listing).content.decode()
    assert "What the perimeter still asks for" in page and "Phases without a stage (2)" in page
    fresh = reverse("journeys:map-missing", args=[journey.programme.slug, journey.key])
    part = client_of(consultant).get(fresh, headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith("<ul") and link in part and 'id="missing-count"' in part


def test_the_list_costs_as_many_queries_for_many_journeys(
    consultant: User, client_of: ClientOf, programme: Programme, journey: Journey
) -> None:
    client = client_of(consultant)
    listing = reverse("journeys:journey-list", args=[programme.slug])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(listing).status_code == 200
        return len(queries)

    count()
    before = count()
    for number in range(3):
        segment = make_segment(programme, f"segment-{number}")
        another = make_journey(programme, f"journey-{number}", stages=3, segment=segment)
        for stage in another.stages.all():
            make_touchpoint(stage, channel=make_channel(programme, f"{number}-{stage.key}"))
            stage.needs.create(text="be quick")
            stage.choices.create(question="Which?")
    assert count() == before
