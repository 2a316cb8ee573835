"""The published schema says what the models hold: the same names, and no text too long for them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models
from jsonschema import Draft202012Validator

from cxplan.bundle_schema import bundle_schema, find_shape_errors
from cxplan.demo.story import demo_observations
from cxplan.demo_programme import demo_bundle
from cxplan.tests.bundles import EX1, NASTY, read
from journeys.models import (
    Channel,
    Journey,
    Location,
    Method,
    Programme,
    Segment,
    Stage,
    Touchpoint,
    Wave,
)
from journeys.models.journey import Need
from observations.documents import FIELDS, MAX_COMMENT, MAX_MEDIA, MAX_NOTE
from scoring.models import Framework, Interaction, ResponseLevel

DEFINITIONS: dict[str, Any] = bundle_schema()["$defs"]
ROWS: list[tuple[str, type[models.Model]]] = [
    ("programme", Programme),
    ("wave", Wave),
    ("channel", Channel),
    ("location", Location),
    ("segment", Segment),
    ("journey", Journey),
    ("stage", Stage),
    ("touchpoint", Touchpoint),
    ("framework", Framework),
    ("interaction", Interaction),
]


def resolved(facts: dict[str, Any]) -> dict[str, Any]:
    name = facts.get("$ref", "").rpartition("/")[2]
    return DEFINITIONS[name] if name else facts


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(bundle_schema())


def test_no_object_of_known_keys_takes_others() -> None:
    objects = [one for one in DEFINITIONS.values() if "properties" in one]
    assert len(objects) == 12
    assert all(one["additionalProperties"] is False for one in [bundle_schema(), *objects])


@pytest.mark.parametrize(("name", "model"), ROWS, ids=[name for name, _model in ROWS])
def test_texts_fit_their_columns(name: str, model: type[models.Model]) -> None:
    checked = 0
    for field in model._meta.get_fields():
        facts = resolved(DEFINITIONS[name]["properties"].get(field.name, {}))
        if isinstance(field, (models.CharField, models.TextField)) and "maxLength" in facts:
            assert facts["maxLength"] == field.max_length, field.name
            checked += 1
    assert checked or name == "framework"


@pytest.mark.parametrize(
    ("place", "values"),
    [
        (DEFINITIONS["method"], Method.values),
        (DEFINITIONS["programme"]["properties"]["language"], Programme.Language.values),
        (DEFINITIONS["channel"]["properties"]["family"], Channel.Family.values),
        (DEFINITIONS["channel"]["properties"]["medium"], Channel.Medium.values),
        (DEFINITIONS["stage"]["properties"]["phase"], Stage.Phase.values),
        (DEFINITIONS["touchpoint"]["properties"]["nature"], Touchpoint.Nature.values),
        (DEFINITIONS["touchpoint"]["properties"]["initiative"], Touchpoint.Initiative.values),
        (
            DEFINITIONS["stage"]["properties"]["needs"]["items"]["properties"]["level"],
            Need.Level.values,
        ),
        (DEFINITIONS["framework"]["properties"]["status"], Framework.Status.values),
        (DEFINITIONS["interaction"]["properties"]["kind"], Interaction.Kind.values),
        (DEFINITIONS["interaction"]["properties"]["benefit"], Interaction.Benefit.values),
    ],
)
def test_choices_are_the_models(place: dict[str, Any], values: list[str]) -> None:
    assert sorted(place["enum"]) == sorted(values)


def test_an_observation_is_what_the_door_takes() -> None:
    observation = DEFINITIONS["observation"]["properties"]
    # A bundle holds what stands now: there is no revision to base another on.
    assert set(observation) == set(FIELDS) - {"base_revision"}
    assert observation["notes"]["additionalProperties"]["maxLength"] == MAX_NOTE
    assert observation["comment"]["maxLength"] == MAX_COMMENT
    assert observation["media"]["maxItems"] == MAX_MEDIA
    level = DEFINITIONS["interaction"]["properties"]["levels"]["items"]["properties"]["label"]
    assert level["maxLength"] == ResponseLevel._meta.get_field("label").max_length


def test_what_is_delivered_is_valid() -> None:
    for document in (read(EX1), read(NASTY), demo_bundle("en"), demo_bundle("fr")):
        assert list(find_shape_errors(document)) == []
    demo = demo_bundle("fr")
    assert not list(find_shape_errors({**demo, "observations": demo_observations(demo)}))
