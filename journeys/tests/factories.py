"""Plain makers of rows for tests: say what matters to the test, get the rest."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from journeys.models import (
    Channel,
    Journey,
    Location,
    Membership,
    Programme,
    Segment,
    Stage,
    Touchpoint,
    Wave,
)

_numbers = count(1)


def make_user(name: str = "", **fields: Any) -> User:
    name = name or f"Person {next(_numbers)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@example.com")
    return User.objects.create_user(email, name=name, **fields)


def make_programme(slug: str = "", **fields: Any) -> Programme:
    slug = slug or f"programme-{next(_numbers)}"
    fields.setdefault("name", slug.replace("-", " ").capitalize())
    return Programme.objects.create(slug=slug, **fields)


def make_member(
    programme: Programme, role: str, user: User | None = None, locations: Any = (), **fields: Any
) -> User:
    user = user or make_user()
    membership = Membership.objects.create(programme=programme, user=user, role=role, **fields)
    membership.locations.set(locations)
    return user


def make_channel(programme: Programme, key: str = "store", **fields: Any) -> Channel:
    fields.setdefault("name", key.capitalize())
    fields.setdefault("family", Channel.Family.FACE_TO_FACE)
    return Channel.objects.create(programme=programme, key=key, **fields)


def make_location(programme: Programme, code: str = "PAR1", **fields: Any) -> Location:
    fields.setdefault("name", code)
    return Location.objects.create(programme=programme, code=code, **fields)


def make_segment(programme: Programme, key: str = "family", **fields: Any) -> Segment:
    fields.setdefault("name", key.capitalize())
    return Segment.objects.create(programme=programme, key=key, **fields)


def make_wave(programme: Programme, key: str = "W1", **fields: Any) -> Wave:
    fields.setdefault("name", key)
    fields.setdefault("first_month", "2026-03")
    fields.setdefault("last_month", "2026-05")
    return Wave.objects.create(programme=programme, key=key, **fields)


def make_journey(
    programme: Programme, key: str = "family-store", *, stages: int = 0, **fields: Any
) -> Journey:
    """A journey with `stages` stages S1, S2, ... in the DURING phase."""
    fields.setdefault("name", key.replace("-", " ").capitalize())
    segment = fields.pop("segment", None) or Segment.objects.filter(programme=programme).first()
    segment = segment or make_segment(programme)
    journey = Journey.objects.create(programme=programme, key=key, segment=segment, **fields)
    for number in range(1, stages + 1):
        make_stage(journey, f"S{number}")
    return journey


def make_stage(journey: Journey, key: str = "S1", **fields: Any) -> Stage:
    fields.setdefault("name", f"Stage {key}")
    fields.setdefault("position", journey.stages.count())
    return Stage.objects.create(journey=journey, key=key, **fields)


def make_touchpoint(stage: Stage, key: str = "", **fields: Any) -> Touchpoint:
    key = key or f"t{next(_numbers)}"
    channel = fields.pop("channel", None)
    if channel is None:
        programme = stage.journey.programme
        channel = Channel.objects.filter(programme=programme).first() or make_channel(programme)
    fields.setdefault("name", key)
    return Touchpoint.objects.create(
        stage=stage, journey=stage.journey, key=key, channel=channel, **fields
    )
