"""What the perimeter asks to be mapped and the maps don't hold yet: segments x stages x channels.

A pure reading of loaded rows. `programme_rows` loads them in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from journeys.models import Channel, Choice, Journey, Need, Programme, Segment, Stage, Touchpoint


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that is missing, and the page on which it is done."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A question of the contract that is not answered yet, with each place where it isn't."""

    key: str
    sentence: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """The rows of a programme that the checklist reads."""

    programme: Programme
    segments: tuple[Segment, ...]
    channels: tuple[Channel, ...]
    journeys: tuple[Journey, ...]


@dataclass(frozen=True, slots=True)
class JourneyMissing:
    journey: Journey
    missing: tuple[Missing, ...]


def programme_rows(programme: Programme) -> Contract:
    """All that the perimeter and the maps hold, as far as the checklist asks."""
    stages = Stage.objects.prefetch_related(
        Prefetch("touchpoints", Touchpoint.objects.select_related("channel")),
        Prefetch("needs", Need.objects.only("stage")),
        Prefetch("choices", Choice.objects.only("stage")),
    )
    journeys = programme.journeys.select_related("segment").prefetch_related(
        Prefetch("stages", stages)
    )
    return Contract(
        programme,
        tuple(programme.segments.all()),
        tuple(programme.channels.all()),
        tuple(journeys),
    )


def programme_missing(contract: Contract) -> list[Missing]:
    """Of the programme as a whole: segments without a journey, channels that no map uses."""
    programme = contract.programme
    told = {journey.segment_id for journey in contract.journeys}
    create = reverse("journeys:journey-create", args=[programme.slug])
    bare = [
        Way(segment.name, f"{create}?segment={segment.key}")
        for segment in contract.segments
        if segment.in_perimeter and segment.pk not in told
    ]
    used = {
        touchpoint.channel_id
        for journey in contract.journeys
        for stage in journey.stages.all()
        for touchpoint in stage.touchpoints.all()
    }
    panel = reverse("journeys:perimeter-panel", args=[programme.slug, "channels"])
    unused = [Way(c.name, panel) for c in contract.channels if c.in_perimeter and c.pk not in used]
    return _asked(
        Missing("segments", _("Segments of the perimeter without a journey"), tuple(bare)),
        Missing("channels", _("Channels of the perimeter that no journey uses"), tuple(unused)),
    )


def journeys_missing(contract: Contract) -> list[JourneyMissing]:
    """For each journey of the perimeter that lacks something."""
    found = [
        JourneyMissing(
            journey, tuple(journey_missing(journey, contract.channels, contract.programme))
        )
        for journey in contract.journeys
        if journey.segment.in_perimeter
    ]
    return [each for each in found if each.missing]


def journey_missing(
    journey: Journey, channels: Iterable[Channel], programme: Programme
) -> list[Missing]:
    """What one map lacks; nothing is asked of a journey, stage or channel outside the perimeter."""
    if not journey.segment.in_perimeter:
        return []
    stages = [stage for stage in journey.stages.all() if stage.in_perimeter]
    here = [programme.slug, journey.key]
    return _asked(
        _bare_phases(stages, here),
        *_bare_stages(stages, here),
        _unused_channels(stages, channels, here),
        _stray_touchpoints(stages, here),
        _unmarked(stages, here),
    )


def preferred_channels_hint(journey: Journey, programme: Programme) -> list[Missing]:
    """Stage by stage, the segment's preferred channels without a touchpoint there.

    To think of, and not counted as missing: a stage doesn't need each of them.
    """
    if not journey.segment.in_perimeter:
        return []
    preferred = [each for each in journey.segment.preferred_channels.all() if each.in_perimeter]
    ways = []
    for stage in journey.stages.all() if preferred else ():
        used = {touchpoint.channel_id for touchpoint in stage.touchpoints.all()}
        bare = [channel for channel in preferred if channel.pk not in used]
        if stage.in_perimeter and bare:
            here = [programme.slug, journey.key, stage.key]
            ways.append(Way(_of_stage(stage, bare), _add_touchpoint(here, bare[0])))
    sentence = _(
        "To think of, stage by stage: preferred channels of “%(segment)s” without a touchpoint"
    ) % {"segment": journey.segment.name}
    return _asked(Missing("preferred", sentence, tuple(ways)))


