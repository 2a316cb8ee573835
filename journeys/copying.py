"""Copies of a journey or of a programme, with the map from each old row to its new one.

What hangs on a journey to the right of this app follows by a registry: `scoring` registers the
copying of frameworks, which journeys may not import.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import User
from journeys.audit import record
from journeys.holding import hold_journey, hold_segment
from journeys.keys import free_key
from journeys.lifecycle import create_programme
from journeys.models import (
    Channel,
    Choice,
    Criterion,
    Journey,
    Location,
    Need,
    Programme,
    Segment,
    Stage,
    Touchpoint,
    Wave,
)


@dataclass(frozen=True, slots=True)
class JourneyCopy:
    """`stages` and `touchpoints` lead from the key of the source's row in the database to the new row."""

    journey: Journey
    stages: dict[int, Stage] = field(default_factory=dict)
    touchpoints: dict[int, Touchpoint] = field(default_factory=dict)


Copier = Callable[[Journey, JourneyCopy], None]

_copiers: list[Copier] = []


def register_copier(copier: Copier) -> None:
    """`copier(source, copied)` brings along what its app hangs on a journey, by the copy's maps."""
    if copier not in _copiers:
        _copiers.append(copier)


@dataclass(frozen=True, slots=True)
class ProgrammeCopy:
    """`journeys` leads from the key of the source's journey in the database to its copy."""

    programme: Programme
    channels: dict[int, Channel] = field(default_factory=dict)
    segments: dict[int, Segment] = field(default_factory=dict)
    journeys: dict[int, JourneyCopy] = field(default_factory=dict)


@transaction.atomic
def copy_journey(
    *,
    source: Journey,
    segment: Segment,
    name: str,
    key: str = "",
    actor: User,
    with_framework: bool = False,
    channels: Mapping[int, Channel] | None = None,
) -> JourneyCopy:
    """All of a journey's map for another segment, the keys of its stages kept.

    With its framework, what scores the journey comes along as a draft. Raises Overtaken where the
    source or the segment was deleted meanwhile.

    The same stage key in two journeys means the same stage, so the two can be compared. `channels`
    maps those of the source where the segment belongs to another programme.
    """
    hold_journey(source)
    hold_segment(segment)
    programme = segment.programme
    taken = set(programme.journeys.values_list("key", flat=True))
    journey = Journey.objects.create(
        programme=programme,
        segment=segment,
        key=key or free_key(name, taken, max_length=60),
        name=name,
        position=len(taken),
    )
    copied = JourneyCopy(journey)
    for stage in Journey.objects.for_map().get(pk=source.pk).stages.all():
        copied.stages[stage.pk] = copy_stage(stage, copied, channels or {})
    if with_framework:
        for copier in _copiers:
            copier(source, copied)
    record(
        programme=programme,
        actor=actor,
        verb="copied",
        subject=f"{Journey._meta.verbose_name} {journey}",
        changes={"source": [None, source.name]},
    )
    return copied


def copy_stage(
    stage: Stage,
    copied: JourneyCopy,
    channels: Mapping[int, Channel],
    taken: Collection[str] = (),
) -> Stage:
    """A stage loaded by `for_map()`, onto `copied`; touchpoint keys in `taken` give way."""
    new = Stage.objects.create(
        journey=copied.journey,
        key=stage.key,
        name=stage.name,
        phase=stage.phase,
        criticality=stage.criticality,
        in_perimeter=stage.in_perimeter,
        reach_bp=stage.reach_bp,
        position=stage.position,
    )
    for touchpoint in stage.touchpoints.all():
        copied.touchpoints[touchpoint.pk] = Touchpoint.objects.create(
            stage=new,
            journey=copied.journey,
            key=free_key(touchpoint.key, taken) if touchpoint.key in taken else touchpoint.key,
            name=touchpoint.name,
            channel=channels.get(touchpoint.channel_id, touchpoint.channel),
            nature=touchpoint.nature,
            initiative=touchpoint.initiative,
            customer_action=touchpoint.customer_action,
            criticality=touchpoint.criticality,
            position=touchpoint.position,
        )
    Need.objects.bulk_create(
        Need(stage=new, text=need.text, level=need.level, position=need.position)
        for need in stage.needs.all()
    )
    for choice in stage.choices.all():
        asked = Choice.objects.create(stage=new, question=choice.question, position=choice.position)
        Criterion.objects.bulk_create(
            Criterion(choice=asked, text=criterion.text, position=criterion.position)
            for criterion in choice.criteria.all()
        )
    return new


@transaction.atomic
def copy_programme(
    *,
    source: Programme,
    slug: str,
    name: str,
    actor: User,
    with_waves: bool = False,
    with_framework: bool = False,
) -> ProgrammeCopy:
    """Settings, perimeter and journeys under a new address; nobody's membership but the lead's."""
    programme = create_programme(
        actor=actor,
        slug=slug,
        name=name,
        brand=source.brand,
        language=source.language,
        ambition=source.ambition,
        method_weights=dict(source.method_weights),
        remind_before_days=source.remind_before_days,
        escalate_after_days=source.escalate_after_days,
        source=source,
    )
    copied = ProgrammeCopy(programme)
    _copy_perimeter(source, copied, with_waves=with_waves)
    for journey in source.journeys.all():
        copied.journeys[journey.pk] = copy_journey(
            source=journey,
            segment=copied.segments[journey.segment_id],
            name=journey.name,
            key=journey.key,
            actor=actor,
            with_framework=with_framework,
            channels=copied.channels,
        )
    return copied


def _copy_perimeter(source: Programme, copied: ProgrammeCopy, *, with_waves: bool) -> None:
    programme = copied.programme
    for channel in source.channels.all():
        copied.channels[channel.pk] = Channel.objects.create(
            programme=programme,
            key=channel.key,
            name=channel.name,
            family=channel.family,
            medium=channel.medium,
            in_perimeter=channel.in_perimeter,
            position=channel.position,
        )
    for segment in source.segments.prefetch_related("preferred_channels"):
        new = Segment.objects.create(
            programme=programme,
            key=segment.key,
            name=segment.name,
            expectations=segment.expectations,
            in_perimeter=segment.in_perimeter,
            position=segment.position,
        )
        new.preferred_channels.set(
            copied.channels[channel.pk] for channel in segment.preferred_channels.all()
        )
        copied.segments[segment.pk] = new
    Location.objects.bulk_create(
        Location(
            programme=programme,
            code=location.code,
            name=location.name,
            region=location.region,
            share_bp=location.share_bp,
        )
        for location in source.locations.all()
    )
    if with_waves:
        Wave.objects.bulk_create(
            Wave(
                programme=programme,
                key=wave.key,
                name=wave.name,
                first_month=wave.first_month,
                last_month=wave.last_month,
            )
            for wave in source.waves.all()
        )
