"""The part of a programme bundle that steps 1 and 2 own: perimeter, journeys, stages.

Dictionaries have the shape of `cxplan/schema/programme.schema.json`, which the caller has checked;
here come the rules a schema can't say, the writing of rows, and the reading back in a fixed order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from journeys.keys import NO_WAVE_KEYS
from journeys.models import (
    Channel,
    Choice,
    Criterion,
    Journey,
    Location,
    Method,
    Need,
    Programme,
    Segment,
    Stage,
    Touchpoint,
    Wave,
)
from journeys.models.journey import Criticality
from journeys.ordering import in_phase_order

Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BundleError:
    """One thing that is wrong with a bundle; `path` is a JSON pointer into it, "/" the whole."""

    path: str
    detail: str

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class UnacceptableBundle(Exception):
    """A bundle that can't be loaded; `errors` has every reason found."""

    def __init__(self, errors: Sequence[BundleError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = list(errors)


# --- rules -----------------------------------------------------------------------------------
def find_repeated(rows: Sequence[Part], name: str, path: str) -> Iterator[BundleError]:
    """Each row whose `name` an earlier row has already."""
    seen: set[object] = set()
    for index, row in enumerate(rows):
        if row[name] in seen:
            yield BundleError(f"{path}/{index}/{name}", f"{row[name]!r} is used twice.")
        seen.add(row[name])


def find_unknown(
    value: object, known: Collection[object], path: str, what: str
) -> Iterator[BundleError]:
    """An error where `value` is neither None nor one of `known`."""
    if value is not None and value not in known:
        yield BundleError(path, f"No {what} of the bundle has the name {value!r}.")


def find_errors(bundle: Part) -> Iterator[BundleError]:
    """What is wrong with perimeter and journeys: repeated keys, unknown references, waves."""
    for name, key in (
        ("waves", "key"),
        ("channels", "key"),
        ("locations", "code"),
        ("segments", "key"),
        ("journeys", "key"),
    ):
        yield from find_repeated(bundle.get(name, []), key, f"/{name}")
    yield from _find_wave_errors(bundle.get("waves", []))
    channels = {channel["key"] for channel in bundle["channels"]}
    for index, segment in enumerate(bundle["segments"]):
        path = f"/segments/{index}/preferred_channels"
        for place, channel in enumerate(segment["preferred_channels"]):
            yield from find_unknown(channel, channels, f"{path}/{place}", "channel")
    segments = {segment["key"] for segment in bundle["segments"]}
    for index, journey in enumerate(bundle["journeys"]):
        path = f"/journeys/{index}"
        yield from find_unknown(journey["segment"], segments, f"{path}/segment", "segment")
        yield from _find_stage_errors(journey["stages"], channels, f"{path}/stages")


def _find_wave_errors(waves: Sequence[Part]) -> Iterator[BundleError]:
    for index, wave in enumerate(waves):
        if wave["key"] in NO_WAVE_KEYS:
            yield BundleError(
                f"/waves/{index}/key", f"{wave['key']!r} means all months: no wave has this key."
            )
        if wave["from"] > wave["to"]:
            yield BundleError(f"/waves/{index}/to", "The last month is before the first.")
        for other in waves[:index]:
            if wave["from"] <= other["to"] and other["from"] <= wave["to"]:
                detail = f"This wave overlaps the wave {other['key']!r}."
                yield BundleError(f"/waves/{index}/from", detail)


def _find_stage_errors(
    stages: Sequence[Part], channels: Collection[str], path: str
) -> Iterator[BundleError]:
    yield from find_repeated(stages, "key", path)
    seen: set[str] = set()
    for index, stage in enumerate(stages):
        for place, touchpoint in enumerate(stage["touchpoints"]):
            here = f"{path}/{index}/touchpoints/{place}"
            yield from find_unknown(touchpoint["channel"], channels, f"{here}/channel", "channel")
            if touchpoint["key"] in seen:
                detail = f"{touchpoint['key']!r} is used twice in this journey."
                yield BundleError(f"{here}/key", detail)
            seen.add(touchpoint["key"])


# --- in --------------------------------------------------------------------------------------
@transaction.atomic
def create_programme(*, bundle: Part, slug: str) -> Programme:
    """The programme with its perimeter and journeys, from a bundle without errors."""
    programme = Programme.objects.create(**{**bundle["programme"], "slug": slug})
    for wave in bundle.get("waves", []):
        Wave.objects.create(
            programme=programme,
            key=wave["key"],
            name=wave["name"],
            first_month=wave["from"],
            last_month=wave["to"],
        )
    Location.objects.bulk_create(
        Location(programme=programme, **location) for location in bundle["locations"]
    )
    channels = {
        channel["key"]: Channel.objects.create(programme=programme, position=position, **channel)
        for position, channel in enumerate(bundle["channels"])
    }
    segments = {
        segment["key"]: _create_segment(programme, position, segment, channels)
        for position, segment in enumerate(bundle["segments"])
    }
    for position, part in enumerate(bundle["journeys"]):
        journey = Journey.objects.create(
            programme=programme,
            segment=segments[part["segment"]],
            key=part["key"],
            name=part["name"],
            position=position,
        )
        create_stages(journey, part["stages"], channels)
    return programme


def _create_segment(
    programme: Programme, position: int, part: Part, channels: Mapping[str, Channel]
) -> Segment:
    facts = {key: value for key, value in part.items() if key != "preferred_channels"}
    segment = Segment.objects.create(programme=programme, position=position, **facts)
    segment.preferred_channels.set([channels[key] for key in part["preferred_channels"]])
    return segment


def create_stages(journey: Journey, parts: Sequence[Part], channels: Mapping[str, Channel]) -> None:
    """Stages in phase order, each with what happens in it."""
    by_key = {part["key"]: part for part in parts}
    stages = in_phase_order([Stage(journey=journey, **stage_facts(part)) for part in parts])
    for position, stage in enumerate(stages):
        stage.position = position
    Stage.objects.bulk_create(stages)
    for stage in stages:
        part = by_key[stage.key]
        Touchpoint.objects.bulk_create(
            Touchpoint(
                stage=stage,
                journey=journey,
                position=position,
                **{**touchpoint, "channel": channels[touchpoint["channel"]]},
            )
            for position, touchpoint in enumerate(part["touchpoints"])
        )
        Need.objects.bulk_create(
            Need(stage=stage, position=position, **need)
            for position, need in enumerate(part["needs"])
        )
        for position, choice in enumerate(part["choices"]):
            row = Choice.objects.create(stage=stage, position=position, question=choice["question"])
            Criterion.objects.bulk_create(
                Criterion(choice=row, position=place, text=text)
                for place, text in enumerate(choice["criteria"])
            )


def stage_facts(part: Part) -> Part:
    """The columns of a stage that its part of a bundle gives."""
    facts = {name: part[name] for name in ("key", "name", "phase", "criticality", "reach_bp")}
    if part["moment_of_truth"]:
        facts["criticality"] = Criticality.MOMENT_OF_TRUTH.value
    return {**facts, "in_perimeter": part.get("in_perimeter", True)}


# --- out -------------------------------------------------------------------------------------
def programme_part(programme: Programme) -> Part:
    """The bundle from `programme` to `segments`, every default written out."""
    return {
        "programme": {
            **_facts(programme, "slug", "name", "brand", "language", "ambition"),
            # PostgreSQL keeps no order in an object: the methods' own is taken.
            "method_weights": {
                method: programme.method_weights[method]
                for method in Method.values
                if method in programme.method_weights
            },
        },
        "waves": [
            {"key": wave.key, "name": wave.name, "from": wave.first_month, "to": wave.last_month}
            for wave in programme.waves.all()
        ],
        "channels": [channel_part(channel) for channel in programme.channels.all()],
        "locations": [
            _facts(location, "code", "name", "region", "share_bp")
            for location in programme.locations.all()
        ],
        "segments": [
            {
                **_facts(segment, "key", "name", "expectations"),
                "preferred_channels": [one.key for one in segment.preferred_channels.all()],
                "in_perimeter": segment.in_perimeter,
            }
            for segment in programme.segments.prefetch_related("preferred_channels")
        ],
    }


def channel_part(channel: Channel) -> Part:
    return _facts(channel, "key", "name", "family", "medium", "in_perimeter")


def journey_parts(programme: Programme) -> list[Part]:
    """The journeys in order, without their frameworks."""
    journeys = Journey.objects.filter(programme=programme).for_map()
    return [journey_part(journey) for journey in journeys]


def journey_part(journey: Journey) -> Part:
    """One journey loaded by `for_map()`, without its frameworks."""
    return {
        "key": journey.key,
        "segment": journey.segment.key,
        "name": journey.name,
        "stages": [_stage_part(stage) for stage in journey.stages.all()],
    }


def _stage_part(stage: Stage) -> Part:
    return {
        **_facts(stage, "key", "name", "phase", "in_perimeter", "criticality"),
        "moment_of_truth": stage.is_moment_of_truth,
        "reach_bp": stage.reach_bp,
        "touchpoints": [
            {
                **_facts(touchpoint, "key", "name"),
                "channel": touchpoint.channel.key,
                **_facts(touchpoint, "nature", "initiative", "customer_action", "criticality"),
            }
            for touchpoint in stage.touchpoints.all()
        ],
        "needs": [_facts(need, "text", "level") for need in stage.needs.all()],
        "choices": [
            {
                "question": choice.question,
                "criteria": [criterion.text for criterion in choice.criteria.all()],
            }
            for choice in stage.choices.all()
        ],
    }


def _facts(row: object, *names: str) -> Part:
    return {name: getattr(row, name) for name in names}
