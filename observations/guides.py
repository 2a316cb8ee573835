"""What an observation is checked against: the frameworks, locations and channels of a programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from journeys.models import Channel, Journey, Location, Programme
from observations.models import Reading
from scoring.models import Framework, Interaction
from scoring.scale import Item, Kind, Thresholds


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


@dataclass
class GuideBook:
    """The references of one programme, loaded in a fixed number of queries."""

    programme: Programme
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
            locations=dict(Location.objects.filter(programme=programme).values_list("code", "pk")),
            channels=dict(Channel.objects.filter(programme=programme).values_list("key", "pk")),
            statuses={(f.journey.key, f.version): f.status for f in frameworks},
            aggregated=set(readings.values_list("framework", "method").distinct()),
            _open={(f.journey.key, f.version): f for f in frameworks if f.takes_observations},
        )

    @cached_property
    def journeys(self) -> frozenset[str]:
        """Every journey's key, asked for only to say why a document is refused."""
        keys = Journey.objects.filter(programme=self.programme).values_list("key", flat=True)
        return frozenset(keys)

    def guide(self, journey: str, version: int) -> Guide | None:
        """The guide, loaded when first asked for; None where it takes no observations."""
        key = (journey, version)
        if key not in self._guides and key in self._open:
            self._guides[key] = guide_of(self._open[key])
        return self._guides.get(key)


class _Level(NamedTuple):
    """One level of an interaction, beside what the guide needs of the interaction itself.

    Plain columns of one query: the door reads them at every call, because the perimeter may still
    change until the first observation is summed.
    """

    pk: int
    key: str
    kind: str
    weight: int
    target: int | None
    stage_id: int
    stage: str
    stage_in: bool
    channel_id: int | None
    channel: str | None
    channel_in: bool | None
    points: int | None


def _levels(framework: Framework) -> Iterable[_Level]:
    rows = (
        Interaction.objects.filter(framework=framework)
        .order_by("stage__position", "position", "pk", "levels__points")
        .values_list(
            "pk",
            "key",
            "kind",
            "weight",
            "target",
            "stage",
            "stage__key",
            "stage__in_perimeter",
            "touchpoint__channel",
            "touchpoint__channel__key",
            "touchpoint__channel__in_perimeter",
            "levels__points",
        )
    )
    return map(_Level._make, rows)


def _item(row: _Level, levels: Iterable[_Level]) -> Item:
    """What `Interaction.as_item` gives."""
    return Item(
        key=row.key,
        stage=row.stage,
        kind=Kind(row.kind),
        weight=row.weight,
        points=tuple(level.points for level in levels if level.points is not None),
        target=row.target,
        channel=row.channel,
    )


def guide_of(framework: Framework) -> Guide:
    """The guide of a published framework, items in journey order."""
    segment_in = framework.journey.segment.in_perimeter
    items: dict[str, Item] = {}
    scored: list[Item] = []
    stage_ids: dict[str, int] = {}
    channel_ids: dict[str, int] = {}
    for _pk, grouped in groupby(_levels(framework), attrgetter("pk")):
        levels = list(grouped)
        row = levels[0]
        item = items[row.key] = _item(row, levels)
        stage_ids[row.stage] = row.stage_id
        if row.channel is not None and row.channel_id is not None:
            channel_ids[row.channel] = row.channel_id
        if segment_in and row.stage_in and row.channel_in is not False:
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
