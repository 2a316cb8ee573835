"""What an observation is checked against: the frameworks, locations and channels of a programme."""

from __future__ import annotations

from dataclasses import dataclass, field

from journeys.models import Channel, Journey, Location, Programme
from observations.models import Reading
from scoring.models import Framework, Interaction
from scoring.scale import Item, Thresholds


@dataclass(frozen=True, slots=True)
class Guide:
    """One framework version that takes observations. `scored` are the items inside the perimeter."""

    framework_id: int
    journey_id: int
    thresholds: Thresholds
    items: dict[str, Item]
    scored: tuple[Item, ...]
    stage_ids: dict[str, int]
    channel_ids: dict[str, int]


@dataclass(slots=True)
class GuideBook:
    """The references of one programme, loaded in a fixed number of queries."""

    programme: Programme
    journeys: dict[str, int]
    locations: dict[str, int]
    channels: dict[str, int]
    # {(journey key, version): status} of every version, to say why one is refused
    statuses: dict[tuple[str, int], str]
    # {(framework id, method)} that hold aggregated readings
    aggregated: set[tuple[int, str]]
    _open: dict[tuple[str, int], Framework]
    _guides: dict[tuple[str, int], Guide] = field(default_factory=dict)

    @classmethod
    def of(cls, programme: Programme) -> GuideBook:
        frameworks = list(
            Framework.objects.filter(journey__programme=programme).select_related(
                "journey__segment"
            )
        )
        readings = Reading.objects.filter(framework__journey__programme=programme)
        return cls(
            programme=programme,
            journeys=dict(Journey.objects.filter(programme=programme).values_list("key", "pk")),
            locations=dict(Location.objects.filter(programme=programme).values_list("code", "pk")),
            channels=dict(Channel.objects.filter(programme=programme).values_list("key", "pk")),
            statuses={(f.journey.key, f.version): f.status for f in frameworks},
            aggregated=set(readings.values_list("framework", "method").distinct()),
            _open={(f.journey.key, f.version): f for f in frameworks if f.takes_observations},
        )

    def guide(self, journey: str, version: int) -> Guide | None:
        """The guide, loaded when first asked for; None where it takes no observations."""
        key = (journey, version)
        if key not in self._guides and key in self._open:
            self._guides[key] = guide_of(self._open[key])
        return self._guides.get(key)


def guide_of(framework: Framework) -> Guide:
    """The guide of a published framework, items in journey order."""
    interactions = (
        Interaction.objects.filter(framework=framework)
        .select_related("stage", "touchpoint__channel")
        .prefetch_related("levels")
    )
    segment_in = framework.journey.segment.in_perimeter
    items: dict[str, Item] = {}
    scored: list[Item] = []
    stage_ids: dict[str, int] = {}
    channel_ids: dict[str, int] = {}
    for interaction in interactions:
        item = items[interaction.key] = interaction.as_item()
        stage_ids[item.stage] = interaction.stage_id
        touchpoint = interaction.touchpoint
        if touchpoint is not None:
            channel_ids[touchpoint.channel.key] = touchpoint.channel_id
        channel_in = touchpoint is None or touchpoint.channel.in_perimeter
        if segment_in and interaction.stage.in_perimeter and channel_in:
            scored.append(item)
    return Guide(
        framework_id=framework.pk,
        journey_id=framework.journey_id,
        thresholds=framework.thresholds,
        items=items,
        scored=tuple(scored),
        stage_ids=stage_ids,
        channel_ids=channel_ids,
    )
