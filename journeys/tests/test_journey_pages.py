"""Journeys: one or more a segment, copied, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from journeys.copying import copy_journey
from journeys.models import Journey, Programme
from journeys.tests.factories import make_segment
from journeys.tests.pages import url


@pytest.fixture
def page(client_of: Callable[[User], Client], consultant: User) -> Client:
    return client_of(consultant)


def test_a_segment_without_a_journey_is_named(page: Client, programme: Programme) -> None:
    make_segment(programme, "couples")
    make_segment(programme, "tourists", in_perimeter=False)
    text = page.get(url("journey-list")).content.decode()
    assert "Couples: this segment has no journey yet." in text
    assert "?segment=couples" in text
    assert "?segment=tourists" not in text


def test_a_journey_is_drawn_for_its_segment(page: Client, programme: Programme) -> None:
    segment = make_segment(programme, "couples")
    form = page.get(url("journey-create") + "?segment=couples").context["form"]
    assert form["segment"].value() == segment.pk
    answer = page.post(url("journey-create"), {"name": "Couples in store", "segment": segment.pk})
    assert answer["Location"] == url("journey-map", "couples-in-store")
    assert programme.journeys.get(key="couples-in-store").position == 1


def test_a_segment_of_another_programme_is_no_choice(page: Client, programme: Programme) -> None:
    foreign = make_segment(Programme.objects.create(slug="other", name="Other"))
    answer = page.post(url("journey-create"), {"name": "X", "segment": foreign.pk})
    assert answer.status_code == 422
    assert "segment" in answer.context["form"].errors


def test_renaming_keeps_the_key(page: Client, journey: Journey) -> None:
    page.post(url("journey-edit", "family-store"), {"name": "New name", "key": "new"})
    journey.refresh_from_db()
    assert (journey.key, journey.name) == ("family-store", "New name")


def test_a_copy_keeps_the_keys_of_the_stages(
    page: Client, programme: Programme, journey: Journey
) -> None:
    segment = make_segment(programme, "couples")
    data = {"name": "Family store", "segment": segment.pk}
    page.post(url("journey-copy", "family-store"), data)
    copy = segment.journeys.get()
    assert copy.key == "family-store-2"
    assert list(copy.stages.values_list("key", flat=True)) == ["S1", "S2", "S3"]
    same = page.post(url("journey-copy", "family-store"), {"name": "X", "segment": 0})
    assert same.status_code == 422


def test_a_copy_maps_old_rows_to_new_ones(
    programme: Programme, journey: Journey, lead: User
) -> None:
    segment = make_segment(programme, "couples")
    copied = copy_journey(source=journey, segment=segment, name="Copy", actor=lead)
    for stage in journey.stages.all():
        assert copied.stages[stage.pk].key == stage.key
        assert copied.stages[stage.pk].journey == copied.journey
        touchpoint = stage.touchpoints.get()
        assert copied.touchpoints[touchpoint.pk].stage == copied.stages[stage.pk]
