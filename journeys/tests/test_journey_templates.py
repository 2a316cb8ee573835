"""The templates by sector: whole in both languages, and journeys when drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from journeys.comparing import compare
from journeys.journey_templates import FOLDER, family_channel, journey_templates
from journeys.map_bundle import numbered
from journeys.models import Channel, Journey, Programme
from journeys.tests.factories import make_channel
from journeys.tests.pages import url

ClientOf = Callable[[User], Client]
FILES = sorted(FOLDER.glob("*.json"))
KEYS = [
    "parcel-and-returns",
    "garage-bill",
    "hotel-check-in",
    "store-availability",
    "b2b-proposal",
    "transport-service",
    "taxi-by-telephone",
    "ride-by-app",
]


def texts(value: Any) -> Iterator[dict[str, str]]:
    if isinstance(value, dict) and "en" in value:
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


WORDS = {"name", "text", "question", "customer_action"}


def shape(value: Any) -> Any:
    """The same without its words: keys, codes and how many of everything."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items() if name not in WORDS}
    if isinstance(value, list | tuple):
        return len(value) if value and isinstance(value[0], str) else [shape(one) for one in value]
    return value


@pytest.mark.parametrize("language", Programme.Language.values)
def test_the_library_has_all_examples_of_the_method(language: str) -> None:
    assert [one.key for one in journey_templates(language)] == KEYS


@pytest.mark.parametrize("file", FILES, ids=[each.stem for each in FILES])
def test_each_text_is_said_in_both_languages(file: Any) -> None:
    said = list(texts(json.loads(file.read_text("utf-8"))))
    assert len(said) > 25
    for text in said:
        assert text.keys() == {"en", "fr"}
        assert all(each.strip() == each and each for each in text.values()), text
        assert not any(f" {sign}" in text["fr"] for sign in ":;?!»"), text
        assert "'" not in text["en"] + text["fr"], text


def test_both_languages_have_one_structure() -> None:
    english, french = (journey_templates(language) for language in ("en", "fr"))
    for one, other in zip(english, french, strict=True):
        assert shape(list(one.stages)) == shape(list(other.stages))
        assert one.name != other.name
        assert one.families == other.families


@pytest.mark.parametrize("key", KEYS)
def test_each_template_tells_a_whole_journey(key: str) -> None:
    (template,) = (one for one in journey_templates("en") if one.key == key)
    assert [*dict.fromkeys(one["phase"] for one in template.stages)] == [
        "before",
        "during",
        "after",
    ]
    assert any(one["moment_of_truth"] for one in template.stages)
    assert all(one["touchpoints"] and one["needs"] for one in template.stages)
    assert any(one["choices"] for one in template.stages)
    levels = {need["level"] for one in template.stages for need in one["needs"]}
    assert levels == {"explicit", "implicit"}


def test_taxi_and_app_compare_stage_by_stage() -> None:
    taxi, app = (one for one in journey_templates("en") if one.sector == "Taxi and ride")
    channels = [family_channel(family, "en") for family in Channel.Family.values]
    two = (numbered({"stages": each.stages}, channels) for each in (taxi, app))
    comparison = compare(*two)
    assert [one.key for one in comparison.stages] == [
        "search",
        "wait",
        "ride",
        "payment",
        "receipt",
    ]
    assert not any("added" in one.stage.marks for one in comparison.stages)
    assert comparison.counts["added"] and comparison.counts["removed"]


def test_an_unknown_language_speaks_english() -> None:
    assert journey_templates("xx") == journey_templates("en")


# --- drawn -----------------------------------------------------------------------------------
def form_of(journey: Journey, **more: Any) -> dict[str, Any]:
    return {"segment": journey.segment_id, "name": "Garage", "key": ""} | more


def test_channels_go_by_their_family_and_missing_ones_are_named(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    client = client_of(consultant)
    store = journey.programme.channels.get()
    page = client.get(url("journey-from-template", "garage-bill")).content.decode()
    assert f'<option value="{store.pk}" selected>Store</option>' in page
    assert '<option value="" selected>Add the channel “Call centre”</option>' in page
    answer = client.post(
        url("journey-from-template", "garage-bill"),
        form_of(journey, channel_face_to_face=store.pk),
    )
    assert answer.status_code == 302
    drawn = Journey.objects.get(key="garage")
    (template,) = (one for one in journey_templates("en") if one.key == "garage-bill")
    assert [one.key for one in drawn.stages.all()] == [one["key"] for one in template.stages]
    made = journey.programme.channels.exclude(pk=store.pk)
    assert {one.family for one in made} == set(template.families) - {"face_to_face"}
    assert {one.channel for one in drawn.touchpoints.filter(channel__family="face_to_face")} == {
        store
    }
    bill = drawn.stages.get(key="bill")
    assert bill.is_moment_of_truth and bill.needs.count() == 3
    choice = drawn.stages.get(key="repair").choices.get()
    assert [each.text for each in choice.criteria.all()] == ["safety", "price", "second opinion"]


def test_a_french_programme_gets_french_words(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    Programme.objects.update(language="fr")
    client_of(consultant).post(url("journey-from-template", "garage-bill"), form_of(journey))
    drawn = Journey.objects.get(key="garage")
    assert drawn.stages.get(key="bill").name == "Présentation de la facture"
    online = journey.programme.channels.get(family="online")
    assert online.name == "En ligne"


def test_a_key_that_is_taken_gives_way(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    make_channel(journey.programme, "call_centre", family="online")
    client_of(consultant).post(url("journey-from-template", "garage-bill"), form_of(journey))
    call = journey.programme.channels.get(family="call_centre")
    assert call.key == "call_centre-2"


@pytest.mark.parametrize("wrong", ["channel_face_to_face", "segment", "name"])
def test_what_is_wrong_draws_nothing(
    wrong: str, journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    online = make_channel(journey.programme, "web", family="online")
    bad = {"channel_face_to_face": online.pk, "segment": 0, "name": "x" * 121}[wrong]
    answer = client_of(consultant).post(
        url("journey-from-template", "garage-bill"), form_of(journey, **{wrong: bad})
    )
    assert answer.status_code == 422
    assert Journey.objects.count() == 1 and Channel.objects.count() == 2


def test_an_unknown_template_is_not_found(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    assert client_of(consultant).get(url("journey-from-template", "none")).status_code == 404


def test_the_page_of_a_new_journey_offers_all(
    journey: Journey, consultant: User, client_of: ClientOf
) -> None:
    page = client_of(consultant).get(url("journey-create")).content.decode()
    for key in KEYS:
        assert url("journey-from-template", key) in page