def _of_stage(stage: Stage, channels: Iterable[Channel]) -> str:
    names = ", ".join(channel.name for channel in channels)
    return _("%(stage)s: %(channels)s") % {"stage": stage.name, "channels": names}


def _add_touchpoint(here: list[str], channel: Channel) -> str:
    """The form of a touchpoint of a stage, with its channel chosen."""
    create = reverse("journeys:stage-part-create", args=[*here, "touchpoints"])
    return f"{create}?channel={channel.key}"


def _asked(*asked: Missing) -> list[Missing]:
    return [one for one in asked if one.ways]


def _bare_phases(stages: Sequence[Stage], here: list[str]) -> Missing:
    told = {stage.phase for stage in stages}
    create = reverse("journeys:stage-create", args=here)
    ways = [
        Way(str(phase.label), f"{create}?phase={phase.value}")
        for phase in Stage.Phase
        if phase.value not in told
    ]
    return Missing("phases", _("Phases without a stage"), tuple(ways))


def _bare_stages(stages: Sequence[Stage], here: list[str]) -> list[Missing]:
    parts: list[tuple[str, str, Callable[[Stage], bool]]] = [
        (
            "touchpoints",
            _("Stages without a touchpoint"),
            lambda each: bool(each.touchpoints.all()),
        ),
        ("needs", _("Stages without a need"), lambda each: bool(each.needs.all())),
        ("choices", _("Stages without a choice"), lambda each: bool(each.choices.all())),
    ]
    return [
        Missing(
            part,
            sentence,
            tuple(
                Way(
                    stage.name, reverse("journeys:stage-part-create", args=[*here, stage.key, part])
                )
                for stage in stages
                if not is_told(stage)
            ),
        )
        for part, sentence, is_told in parts
    ]


def _unused_channels(
    stages: Sequence[Stage], channels: Iterable[Channel], here: list[str]
) -> Missing:
    """Each leads to a touchpoint's form: of the first stage, because which is for people to say."""
    used = {touchpoint.channel_id for stage in stages for touchpoint in stage.touchpoints.all()}
    ways: list[Way] = []
    if stages:
        first = [*here, stages[0].key]
        ways = [
            Way(channel.name, _add_touchpoint(first, channel))
            for channel in channels
            if channel.in_perimeter and channel.pk not in used
        ]
    return Missing("unused", _("Channels of the perimeter without a touchpoint"), tuple(ways))


def _stray_touchpoints(stages: Sequence[Stage], here: list[str]) -> Missing:
    ways = [
        Way(
            _("%(touchpoint)s (%(channel)s)")
            % {"touchpoint": touchpoint.name, "channel": touchpoint.channel.name},
            reverse(
                "journeys:stage-part-edit", args=[*here, stage.key, "touchpoints", touchpoint.pk]
            ),
        )
        for stage in stages
        for touchpoint in stage.touchpoints.all()
        if not touchpoint.channel.in_perimeter
    ]
    return Missing("stray", _("Touchpoints in channels outside the perimeter"), tuple(ways))


def _unmarked(stages: Sequence[Stage], here: list[str]) -> Missing:
    """Which stages are the moments of truth; one is enough."""
    ways: list[Way] = []
    if stages and not any(stage.is_moment_of_truth for stage in stages):
        ways = [
            Way(stage.name, reverse("journeys:stage-edit", args=[*here, stage.key]))
            for stage in stages
        ]
    return Missing("truth", _("No stage is marked as a moment of truth: which is?"), tuple(ways))
